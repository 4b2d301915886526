import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a small file so that at any moment, after a loss of power as well, either the old or the new text stands under
 * its name. It is written beside under one fixed name, so that a crash leaves at most one file behind, and the next
 * writing takes that over; there must be one writer only.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const beside = `${path}.part`;
  const handle = await open(beside, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await renameDurably(beside, path);
}

/** A rename that outlives a loss of power once it resolves. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  // Some platforms cannot sync a folder; there the file system keeps renames in order by itself.
  const folder = await open(dirname(to), 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

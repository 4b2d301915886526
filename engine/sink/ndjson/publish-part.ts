import { constants, createReadStream } from 'node:fs';
import { copyFile, open, rm, stat } from 'node:fs/promises';
import { renameDurably } from '../../durable-file.ts';
import type { Publication } from '../sink.ts';

/** Where a file is written before it is published. */
export function partOf(path: string): string {
  return `${path}.part`;
}

/**
 * Puts a part under its final name in one step. To append, the file is copied beside (which costs nothing on file
 * systems that share blocks), the part is added there, and the copy takes the file's place: a reader finds the one or
 * the other, never half of it. The part goes last, so that a crash between can be told apart and done again.
 */
export async function publishPart(path: string, how: Publication): Promise<void> {
  const part = partOf(path);
  const old = how === 'append' ? await stat(path).catch(() => undefined) : undefined;
  if (old === undefined || old.size === 0) {
    await renameDurably(part, path);
    return;
  }
  const { size } = await stat(part);
  if (size > 0) {
    const beside = `${path}.next`;
    await copyFile(path, beside, constants.COPYFILE_FICLONE);
    await addTo(beside, part);
    await renameDurably(beside, path);
  }
  await rm(part, { force: true });
}

async function addTo(path: string, part: string): Promise<void> {
  const handle = await open(path, 'a');
  try {
    // What a stream of bytes without an encoding gives are Buffers.
    for await (const chunk of createReadStream(part)) await handle.appendFile(chunk as Buffer);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

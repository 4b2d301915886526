import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { renameDurably } from '../../durable-file.ts';
import { writing } from '../writing.ts';
import { createLineBuffer } from '../line-buffer.ts';
import { fileSize, type LineFile, openLineFile, partSize } from './line-file.ts';
import { partOf } from './publish-part.ts';

/** A stream's rejected rows: where they are, and whether those of its earlier runs stay beside them. */
export type RejectedPart = { readonly stream: string; readonly path: string; readonly goesOn: boolean };

/**
 * Puts the rejected rows of all streams into one file, in this order, and in its place in one step. `ready` is called
 * when the new file is whole but not yet there: from then on the parts are not needed any more.
 */
export async function joinRejected(
  path: string,
  parts: readonly RejectedPart[],
  ready: () => Promise<void>,
): Promise<void> {
  await writing(path, async () => {
    const joined = await openLineFile(path);
    for (const { stream, path: part, goesOn } of parts) {
      if (goesOn && (await fileSize(path)) !== undefined)
        await addLines(joined, path, (line) => streamOf(line) === stream);
      if ((await partSize(part)) !== undefined) await addLines(joined, partOf(part), () => true);
    }
    await joined.flush();
    await joined.abandon();
    await ready();
    await renameDurably(partOf(path), path);
    await Promise.all(parts.map(({ path: part }) => rm(partOf(part), { force: true })));
  });
}

async function addLines(joined: LineFile, from: string, wanted: (line: unknown) => boolean): Promise<void> {
  const line = createLineBuffer<unknown>();
  for await (const text of createInterface({ input: createReadStream(from), crlfDelay: Number.POSITIVE_INFINITY })) {
    const value: unknown = JSON.parse(text);
    if (!wanted(value)) continue;
    line.clear();
    line.add(value);
    await joined.write(line.lines());
  }
}

function streamOf(line: unknown): unknown {
  return typeof line === 'object' && line !== null && 'stream' in line ? line.stream : undefined;
}

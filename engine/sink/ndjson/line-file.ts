import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Publication } from '../sink.ts';
import { writing } from '../writing.ts';
import type { Lines } from '../line-buffer.ts';
import { partOf, publishPart } from './publish-part.ts';

/** A file of JSON lines that a reader sees only when it is whole: written beside, published at the end. */
export type LineFile = {
  write(lines: Lines<unknown>): Promise<void>;
  flush(): Promise<void>;
  /** Bytes written so far, those of an earlier run included. */
  size(): number;
  close(how?: Publication): Promise<void>;
  abandon(): Promise<void>;
};

/** `keep` bytes of a part that an earlier run left behind stay; what stands after them is cut off. */
export async function openLineFile(path: string, keep = 0): Promise<LineFile> {
  const handle = await writing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const opened = await open(partOf(path), 'a');
    await opened.truncate(keep);
    return opened;
  });
  let size = keep;
  return {
    write: (lines) =>
      writing(path, async () => {
        await writeAll(handle, lines);
        size += lines.length;
      }),
    flush: () => writing(path, () => handle.sync()),
    size: () => size,
    close: (how = 'replace') =>
      writing(path, async () => {
        await handle.sync();
        await handle.close();
        await publishPart(path, how);
      }),
    abandon: () => writing(path, () => handle.close()),
  };
}

/** A write may take less than it is given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}

/** The same, but there is no file as long as there is no line. */
export async function openLineFileWhenNeeded(path: string, keep = 0): Promise<LineFile> {
  if (keep > 0) return openLineFile(path, keep);
  await writing(path, () => rm(partOf(path), { force: true }));
  let file: LineFile | undefined;
  return {
    async write(lines) {
      if (lines.length === 0) return;
      file ??= await openLineFile(path);
      await file.write(lines);
    },
    flush: async () => file?.flush(),
    size: () => file?.size() ?? 0,
    close: async (how) => file?.close(how),
    abandon: async () => file?.abandon(),
  };
}

/** Bytes of the part that an earlier run left behind; `undefined` if there is none. */
export async function partSize(path: string): Promise<number | undefined> {
  return fileSize(partOf(path));
}

/** Bytes of a file; `undefined` if there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

import { type FileHandle, open, stat } from 'node:fs/promises';

/** A row's key as 64 bits of its hash, and until when, in seconds of the source's time, the row may come again. */
export type KeyEntry = { readonly hash: bigint; readonly stamp: number };

/** Entries of 12 bytes, appended: 8 of the hash, 4 of the stamp, little endian. */
export type KeyFile = {
  append(entry: KeyEntry): void;
  /** Durable when it resolves; gives the number of entries. */
  flush(): Promise<number>;
  close(): Promise<void>;
};

const entryBytes = 12;
const entriesARead = 8192;

/** The file is made when there is an entry to write. */
export function openKeyFile(path: string, count: number): KeyFile {
  let handle: FileHandle | undefined;
  let pending: KeyEntry[] = [];
  let written = count;
  return {
    append(entry) {
      pending.push(entry);
    },
    async flush() {
      if (pending.length === 0) return written;
      if (handle === undefined) {
        handle = await open(path, 'a');
        await handle.truncate(count * entryBytes);
      }
      const entries = pending;
      pending = [];
      await handle.appendFile(encoded(entries));
      await handle.sync();
      written += entries.length;
      return written;
    },
    close: async () => handle?.close(),
  };
}

/** Whether the file has so many entries. */
export async function holdsKeys(path: string, count: number): Promise<boolean> {
  if (count === 0) return true;
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  return size >= count * entryBytes;
}

export async function* readKeyFile(path: string, count: number): AsyncGenerator<KeyEntry, void, void> {
  if (count === 0) return;
  const handle = await open(path, 'r');
  try {
    const chunk = Buffer.alloc(entriesARead * entryBytes);
    for (let at = 0; at < count; at += entriesARead) {
      const wanted = Math.min(entriesARead, count - at) * entryBytes;
      const { bytesRead } = await handle.read(chunk, 0, wanted, at * entryBytes);
      if (bytesRead < wanted) throw new Error(`${path} ends before its ${count} entries.`);
      for (let start = 0; start < wanted; start += entryBytes) {
        yield { hash: chunk.readBigUInt64LE(start), stamp: chunk.readUInt32LE(start + 8) };
      }
    }
  } finally {
    await handle.close();
  }
}

function encoded(entries: readonly KeyEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * entryBytes);
  for (const [index, { hash, stamp }] of entries.entries()) {
    bytes.writeBigUInt64LE(hash, index * entryBytes);
    bytes.writeUInt32LE(Math.min(Math.max(stamp, 0), 0xffffffff), index * entryBytes + 8);
  }
  return bytes;
}

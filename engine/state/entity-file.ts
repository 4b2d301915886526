import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { JsonObject } from '../records.ts';

/** One entity of a snapshot: the fields that make it unique, and a hash of all it was. */
export type Entity = { readonly key: JsonObject; readonly hash: string };

/** Entities one a line; a file is written once and then read. */
export type EntityFile = {
  append(entity: Entity): Promise<void>;
  /** Durable when it resolves; gives the bytes written. */
  flush(): Promise<number>;
  close(): Promise<void>;
};

const linesAWrite = 1000;

export function openEntityFile(path: string): EntityFile {
  let handle: FileHandle | undefined;
  let pending: string[] = [];
  let bytes = 0;
  async function write(): Promise<void> {
    handle ??= await open(path, 'w');
    const text = Buffer.from(pending.join(''));
    pending = [];
    await handle.appendFile(text);
    bytes += text.length;
  }
  return {
    async append(entity) {
      pending.push(`${JSON.stringify(entity)}\n`);
      if (pending.length >= linesAWrite) await write();
    },
    async flush() {
      await write();
      await handle?.sync();
      return bytes;
    },
    close: async () => handle?.close(),
  };
}

export async function* readEntityFile(path: string, bytes: number): AsyncGenerator<Entity, void, void> {
  if (bytes === 0) return;
  const input = createReadStream(path, { end: bytes - 1 });
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    yield JSON.parse(line) as Entity; // written above
  }
}

import type { JsonObject } from '../records.ts';
import type { StateStore } from '../state/state-store.ts';
import type { SavedEntities } from '../state/stream-state.ts';
import { rowKey } from './record-identity.ts';
import { createSeenKeys, keyHash } from './seen-keys.ts';

/** Compares a snapshot, entity by entity, with the last one; a few bytes an entity are held, whatever its size. */
export type Entities = {
  /** Called once for each entity of the snapshot. */
  see(body: JsonObject): Promise<'new' | 'changed' | 'unchanged'>;
  /** Those that are no longer there, by the fields that made them unique; to be asked when all have been seen. */
  gone(): AsyncIterable<JsonObject>;
  /** Of a snapshot that did not complete nobody knows what is gone: what was not seen is carried over. */
  save(complete: boolean): Promise<SavedEntities>;
  close(): Promise<void>;
  readonly changes: { new: number; changed: number; unchanged: number; removed: number };
};

export async function compareEntities(
  store: StateStore,
  primaryKey: readonly string[],
  file: string,
  before: SavedEntities | undefined,
): Promise<Entities> {
  const [known, same, seen] = [createSeenKeys(), createSeenKeys(), createSeenKeys()];
  const writing = store.openEntities(file);
  const changes = { new: 0, changed: 0, unchanged: 0, removed: 0 };
  const keyOf = (row: JsonObject) => rowKey(primaryKey, row);
  const pair = (key: string, hash: string) => `${key}\n${hash}`;
  if (before !== undefined) {
    for await (const { key, hash } of store.readEntities(before)) {
      known.add(keyOf(key));
      same.add(pair(keyOf(key), hash));
    }
  }
  async function* unseen(): AsyncGenerator<{ key: JsonObject; hash: string }> {
    if (before === undefined) return;
    for await (const entity of store.readEntities(before)) if (!seen.has(keyOf(entity.key))) yield entity;
  }

  return {
    changes,
    async see(body) {
      const key = keyOf(body);
      const hash = keyHash(rowKey([], body)).toString(16);
      seen.add(key);
      await writing.append({ key: Object.fromEntries(primaryKey.flatMap((field) => fieldOf(body, field))), hash });
      const change = same.has(pair(key, hash)) ? 'unchanged' : known.has(key) ? 'changed' : 'new';
      changes[change] += 1;
      return change;
    },
    async *gone() {
      for await (const { key } of unseen()) {
        changes.removed += 1;
        yield key;
      }
    },
    async save(complete) {
      if (!complete) for await (const entity of unseen()) await writing.append(entity);
      return { file, bytes: await writing.flush() };
    },
    close: () => writing.close(),
  };
}

function fieldOf(body: JsonObject, field: string): [string, JsonObject[string]][] {
  const value = body[field];
  return value === undefined ? [] : [[field, value]];
}

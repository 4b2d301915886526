import type { Entity, EntityFile } from './entity-file.ts';
import type { KeyFile, KeyEntry } from './key-file.ts';
import type { SavedEntities, SavedKeys, StreamState } from './stream-state.ts';

/** Keeps the state of one connection's streams. There is one user of it at a time. */
export interface StateStore {
  /** Throws `state/unreadable`. */
  read(stream: string): Promise<StreamState | undefined>;
  /** Durable when it resolves. Throws `state/write-failed`. */
  write(state: StreamState): Promise<void>;
  remove(stream: string): Promise<void>;
  /** Streams of which there is state, by name. */
  streams(): Promise<string[]>;
  /** Whether the file has as many entries as count. */
  hasKeys(keys: SavedKeys): Promise<boolean>;
  readKeys(keys: SavedKeys): AsyncIterable<KeyEntry>;
  /** A new file, or one that is cut to what counts and then grows. */
  openKeys(keys: SavedKeys): KeyFile;
  hasEntities(entities: SavedEntities): Promise<boolean>;
  readEntities(entities: SavedEntities): AsyncIterable<Entity>;
  openEntities(file: string): EntityFile;
  /** Drops the files beside a stream's state but these. */
  keepFiles(stream: string, files: readonly (string | undefined)[]): Promise<void>;
  /** Lets the next one in. */
  close(): Promise<void>;
}

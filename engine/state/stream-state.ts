import type { JsonObject } from '../records.ts';

/** What is remembered of one stream of one connection between runs: one readable file. */
export type StreamState = {
  readonly formatVersion: 1;
  readonly stream: string;
  /** What the next reading starts from; absent on a stream that is read whole. */
  readonly cursor?: JsonObject;
  /** The last reading was cut short and what it had is published: the next one goes on here. */
  readonly position?: JsonObject;
  /** Keys of delivered rows that may come again. */
  readonly keys?: SavedKeys;
  /** The entities of the last snapshot, where only changes are delivered. */
  readonly entities?: SavedEntities;
  /** A reading under way, or one that a crash has cut. */
  readonly reading?: OpenReading;
  /** Rejected rows of published readings that no `rejected.ndjson` holds yet: their run did not come to its end. */
  readonly rejected?: { readonly folder: string; readonly bytes: number; readonly joining?: boolean };
  readonly lastComplete?: { readonly runId: string; readonly endedAt: string; readonly received: number };
};

/** A file of fixed-size entries beside the state, and how many of them count. */
export type SavedKeys = { readonly file: string; readonly count: number };

/** A file of entities beside the state, and how many bytes of it count. */
export type SavedEntities = { readonly file: string; readonly bytes: number };

/** As of the last page that is durable: `output` tells how much of the unpublished files belongs to it. */
export type OpenReading = {
  readonly runId: string;
  readonly startedAt: string;
  readonly publication: 'replace' | 'append';
  readonly position: JsonObject;
  readonly cursor?: JsonObject;
  readonly keys?: SavedKeys;
  readonly books: JsonObject;
  readonly output: SavedOutput;
  /** All is read; the files are about to take their final names, and then this is what stays. */
  readonly publishing?: {
    readonly base: number;
    readonly then: Pick<StreamState, 'cursor' | 'position' | 'keys' | 'entities' | 'lastComplete'>;
  };
};

export type SavedOutput = {
  /** Absolute. */
  readonly folder: string;
  /** Bytes of the unpublished files. */
  readonly records: number;
  readonly rejected: number;
  /** Hash of the ids written. */
  readonly ids: string;
};

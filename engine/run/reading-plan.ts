import { resolve } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import type { Position } from '../fetch/reading.ts';
import type { JsonObject } from '../records.ts';
import { partSize } from '../sink/ndjson/line-file.ts';
import type { Publication } from '../sink/sink.ts';
import type { OpenReading, SavedEntities, StreamState } from '../state/stream-state.ts';
import type { KeptState } from './kept-state.ts';
import { settlePublishing } from './publish-reading.ts';
import { openBooks } from './stream-books.ts';
import { outputPaths } from './stream-output.ts';
import type { StreamRun } from './stream-run.ts';

/** Where a stream's reading begins, and what becomes of what it writes. */
export type ReadingPlan = {
  readonly since?: JsonObject | undefined;
  readonly from?: Position | undefined;
  readonly publication: Publication;
  /** The reading that a crash has cut, and that goes on. */
  readonly resumed?: OpenReading;
  /** Bytes of rejected rows that an earlier run left unpublished. */
  readonly keptRejected: number;
  /** The snapshot that this one is compared with. */
  readonly compared?: { readonly before?: SavedEntities | undefined };
  /** What was known before. */
  readonly saved?: StreamState | undefined;
  /** What to say of it. */
  readonly told?: string;
};

const anew: ReadingPlan = { publication: 'replace', keptRejected: 0 };

/** Finishes what a crash has left half published, and decides where to begin. */
export async function planReading(stream: Stream, run: StreamRun, kept: KeptState | undefined): Promise<ReadingPlan> {
  if (kept === undefined) return anew;
  const found = kept.saved.get(stream.name);
  const saved = found?.reading?.publishing === undefined ? found : await settlePublishing(found, run, kept);
  const keptRejected = await pendingRejected(saved, run);
  if (run.changesOnly && hasEntities(stream)) return comparing(saved, keptRejected, kept);
  if (saved?.reading !== undefined) {
    const lost = await lostOutput(stream, saved.reading, run, kept);
    if (lost === undefined) return resumed(saved, saved.reading);
    return { ...fromCursor(stream, saved, keptRejected), told: lost };
  }
  return fromCursor(stream, saved, keptRejected);
}

/** Entities can be told apart by their key; a stream with a cursor tells changes by itself. */
function hasEntities({ cursor, primaryKey }: Stream): boolean {
  return cursor === undefined && primaryKey.length > 0;
}

/** Changes are added to those of earlier runs; where there is nothing to compare with, all is new. */
async function comparing(
  saved: StreamState | undefined,
  keptRejected: number,
  { store }: KeptState,
): Promise<ReadingPlan> {
  const before = saved?.entities;
  if (before === undefined || !(await store.hasEntities(before))) return { ...anew, saved, compared: {} };
  return { saved, compared: { before }, publication: 'append', keptRejected };
}

function resumed(saved: StreamState, reading: OpenReading): ReadingPlan {
  const { books, output, publication, position, runId } = reading;
  return {
    since: saved.cursor,
    from: position,
    publication,
    resumed: reading,
    keptRejected: output.rejected,
    saved,
    told: `goes on behind page ${openBooks(books).pages}, where run ${runId} was cut off`,
  };
}

/** Rejected rows share the fate of the records: what is read anew replaces both. */
function fromCursor({ cursor }: Stream, saved: StreamState | undefined, pending: number): ReadingPlan {
  if (cursor === undefined || saved === undefined) return { ...anew, saved };
  const begun = saved.cursor !== undefined || saved.position !== undefined;
  if (!begun) return { ...anew, saved };
  return { saved, since: saved.cursor, from: saved.position, publication: 'append', keptRejected: pending };
}

/** Why a reading cannot go on: what it had written is not where it was. */
async function lostOutput(
  stream: Stream,
  { output, keys }: OpenReading,
  run: StreamRun,
  { store }: KeptState,
): Promise<string | undefined> {
  const { records, rejected } = outputPaths(run.dir, stream.name);
  if (output.folder !== resolve(run.dir)) {
    return `is read anew from its last finished run: the reading that was cut off wrote to ${output.folder}`;
  }
  const missing =
    ((await partSize(records)) ?? -1) < output.records || ((await partSize(rejected)) ?? 0) < output.rejected;
  if (keys !== undefined && !(await store.hasKeys(keys)))
    return `is read anew from its last finished run: the state no longer holds ${keys.file}`;
  return missing
    ? `is read anew from its last finished run: ${records}.part no longer holds what was written of it`
    : undefined;
}

/** Rejected rows of a run that was cut off after this stream had ended: no `rejected.ndjson` has them yet. */
async function pendingRejected(saved: StreamState | undefined, run: StreamRun): Promise<number> {
  const pending = saved?.rejected;
  if (saved === undefined || pending?.folder !== resolve(run.dir)) return 0;
  const { rejected, joined } = outputPaths(run.dir, saved.stream);
  // The common file is renamed after all parts are in it: if its part is gone, the renaming was reached.
  if (pending.joining === true && (await partSize(joined)) === undefined) return 0;
  return ((await partSize(rejected)) ?? 0) >= pending.bytes ? pending.bytes : 0;
}

import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileSize, partSize } from '../sink/ndjson/line-file.ts';
import { partOf, publishPart } from '../sink/ndjson/publish-part.ts';
import { writing } from '../sink/writing.ts';
import type { OpenReading, StreamState } from '../state/stream-state.ts';
import type { KeptState } from './kept-state.ts';
import { outputPaths } from './stream-output.ts';
import type { StreamRun } from './stream-run.ts';

type Published = StreamState & { readonly reading: OpenReading };

/** Finishes a publication that a crash has interrupted; each step of it may have been done or not. */
export async function settlePublishing(state: StreamState, run: StreamRun, kept: KeptState): Promise<StreamState> {
  const { reading } = state;
  if (reading?.publishing === undefined) return state;
  const { base } = reading.publishing;
  const { records } = outputPaths(reading.output.folder, state.stream);
  if ((await partSize(records)) !== undefined) {
    const isOut = reading.publication === 'append' && (await fileSize(records)) === base + reading.output.records;
    await writing(records, () => (isOut ? rm(partOf(records)) : publishPart(records, reading.publication)));
  }
  return concludePublishing({ ...state, reading }, run, kept);
}

/** What follows once the records stand under their final name: the manifest, then the state without the reading. */
export async function concludePublishing(
  { stream, reading }: Published,
  run: StreamRun,
  { store }: KeptState,
): Promise<StreamState> {
  const { output, publishing, runId, startedAt, books } = reading;
  const { records } = outputPaths(output.folder, stream);
  const base = publishing?.base ?? 0;
  await run.manifest.note(dirname(records), basename(records), {
    runId,
    startedAt,
    from: base,
    to: base + output.records,
    records: Number(books['accepted']),
    ids: output.ids,
  });
  const then = publishing?.then ?? {};
  const rejected = { folder: output.folder, bytes: output.rejected };
  const state: StreamState = {
    formatVersion: 1,
    stream,
    ...then,
    ...(rejected.bytes > 0 ? { rejected } : {}),
  };
  await store.write(state);
  await store.keepFiles(stream, [then.keys?.file, then.entities?.file]);
  return state;
}

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { resolveConnection } from '../descriptor/resolve-connection.ts';
import { CannotRunError, EngineError } from '../diagnostics/engine-error.ts';
import { maskSecrets } from '../diagnostics/mask-secrets.ts';
import { newTally } from '../fetch/ask-source.ts';
import { systemClock } from '../fetch/clock.ts';
import { createManifestNotes } from '../sink/manifest.ts';
import { joinRejected } from '../sink/ndjson/join-rejected.ts';
import { ndjsonWriter, openNdjsonFile } from '../sink/ndjson/open.ts';
import type { FileStore } from '../state/file-store.ts';
import type { StreamState } from '../state/stream-state.ts';
import { createDerivedSources } from './derived-sources.ts';
import { reasonOf } from './explain-ending.ts';
import { type Integration, loadIntegration, streamNamed } from './integrations.ts';
import { type KeptState, openState } from './kept-state.ts';
import { createRowMapper, type RowMapper, type RunFacts } from './map-row.ts';
import { needingMapping } from './needing-mapping.ts';
import { openSource, type Source } from './open-source.ts';
import type { RunReport, StreamReport } from './run-report.ts';
import type { RunEvent, RunRequest } from './run-request.ts';
import { runStream } from './run-stream.ts';
import { closeBooks, openBooks } from './stream-books.ts';
import { outputPaths } from './stream-output.ts';
import type { StreamRun } from './stream-run.ts';
import { openWorkers } from './workers.ts';
import { writeReport } from './write-report.ts';

/** Streams read at once; each holds a page in memory. */
const maxStreamsAtOnce = 4;

/**
 * Fetches, maps, checks and delivers the streams of one integration once, and writes the report.
 *
 * Throws a `CannotRunError` if nothing could be read at all: usage, descriptor, connection, credentials refused. What
 * is wrong with a single stream stands in the report.
 */
export async function runIntegration(request: RunRequest): Promise<RunReport> {
  const startedAt = systemClock.now();
  const integration = await loadIntegration(request.places, request.integration);
  const { descriptor } = integration;
  const streams = selectStreams(descriptor, request);
  const connection = await resolveConnection(descriptor, request.connection);
  const source = openSource(descriptor, connection, { pace: request.pace, signal: request.signal });
  const facts: RunFacts = {
    runId: randomUUID(),
    startedAt,
    now: () => systemClock.now(),
    tenantUid: source.tenantUid,
    connection: connection.shown,
    ocsfVersion: request.ocsfVersion,
  };
  try {
    const { schemasDir } = request.places;
    const mappers = await createMappers(integration, streams, schemasDir, facts);
    await makeFolder(request.out.dir);
    const state = request.state && (await openState(request.state, descriptor, connection, streams, startedAt));
    const workers = openWorkers(request.workers ?? 0, { integration, schemasDir, facts });
    try {
      await authorise(source, streams, facts, request, descriptor);
      return await runStreams(streams, { integration, source, facts, mappers, workers, state }, request);
    } finally {
      await workers.close();
      await state?.store.close();
    }
  } finally {
    source.close();
  }
}

type Prepared = Pick<StreamRun, 'integration' | 'source' | 'facts' | 'mappers' | 'workers'> & {
  readonly state: (KeptState & { readonly store: FileStore }) | undefined;
};

async function runStreams(streams: readonly Stream[], prepared: Prepared, request: RunRequest): Promise<RunReport> {
  const { integration, source, facts } = prepared;
  const { dir, records } = request.out;
  const emit = masked(source, request.onEvent);
  const run: StreamRun = {
    ...prepared,
    schemasDir: request.places.schemasDir,
    derived: createDerivedSources(integration.descriptor, streams, facts),
    dir,
    openSink: async (stream, keep) =>
      records === undefined ? openNdjsonFile(outputPaths(dir, stream).records, keep) : ndjsonWriter(records),
    manifest: createManifestNotes(),
    published: new Set(),
    changesOnly: request.state?.changesOnly === true,
    limit: request.limit,
    signal: request.signal,
    emit,
  };
  emit({ kind: 'run-started', runId: facts.runId, streams: streams.map(({ name }) => name) });
  const tookOver = prepared.state?.store.tookOver;
  if (tookOver !== undefined) emit({ kind: 'notice', message: `The lock of ${tookOver}, was taken over.` });
  const limit = pLimit(maxStreamsAtOnce);
  // Streams that feed others start first, so that one which waits for another never holds the place it needs.
  const started = [...streams].sort((a, b) => Number(a.derive !== undefined) - Number(b.derive !== undefined));
  const reports = new Map(
    await Promise.all(started.map((stream) => limit(async () => [stream.name, await runStream(stream, run)] as const))),
  );
  await joinRejectedRows(streams, run);
  const inOrder = streams.flatMap(({ name }) => reports.get(name) ?? []);
  const report = await writeReport(dir, maskReport(finishedReport(integration.descriptor, facts, inOrder), source));
  emit({ kind: 'run-ended', report });
  return report;
}

/** Into one file, in the order of the descriptor; a stream that goes on keeps the rows of its earlier runs there. */
async function joinRejectedRows(streams: readonly Stream[], { dir, published, state }: StreamRun): Promise<void> {
  const parts = streams
    .filter(({ name }) => published.has(name))
    .map(({ name, cursor }) => ({
      stream: name,
      path: outputPaths(dir, name).rejected,
      goesOn: cursor !== undefined && state?.saved.has(name) === true,
    }));
  const pending = async (change: (state: StreamState) => StreamState): Promise<void> => {
    for (const { stream } of parts) {
      const saved = await state?.store.read(stream);
      if (saved?.rejected !== undefined) await state?.store.write(change(saved));
    }
  };
  await joinRejected(outputPaths(dir, '').joined, parts, () =>
    pending((saved) => ({ ...saved, ...(saved.rejected && { rejected: { ...saved.rejected, joining: true } }) })),
  );
  await pending(withoutRejected);
}

function withoutRejected(state: StreamState): StreamState {
  const { rejected, ...rest } = state;
  return rejected === undefined ? state : rest;
}

/** Asked-for streams in the order of the descriptor; an unknown name is a usage error. */
export function selectStreams(
  descriptor: Descriptor,
  { streams, allStreams }: Pick<RunRequest, 'streams' | 'allStreams'>,
): Stream[] {
  if (streams !== undefined && streams.length > 0) {
    const asked = new Set(streams.map((name) => streamNamed(descriptor, name).name));
    return descriptor.streams.filter(({ name }) => asked.has(name));
  }
  return descriptor.streams.filter((stream) => allStreams === true || stream.default === 'on');
}

async function createMappers(
  integration: Integration,
  streams: readonly Stream[],
  schemasDir: string,
  facts: RunFacts,
): Promise<Map<string, RowMapper>> {
  const entries = streams.map(
    async (stream) => [stream.name, await createRowMapper(integration, stream, schemasDir, facts)] as const,
  );
  return needingMapping(async () => new Map(await Promise.all(entries)));
}

async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (cause) {
    throw new CannotRunError(
      'sink/write-failed',
      `The output folder ${dir} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        hint: 'Give another folder with --out.',
      },
    );
  }
}

/** Refused credentials end the run before it begins; the report says so for every stream. */
async function authorise(
  source: Source,
  streams: readonly Stream[],
  facts: RunFacts,
  request: RunRequest,
  descriptor: Descriptor,
): Promise<void> {
  try {
    await source.authorise();
  } catch (error) {
    if (!(error instanceof EngineError) || request.signal?.aborted === true) throw error;
    const failed = streams.map(({ name }) =>
      closeBooks(name, openBooks(), newTally(), { ending: 'failed', reason: reasonOf(error) }, { durationMs: 0 }),
    );
    await writeReport(
      request.out.dir,
      maskReport({ ...finishedReport(descriptor, facts, failed), exitCode: 2 }, source),
    );
    throw error;
  }
}

function finishedReport(descriptor: Descriptor, facts: RunFacts, streams: readonly StreamReport[]): RunReport {
  const clean = streams.every(({ ending, rejected }) => ending === 'complete' && rejected === 0);
  return {
    runId: facts.runId,
    integration: descriptor.name,
    startedAt: facts.startedAt.toISOString(),
    endedAt: facts.now().toISOString(),
    exitCode: clean ? 0 : 1,
    ocsfVersion: facts.ocsfVersion ?? descriptor.ocsf.version,
    streams,
  };
}

/** A vendor may echo what it was sent: nothing leaves the run with a secret in its texts. */
function maskReport(report: RunReport, source: Source): RunReport {
  return maskTexts(report, source.secrets());
}

function masked(source: Source, onEvent: RunRequest['onEvent']): (event: RunEvent) => void {
  return (event) => onEvent?.(maskTexts(event, source.secrets()));
}

function maskTexts<Value>(value: Value, secrets: readonly string[]): Value {
  // Same shape, other texts.
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === 'string' ? maskSecrets(inner, secrets) : inner,
  ) as Value;
}

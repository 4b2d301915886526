import type { Stream } from '../descriptor/descriptor.ts';
import { newTally } from '../fetch/ask-source.ts';
import { readPages } from '../fetch/read-pages.ts';
import type { OcsfRecord, Origin, Outcome } from '../records.ts';
import type { LineFile } from '../sink/ndjson/line-file.ts';
import type { Sink } from '../sink/sink.ts';
import type { DerivedSources } from './derived-sources.ts';
import {
  endedBy,
  endedByItself,
  interrupted,
  isAbsent,
  limitReached,
  notDerivable,
  notInCloud,
  sourceIncomplete,
} from './explain-ending.ts';
import { createRowMapper, type PageFacts, type RowMapper, type RunFacts } from './map-row.ts';
import type { Integration } from './integrations.ts';
import type { Source } from './open-source.ts';
import { rejectedLine } from './rejected-line.ts';
import { notAnObject } from './row-not-object.ts';
import type { StreamReport } from './run-report.ts';
import type { RunEvent } from './run-request.ts';
import { createSeenKeys } from './seen-keys.ts';
import { closeBooks, type Ended, enter, openBooks, type StreamBooks } from './stream-books.ts';

/** What the streams of one run share. */
export type StreamRun = {
  readonly integration: Integration;
  readonly schemasDir: string;
  readonly source: Source;
  readonly facts: RunFacts;
  readonly derived: DerivedSources;
  readonly mappers: ReadonlyMap<string, RowMapper>;
  readonly rejected: LineFile;
  openSink(stream: string): Promise<Sink>;
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly emit: (event: RunEvent) => void;
};

/** One stream on its way: where its rows are counted, remembered and delivered. */
type Delivery = {
  readonly stream: Stream;
  readonly mapper: RowMapper;
  readonly books: StreamBooks;
  readonly sink: Sink;
  readonly seen: ReturnType<typeof createSeenKeys>;
};

/**
 * Runs one stream to its end and accounts for it. What is wrong with this stream ends this stream; the others go on.
 * What had been accepted by then is delivered in every ending.
 */
export async function runStream(stream: Stream, run: StreamRun): Promise<StreamReport> {
  const startedAt = run.facts.now().getTime();
  const tally = newTally();
  const books = openBooks();
  const mapper =
    run.mappers.get(stream.name) ?? (await createRowMapper(run.integration, stream, run.schemasDir, run.facts));
  run.emit({ kind: 'stream-started', stream: stream.name });
  const effects = {
    tally,
    signal: run.signal,
    onWait: (ms: number, why: string) => run.emit({ kind: 'waiting', stream: stream.name, ms, why }),
  };

  let ended: Ended;
  let derived: StreamReport['derived'];
  try {
    const sink = await run.openSink(stream.name);
    try {
      const delivery: Delivery = { stream, mapper, books, sink, seen: createSeenKeys() };
      ended = await readDirectly(delivery, run, effects);
      run.derived.ended(stream.name, ended);
      if (mayBeDerived(stream, ended, books)) {
        const instead = ended;
        ended = await readDerived(delivery, run, effects, instead);
        if (books.received > 0) derived = derivedFrom(stream, instead);
      }
    } finally {
      await sink.close();
    }
  } catch (error) {
    ended = endedBy(error, stream, run.facts.now(), run.signal);
    run.derived.ended(stream.name, ended);
  }
  const report = closeBooks(stream.name, books, tally, ended, {
    durationMs: run.facts.now().getTime() - startedAt,
    ...(derived === undefined ? {} : { derived }),
  });
  run.emit({ kind: 'stream-ended', report });
  return report;
}

type Effects = Parameters<Source['reading']>[1];

async function readDirectly(delivery: Delivery, run: StreamRun, effects: Effects): Promise<Ended> {
  const { stream, books } = delivery;
  if (stream.request === undefined) return { ending: 'skipped' };
  const unavailable = notInCloud(stream, run.facts.connection);
  if (unavailable !== undefined) return { ending: 'skipped', reason: unavailable };
  try {
    for await (const page of readPages(run.source.reading(stream, effects))) {
      books.pages += 1;
      const stopped = await deliverPage(delivery, page.rows, page.number, page, run);
      if (stopped !== undefined) return stopped;
    }
    return endedByItself(stream, books.received, run.facts.now());
  } catch (error) {
    return endedBy(error, stream, run.facts.now(), run.signal);
  }
}

/** Records held before they are written: enough for one large write, few enough that a page's records never pile up. */
const rowsAWrite = 100;

/** Rows of one page, some at a time: a slow sink slows the source, and memory holds the page but not all it becomes. */
async function deliverPage(
  delivery: Delivery,
  rows: readonly unknown[],
  number: number,
  page: PageFacts,
  run: StreamRun,
  derivedFrom?: string,
): Promise<Ended | undefined> {
  const { stream, books } = delivery;
  let ended: Ended | undefined;
  for (let start = 0; start < rows.length && ended === undefined; start += rowsAWrite) {
    const origin = {
      integration: run.integration.descriptor.name,
      stream: stream.name,
      page: number,
      ...(derivedFrom === undefined ? {} : { derivedFrom }),
    };
    ended = await deliverRows(
      delivery,
      rows.slice(start, start + rowsAWrite),
      { ...origin, row: start + 1 },
      page,
      run,
    );
  }
  const { pages, received, accepted, rejected } = books;
  run.emit({ kind: 'page', stream: stream.name, pages, received, accepted, rejected });
  return ended;
}

/** One after the other, as the source sent them. A row is entered in the books once it is written. */
async function deliverRows(
  delivery: Delivery,
  rows: readonly unknown[],
  first: Origin,
  page: PageFacts,
  run: StreamRun,
): Promise<Ended | undefined> {
  const { books, sink } = delivery;
  const outcomes: (Outcome | 'duplicate')[] = [];
  const accepted: OcsfRecord[] = [];
  const rejected: unknown[] = [];
  let ended: Ended | undefined;
  for (const [index, row] of rows.entries()) {
    ended = stopBefore(books.received + outcomes.length, run);
    if (ended !== undefined) break;
    const outcome = await takeRow(row, { ...first, row: first.row + index }, page, delivery, run);
    outcomes.push(outcome);
    if (outcome === 'duplicate') continue;
    if (outcome.kind === 'accepted') accepted.push(outcome.record);
    else rejected.push(rejectedLine(outcome, row));
  }
  await sink.write(accepted);
  await run.rejected.write(rejected);
  for (const outcome of outcomes) enter(books, outcome);
  return ended;
}

function stopBefore(received: number, { limit, signal }: StreamRun): Ended | undefined {
  if (signal?.aborted === true) return { ending: 'stopped', reason: interrupted };
  if (limit !== undefined && received >= limit) return { ending: 'stopped', reason: limitReached(limit) };
  return undefined;
}

async function takeRow(
  row: unknown,
  origin: Origin,
  page: PageFacts,
  delivery: Delivery,
  run: StreamRun,
): Promise<Outcome | 'duplicate'> {
  const { mapper, seen, stream } = delivery;
  const body = mapper.clean(row);
  if (body === undefined) return notAnObject(row, origin);
  if (!seen.add(mapper.key(body))) return 'duplicate';
  if (origin.derivedFrom === undefined) await run.derived.feed(stream.name, body);
  return mapper.map(body, origin, { ...page, removed: mapper.isRemoved(row) });
}

/** The vendor's own figures come first; only where it gives none at all are they computed. */
function mayBeDerived(stream: Stream, ended: Ended, { received }: StreamBooks): boolean {
  const refused = ['denied', 'retired', 'skipped'].includes(ended.ending) || isAbsent(ended);
  return stream.derive !== undefined && received === 0 && refused;
}

async function readDerived(delivery: Delivery, run: StreamRun, effects: Effects, instead: Ended): Promise<Ended> {
  const { stream } = delivery;
  const { derive } = stream;
  if (derive === undefined) return instead;
  run.emit({
    kind: 'deriving',
    stream: stream.name,
    from: derive.from,
    why: instead.reason?.message ?? 'It is computed by design.',
  });
  const source = await run.derived.source(derive.from, () => readForDerivation(derive.from, run, effects));
  if (source.ending !== 'complete') return { ending: 'skipped', reason: sourceIncomplete(stream, derive.from, source) };
  const rows = await run.derived.records(stream.name);
  if (rows === undefined) return { ...instead, reason: notDerivable(stream, instead.reason, run.facts.connection) };
  const page = { receivedAt: run.facts.now(), url: '' };
  const stopped = await deliverPage(delivery, rows, 1, page, run, derive.from);
  return stopped ?? { ending: 'complete' };
}

/** Reads a stream that was not asked for, only to compute another from it: nothing of it is mapped or delivered. */
async function readForDerivation(name: string, run: StreamRun, effects: Effects): Promise<Ended> {
  const stream = run.integration.descriptor.streams.find((candidate) => candidate.name === name);
  if (stream?.request === undefined) return { ending: 'failed' };
  const mapper = await createRowMapper(run.integration, stream, run.schemasDir, run.facts);
  const seen = createSeenKeys();
  let received = 0;
  try {
    for await (const page of readPages(run.source.reading(stream, effects))) {
      for (const row of page.rows) {
        const body = mapper.clean(row);
        if (body === undefined || !seen.add(mapper.key(body))) continue;
        received += 1;
        await run.derived.feed(name, body);
      }
    }
    return endedByItself(stream, received, run.facts.now());
  } catch (error) {
    return endedBy(error, stream, run.facts.now(), run.signal);
  }
}

function derivedFrom({ derive }: Stream, { ending, reason }: Ended): StreamReport['derived'] {
  if (derive === undefined) return undefined;
  return { from: derive.from, ...(reason === undefined ? {} : { instead: { ending, reason } }) };
}

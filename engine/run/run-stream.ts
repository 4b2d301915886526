import type { Stream } from '../descriptor/descriptor.ts';
import { newTally } from '../fetch/ask-source.ts';
import { createIdsHash } from '../sink/ids-hash.ts';
import { createLineBuffer } from '../sink/line-buffer.ts';
import { openLineFileWhenNeeded } from '../sink/ndjson/line-file.ts';
import { noteCertificate } from './certificate.ts';
import { type Checkpoint, createCheckpoint, withoutState } from './checkpoint.ts';
import type { Delivery } from './deliver-rows.ts';
import { compareEntities, type Entities } from './entities.ts';
import { endedBy } from './explain-ending.ts';
import { createRowMapper } from './map-row.ts';
import { derivedFrom, mayBeDerived, readDerived } from './read-derived.ts';
import { readDirectly } from './read-directly.ts';
import { planReading, type ReadingPlan } from './reading-plan.ts';
import { createRowKeys, type RowKeys } from './row-keys.ts';
import type { StreamReport } from './run-report.ts';
import { closeBooks, type Ended, openBooks, type StreamBooks } from './stream-books.ts';
import { outputPaths } from './stream-output.ts';
import type { Effects, StreamRun } from './stream-run.ts';

/**
 * Runs one stream to its end and accounts for it. What is wrong with this stream ends this stream; the others go on.
 * What had been accepted by then is delivered in every ending.
 */
export async function runStream(stream: Stream, run: StreamRun): Promise<StreamReport> {
  const startedAt = run.facts.now().getTime();
  const tally = newTally();
  run.emit({ kind: 'stream-started', stream: stream.name });
  const effects: Effects = {
    tally,
    signal: run.signal,
    onWait: (ms: number, why: string) => run.emit({ kind: 'waiting', stream: stream.name, ms, why }),
  };
  let books = openBooks();
  let outcome: Outcome;
  let resumed: StreamReport['resumed'];
  try {
    const plan = await planReading(stream, run, keptFor(stream, run));
    books = openBooks(plan.resumed?.books);
    resumed = resumedFrom(plan);
    if (plan.told !== undefined) run.emit({ kind: 'notice', stream: stream.name, message: plan.told });
    outcome = await deliver(stream, plan, books, run, effects);
  } catch (error) {
    outcome = { ended: endedBy(error, stream, run.facts.now(), run.signal) };
    run.derived.ended(stream.name, outcome.ended);
  }
  const report = closeBooks(stream.name, books, tally, outcome.ended, {
    durationMs: run.facts.now().getTime() - startedAt,
    ...(outcome.derived === undefined ? {} : { derived: outcome.derived }),
    ...(outcome.certificate === undefined ? {} : { certificate: outcome.certificate }),
    ...(outcome.changes === undefined ? {} : { changes: outcome.changes }),
    ...(resumed === undefined ? {} : { resumed }),
  });
  run.emit({ kind: 'stream-ended', report });
  return report;
}

type Outcome = { readonly ended: Ended } & {
  readonly derived?: StreamReport['derived'];
  readonly certificate?: StreamReport['certificate'];
  readonly changes?: StreamReport['changes'];
};

async function deliver(
  stream: Stream,
  plan: ReadingPlan,
  books: StreamBooks,
  run: StreamRun,
  effects: Effects,
): Promise<Outcome> {
  const delivery = await openDelivery(stream, plan, books, run);
  const kept = keptFor(stream, run);
  const checkpoint: Checkpoint =
    kept === undefined ? withoutState(delivery, run) : createCheckpoint(delivery, plan, run, kept);
  try {
    let ended = await readDirectly(delivery, checkpoint, plan, run, effects);
    run.derived.ended(stream.name, ended);
    let derived: StreamReport['derived'];
    if (mayBeDerived(stream, ended, books)) {
      const instead = ended;
      ended = await readDerived(delivery, run, effects, instead);
      if (books.received > 0) derived = derivedFrom(stream, instead);
    }
    if (kept !== undefined && isUnwritable(ended)) {
      // What stands on disk is told by the last state; the next run cuts the files back to that, and goes on.
      await abandon(delivery);
    } else {
      await checkpoint.end(ended);
      await delivery.rejected.abandon();
      run.published.add(stream.name);
    }
    const certificate = delivery.certificate.close({ records: books.accepted, ids: delivery.ids.value() });
    return { ended, derived, certificate, changes: delivery.entities?.changes };
  } catch (error) {
    await abandon(delivery);
    throw error;
  }
}

async function openDelivery(stream: Stream, plan: ReadingPlan, books: StreamBooks, run: StreamRun): Promise<Delivery> {
  const { rejected } = outputPaths(run.dir, stream.name);
  return {
    stream,
    mapper: run.mappers.get(stream.name) ?? (await createRowMapper(run.integration, stream, run.schemasDir, run.facts)),
    books,
    sink: await run.openSink(stream.name, plan.resumed?.output.records),
    rejected: await openLineFileWhenNeeded(rejected, plan.keptRejected),
    lines: { records: createLineBuffer(), rejected: createLineBuffer() },
    keys: openKeys(stream, plan, run),
    ids: createIdsHash(plan.resumed?.output.ids),
    certificate: noteCertificate(plan.since),
    entities: await openEntities(stream, plan, run),
    wholePages: keptFor(stream, run) !== undefined && stream.cursor !== undefined,
  };
}

/** State is kept of what is read from the source; what is computed is computed anew each time. */
function keptFor(stream: Stream, run: StreamRun): StreamRun['state'] {
  return stream.request === undefined ? undefined : run.state;
}

function openKeys(stream: Stream, plan: ReadingPlan, run: StreamRun): RowKeys {
  const kept = keptFor(stream, run);
  if (kept === undefined) return createRowKeys();
  return createRowKeys({
    store: kept.store,
    file: `${stream.name}.${run.facts.runId}.keys`,
    continued: plan.resumed?.keys,
    earlier: plan.saved?.keys,
    goesOn: plan.from !== undefined,
  });
}

async function openEntities(stream: Stream, { compared }: ReadingPlan, run: StreamRun): Promise<Entities | undefined> {
  if (compared === undefined || run.state === undefined) return undefined;
  const file = `${stream.name}.${run.facts.runId}.entities`;
  return compareEntities(run.state.store, stream.primaryKey, file, compared.before);
}

function resumedFrom({ resumed }: ReadingPlan): StreamReport['resumed'] {
  if (resumed === undefined) return undefined;
  const { pages, received } = openBooks(resumed.books);
  return { runId: resumed.runId, pages, received };
}

function isUnwritable({ reason }: Ended): boolean {
  return reason?.code === 'sink/write-failed' || reason?.code === 'state/write-failed';
}

async function abandon({ sink, rejected, keys }: Delivery): Promise<void> {
  // The trouble that led here is told; a second one, of closing, would only hide it.
  await Promise.allSettled([sink.abandon(), rejected.abandon(), keys.close()]);
}

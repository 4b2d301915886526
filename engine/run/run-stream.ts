import type { Stream } from '../descriptor/descriptor.ts';
import { newTally } from '../fetch/ask-source.ts';
import type { Delivery } from './deliver-rows.ts';
import { endedBy } from './explain-ending.ts';
import { createRowMapper } from './map-row.ts';
import { derivedFrom, mayBeDerived, readDerived } from './read-derived.ts';
import { readDirectly } from './read-directly.ts';
import type { StreamReport } from './run-report.ts';
import { createSeenKeys } from './seen-keys.ts';
import { closeBooks, type Ended, openBooks } from './stream-books.ts';
import type { Effects, StreamRun } from './stream-run.ts';

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
  const effects: Effects = {
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

import type { Stream } from '../descriptor/descriptor.ts';
import { readPages } from '../fetch/read-pages.ts';
import { type Delivery, deliverPage } from './deliver-rows.ts';
import { endedBy, endedByItself, isAbsent, notDerivable, sourceIncomplete } from './explain-ending.ts';
import { createRowMapper } from './map-row.ts';
import type { StreamReport } from './run-report.ts';
import { createSeenKeys } from './seen-keys.ts';
import type { Ended, StreamBooks } from './stream-books.ts';
import type { Effects, StreamRun } from './stream-run.ts';

/** The vendor's own figures come first; only where it gives none at all are they computed. */
export function mayBeDerived(stream: Stream, ended: Ended, { received }: StreamBooks): boolean {
  const refused = ['denied', 'retired', 'skipped'].includes(ended.ending) || isAbsent(ended);
  return stream.derive !== undefined && received === 0 && refused;
}

/** Delivers a stream as it is computed from the rows of another. `instead` tells how the vendor's own endpoint had ended. */
export async function readDerived(
  delivery: Delivery,
  run: StreamRun,
  effects: Effects,
  instead: Ended,
): Promise<Ended> {
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
  const page = { rows, number: 1, receivedAt: run.facts.now(), url: '', derivedFrom: derive.from };
  const stopped = await deliverPage(delivery, page, run);
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
        if (body === undefined || !seen.addHash(mapper.key(body))) continue;
        received += 1;
        await run.derived.feed(name, body);
      }
    }
    return endedByItself(stream, received, run.facts.now());
  } catch (error) {
    return endedBy(error, stream, run.facts.now(), run.signal);
  }
}

/** For the report: what the stream was computed from, and why. */
export function derivedFrom({ derive }: Stream, { ending, reason }: Ended): StreamReport['derived'] {
  if (derive === undefined) return undefined;
  return { from: derive.from, ...(reason === undefined ? {} : { instead: { ending, reason } }) };
}

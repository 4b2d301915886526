import { readPages } from '../fetch/read-pages.ts';
import { type Delivery, deliverPage } from './deliver-rows.ts';
import { endedBy, endedByItself, notInCloud } from './explain-ending.ts';
import type { Ended } from './stream-books.ts';
import type { Effects, StreamRun } from './stream-run.ts';

/** Reads a stream from its source and delivers it page by page. */
export async function readDirectly(delivery: Delivery, run: StreamRun, effects: Effects): Promise<Ended> {
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

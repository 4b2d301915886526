import { readPages } from '../fetch/read-pages.ts';
import type { FetchedPage } from '../fetch/reading.ts';
import type { JsonObject } from '../records.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Delivery, deliverPage } from './deliver-rows.ts';
import { endedBy, endedByItself, interrupted, notInCloud } from './explain-ending.ts';
import { pagesAhead } from './pages-ahead.ts';
import type { ReadingPlan } from './reading-plan.ts';
import type { Ended } from './stream-books.ts';
import type { Effects, StreamRun } from './stream-run.ts';

/** Reads a stream from its source and delivers it page by page; after each page the place is kept. */
export async function readDirectly(
  delivery: Delivery,
  checkpoint: Checkpoint,
  { since, from }: Pick<ReadingPlan, 'since' | 'from'>,
  run: StreamRun,
  effects: Effects,
): Promise<Ended> {
  const { stream, books, keys } = delivery;
  if (stream.request === undefined) return { ending: 'skipped' };
  const unavailable = notInCloud(stream, run.facts.connection);
  if (unavailable !== undefined) return { ending: 'skipped', reason: unavailable };
  try {
    const open = (signal: AbortSignal) => readPages(run.source.reading(stream, { ...effects, signal, since, from }));
    // With a limit nobody knows whether the next page is wanted.
    const ahead = () => (run.limit === undefined ? run.workers.ahead() : 0);
    const map = (page: FetchedPage, waitedFor: boolean) => run.workers.map(stream.name, page, waitedFor);
    const keepRows = run.derived.feeds(stream.name) || delivery.entities !== undefined;
    for await (const { page, mapped } of pagesAhead(open, { ahead, map, keepRows, signal: run.signal })) {
      await keys.begin(page);
      books.pages += 1;
      delivery.certificate.page(page);
      const stopped = await deliverPage(delivery, { ...page, mapped }, run);
      if (stopped !== undefined) return stopped;
      await checkpoint.delivered(page);
      if (run.signal?.aborted === true && delivery.wholePages && page.next !== undefined)
        return { ending: 'stopped', reason: interrupted };
    }
    const ended = endedByItself(stream, books.received, run.facts.now());
    return (ended.ending === 'complete' ? await deliverGone(delivery, run) : undefined) ?? ended;
  } catch (error) {
    return endedBy(error, stream, run.facts.now(), run.signal);
  }
}

const goneAtOnce = 100;

/** Entities that the last snapshot had and this one has not; known by their key alone. */
async function deliverGone(delivery: Delivery, run: StreamRun): Promise<Ended | undefined> {
  const page = { number: delivery.books.pages + 1, receivedAt: run.facts.now(), url: '', removed: true };
  let gone: JsonObject[] = [];
  for await (const key of delivery.entities?.gone() ?? []) {
    gone.push(key);
    if (gone.length < goneAtOnce) continue;
    await deliverPage(delivery, { ...page, rows: gone }, run);
    gone = [];
  }
  return gone.length === 0 ? undefined : deliverPage(delivery, { ...page, rows: gone }, run);
}

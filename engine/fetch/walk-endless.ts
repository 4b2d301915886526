import type { NextLinkCursor } from '../descriptor/descriptor.ts';
import { atPointer } from '../json-pointer.ts';
import type { FetchedPage, ReadPagesOptions } from './reading.ts';
import { readTime, savedTime, wholeSecond, windowValues } from './time-window.ts';
import { walkList } from './walk-list.ts';

/**
 * A list without an end: the link to its next page is the cursor, `{ url, until }`, and a page without rows ends the
 * reading. `until` is the largest time seen in `field`, or else when the page came: where the source no longer takes
 * the link, the list is asked for from there on, less the overlap.
 */
export async function* walkEndless(
  cursor: NextLinkCursor,
  options: ReadPagesOptions,
): AsyncGenerator<FetchedPage, void, void> {
  const { since, lookbackMs = 0 } = options;
  const link = options.from ?? (since === undefined ? undefined : { page: 1, ...since });
  const now = options.clock.now().getTime();
  const from = wholeSecond(link === undefined ? now - lookbackMs : savedTime(link, 'until') - cursor.overlapMs);
  const start = options.call(windowValues({ from, to: wholeSecond(now) }));
  let url = link?.['url'] ?? start.url.href;
  let until = link === undefined ? from : savedTime(link, 'until');
  for await (const { next, ...page } of walkList(start, options, link)) {
    url = next?.['url'] ?? url;
    until = Math.max(until, latest(cursor, page));
    const reached = { url, until: new Date(until).toISOString() };
    const goesOn = next !== undefined && page.rows.length > 0;
    yield {
      ...page,
      cursor: reached,
      span: { from, to: until },
      ...(goesOn ? { next: { ...reached, page: next['page'] ?? page.number + 1 } } : {}),
    };
    if (!goesOn) return;
  }
}

function latest({ field }: NextLinkCursor, { rows, receivedAt }: FetchedPage): number {
  if (field === undefined) return receivedAt.getTime();
  const times = rows.flatMap((row) => readTime(atPointer(row, field)) ?? []);
  return times.reduce((most, time) => Math.max(most, time), 0);
}

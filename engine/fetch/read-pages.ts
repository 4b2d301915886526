import type { FetchedPage, ReadPagesOptions } from './reading.ts';
import { walkChildren } from './walk-children.ts';
import { walkDelta } from './walk-delta.ts';
import { walkEndless } from './walk-endless.ts';
import { walkList } from './walk-list.ts';
import { walkWindows } from './walk-windows.ts';

/**
 * Pages of one stream in the order the source gives them; one page in memory at a time, and the next is asked for only
 * when it is wanted. One reading: the whole list, or what is new since the cursor `since`; `from` goes on in the middle.
 *
 * Throws a `FetchError`, what the signer throws, or `signal.reason`.
 */
export function readPages(options: ReadPagesOptions): AsyncGenerator<FetchedPage, void, void> {
  const { cursor, children } = options;
  if (children !== undefined) {
    const { parent, list } = children;
    return walkChildren(parent, (from) => readPages({ ...list, cursor, since: options.since, from }), options);
  }
  switch (cursor?.kind) {
    case undefined:
      return walkList(options.call(), options, options.from);
    case 'time':
      return walkWindows(cursor, options);
    case 'next-link':
      return walkEndless(cursor, options);
    case 'delta-link':
      return walkDelta(cursor, options);
    default:
      return cursor satisfies never;
  }
}

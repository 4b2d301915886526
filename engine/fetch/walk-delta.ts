import type { DeltaLinkCursor } from '../descriptor/descriptor.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';
import { pagePosition } from './page-position.ts';
import { followLink } from './pagination.ts';
import type { FetchedPage, ReadPagesOptions } from './reading.ts';
import { walkList } from './walk-list.ts';

/**
 * The whole list the first time, then what has changed since; the cursor is the link that the last page holds. A link
 * that the source has forgotten leads to the whole list again, and the page that begins it says `anew`.
 */
export async function* walkDelta(
  cursor: DeltaLinkCursor,
  options: ReadPagesOptions,
): AsyncGenerator<FetchedPage, void, void> {
  const { since, from } = options;
  const start = options.call();
  const link = from ?? (since === undefined ? undefined : { page: 1, ...since });
  for await (const page of walkList(start, options, link)) {
    const delta = page.next === undefined ? atPointer(page.body, cursor.pointer) : undefined;
    if (typeof delta !== 'string') {
      yield page;
      if (page.next === undefined) throw noDeltaLink(cursor, page);
      continue;
    }
    const { url } = pagePosition({ ...start, url: followLink(delta, start.url) }, 1, options.signer.secrets());
    yield { ...page, cursor: { url } };
  }
}

function noDeltaLink({ pointer }: DeltaLinkCursor, { number, url }: FetchedPage): FetchError {
  const message = `Page ${number} of GET ${url} has neither a next link nor a delta link at ${pointer}.`;
  return new FetchError('fetch/wrong-shape', message, {
    hint: 'The vendor may have changed its answers; the descriptor must be looked at. The next run reads the changes again.',
  });
}

import type { Records } from '../descriptor/descriptor.ts';
import type { JsonValue } from '../records.ts';
import { type Answered, askSource } from './ask-source.ts';
import { FetchError } from './fetch-error.ts';
import { firstUrl, nextUrl } from './pagination.ts';
import { type PagePosition, pagePosition, readPagePosition } from './page-position.ts';
import type { FetchedPage, Position, ReadPagesOptions } from './reading.ts';
import { SeenPages } from './seen-pages.ts';
import { countItems, splitRows } from './split-rows.ts';

/** A page that was read, and what its answer says of the next one; an error there must not cost the page its rows. */
type Turned = { readonly page: LastPage; readonly next?: URL; readonly broken?: Error };

type LastPage = Omit<FetchedPage, 'next'>;
type ListPage = LastPage & { readonly next?: PagePosition };

/** One list, from an address to its last page. */
export type Walk = Omit<ReadPagesOptions, 'address' | 'cursor' | 'lookbackMs' | 'since' | 'from'>;

/**
 * The pages of one list. When a page token expires the list is read once more from its first page: rows that were
 * delivered come again, under new page numbers. A position that the source no longer knows is such a token.
 */
export async function* walkPages(start: URL, walk: Walk, from?: Position): AsyncGenerator<ListPage, void, void> {
  const first = firstUrl(walk.pagination, start);
  const resumed = from === undefined ? undefined : readPagePosition(from, first);
  const budget = { spentMs: 0 };
  let seen = seenFrom(first);
  let restarted = false;
  let resuming = resumed !== undefined;
  let anew = false;
  let number = resumed?.page ?? 1;
  let next = resumed?.url ?? first;
  if (resumed !== undefined && next.href !== first.href) seen.visit(next);
  for (;;) {
    const url: URL = next;
    let answered: Answered;
    try {
      answered = await askSource(url, budget, walk);
    } catch (error) {
      if (restarted || url.href === first.href || !isLostPage(error, resuming)) throw error;
      restarted = anew = true;
      seen = seenFrom(first);
      next = first;
      continue;
    }
    resuming = false;
    const { page, next: following, broken } = turnPage(url, number, answered, walk, seen);
    const position = following && pagePosition(following, number + 1, walk.signer.secrets());
    yield { ...page, ...(anew ? { anew } : {}), ...(position === undefined ? {} : { next: position }) };
    anew = false;
    if (broken !== undefined) throw broken;
    if (following === undefined) return;
    next = following;
    number++;
  }
}

function seenFrom(first: URL): SeenPages {
  const seen = new SeenPages();
  seen.visit(first);
  return seen;
}

/** A source that says "bad request" or "not found" to where a reading had stopped has forgotten the page. */
function isLostPage(error: unknown, resuming: boolean): boolean {
  if (!(error instanceof FetchError)) return false;
  if (error.code === 'fetch/expired-page-token' || error.code === 'fetch/resync') return true;
  return resuming && [400, 404, 410].includes(error.httpStatus ?? 0);
}

function turnPage(url: URL, number: number, answered: Answered, walk: Walk, seen: SeenPages): Turned {
  const { records, pagination } = walk;
  const { answer, body } = answered;
  const page = located(url, number, answered, () => {
    const received = toPage(url, number, answered, records);
    seen.receive(url, answer.body, received.rows.length);
    return received;
  });
  try {
    const next = located(url, number, answered, () => {
      const link = nextUrl(pagination, { url, headers: answer.headers, body }, countItems(records, body));
      if (link !== undefined) seen.visit(link);
      return link;
    });
    return next === undefined ? { page } : { page, next };
  } catch (broken) {
    if (!(broken instanceof Error)) throw broken;
    return { page, broken };
  }
}

function toPage(url: URL, number: number, { answer, body, requestId }: Answered, records: Records): LastPage {
  const rows: readonly JsonValue[] = splitRows(records, body);
  return {
    number,
    url: withoutQuery(url),
    body,
    receivedAt: answer.receivedAt,
    ...(requestId === undefined ? {} : { requestId }),
    rows,
  };
}

/** Says of an error inside a page which page it was. */
function located<T>(url: URL, number: number, { answer, requestId }: Answered, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const sentence = `It was page ${number} of GET ${withoutQuery(url)}.`;
    throw error.with({ sentence, httpStatus: answer.status, ...(requestId === undefined ? {} : { requestId }) });
  }
}

function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

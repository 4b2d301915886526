import type { Pagination } from '../descriptor/descriptor.ts';
import type { JsonValue } from '../records.ts';
import { type Answered, askSource } from './ask-source.ts';
import { type Call, callKey } from './call.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';
import { firstCall, nextCall } from './pagination.ts';
import { type PagePosition, pagePosition, readPagePosition } from './page-position.ts';
import type { FetchedPage, Position, ReadPagesOptions } from './reading.ts';
import { locatedIn, toPage } from './to-page.ts';
import { SeenPages } from './seen-pages.ts';
import { countItems } from './split-rows.ts';

/** A page that was read, and what its answer says of the next one; an error there must not cost the page its rows. */
type Turned = { readonly page: LastPage; readonly next?: Call; readonly broken?: Error };

type LastPage = Omit<FetchedPage, 'next'>;
export type ListPage = LastPage & { readonly next?: PagePosition };

/** One list, from its first call to its last page. */
export type Walk = Omit<ReadPagesOptions, 'call' | 'cursor' | 'lookbackMs' | 'since' | 'from'>;

/**
 * The pages of one list. When a page token expires the list is read once more from its first page: rows that were
 * delivered come again, under new page numbers. A position that the source no longer knows is such a token.
 */
export async function* walkPages(start: Call, walk: Walk, from?: Position): AsyncGenerator<ListPage, void, void> {
  const first = firstCall(walk.pagination, start);
  const firstKey = callKey(first);
  const resumed = from === undefined ? undefined : readPagePosition(from, first);
  const budget = { spentMs: 0 };
  let seen = seenFrom(first);
  let restarted = false;
  let resuming = resumed !== undefined;
  let anew = false;
  let number = resumed?.page ?? 1;
  let next = resumed?.call ?? first;
  if (resumed !== undefined && callKey(next) !== firstKey) seen.visit(next);
  for (;;) {
    const call: Call = next;
    let answered: Answered;
    try {
      answered = await askSource(call, budget, walk);
    } catch (error) {
      if (restarted || callKey(call) === firstKey || !isLostPage(error, resuming)) throw error;
      restarted = anew = true;
      seen = seenFrom(first);
      next = first;
      continue;
    }
    resuming = false;
    const { page, next: following, broken } = turnPage(call, number, answered, walk, seen);
    const position = following && pagePosition(following, number + 1, walk.signer.secrets());
    yield { ...page, ...(anew ? { anew } : {}), ...(position === undefined ? {} : { next: position }) };
    anew = false;
    if (broken !== undefined) throw broken;
    if (following === undefined) return;
    next = following;
    number++;
  }
}

function seenFrom(first: Call): SeenPages {
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

/** What the source itself says the list has, where it says so. */
function totalOf(pagination: Pagination, body: JsonValue): { total?: number } {
  const pointer = pagination.kind === 'offset' ? pagination.totalPointer : undefined;
  const total = pointer === undefined ? Number.NaN : Number(atPointer(body, pointer));
  return Number.isInteger(total) ? { total } : {};
}

function turnPage(call: Call, number: number, answered: Answered, walk: Walk, seen: SeenPages): Turned {
  const { records, pagination } = walk;
  const { answer, body } = answered;
  const page = locatedIn(call, number, answered, () => {
    const received = toPage(call, number, answered, records);
    seen.receive(call.url, answer.body, received.rows.length);
    return { ...received, ...totalOf(pagination, body) };
  });
  try {
    const next = locatedIn(call, number, answered, () => {
      const link = nextCall(pagination, { call, headers: answer.headers, body }, countItems(records, body));
      if (link !== undefined) seen.visit(link);
      return link;
    });
    return next === undefined ? { page } : { page, next };
  } catch (broken) {
    if (!(broken instanceof Error)) throw broken;
    return { page, broken };
  }
}

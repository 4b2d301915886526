import type { Hydrate } from '../descriptor/descriptor.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { askSource } from './ask-source.ts';
import type { Call } from './call.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';
import type { FetchedPage, Position } from './reading.ts';
import { locatedIn, toPage } from './to-page.ts';
import type { Walk } from './walk-pages.ts';

type ListOfIds = (start: Call, walk: Walk, from?: Position) => AsyncGenerator<FetchedPage, void, void>;

/** Ids whose records are still to be asked for, and where their list goes on (absent: nowhere). */
type Standing = { readonly ids: readonly string[]; readonly list?: Position | undefined; readonly pages: number };

/**
 * The records of a list of ids: a page is the records of one batch. An id the source no longer knows gives no record;
 * the position holds the ids that are still to come, so that a resumed reading asks for exactly those.
 */
export async function* hydrated(
  list: ListOfIds,
  start: Call,
  walk: Walk,
  hydrate: Hydrate,
  from?: Position,
): AsyncGenerator<FetchedPage, void, void> {
  const resumed = from === undefined ? undefined : readStanding(from);
  let pages = resumed?.pages ?? 0;
  if (resumed !== undefined && resumed.ids.length > 0) {
    for await (const page of recordsOf(resumed.ids, resumed.list, pages, walk, hydrate)) {
      pages = page.number;
      yield page;
    }
    if (resumed.list === undefined) return;
  }
  for await (const { next, cursor, anew, span, ...listed } of list(start, walk, resumed?.list)) {
    const ids = listed.rows.map((row) => idOf(row, hydrate, listed.number));
    if (ids.length === 0) pages += 1;
    const batches =
      ids.length === 0
        ? [{ ...listed, number: pages, ...(next === undefined ? {} : { next: written({ ids, list: next, pages }) }) }]
        : recordsOf(ids, next, pages, walk, hydrate);
    for await (const page of batches) {
      pages = page.number;
      const last = page.next === undefined || (Array.isArray(page.next['ids']) && page.next['ids'].length === 0);
      yield {
        ...page,
        ...(anew === undefined ? {} : { anew }),
        ...(span === undefined ? {} : { span }),
        ...(last && cursor !== undefined ? { cursor } : {}),
      };
    }
  }
}

async function* recordsOf(
  ids: readonly string[],
  list: Position | undefined,
  pagesBefore: number,
  walk: Walk,
  hydrate: Hydrate,
): AsyncGenerator<FetchedPage, void, void> {
  let number = pagesBefore;
  for (let start = 0; start < ids.length; start += hydrate.batch) {
    number += 1;
    const batch = ids.slice(start, start + hydrate.batch);
    const rest = ids.slice(start + hydrate.batch);
    const call = walk.build(hydrate.request, (name) => (name === 'ids' ? [...batch] : undefined));
    const answered = await askSource(call, { spentMs: 0 }, walk);
    const page = locatedIn(call, number, answered, () => toPage(call, number, answered, hydrate.records));
    const more = rest.length > 0 || list !== undefined;
    yield { ...page, ...(more ? { next: written({ ids: rest, list, pages: number }) } : {}) };
  }
}

function idOf(row: JsonValue, { id }: Hydrate, page: number): string {
  const found = id === '' ? row : atPointer(row, id);
  if (typeof found === 'string' || typeof found === 'number') return String(found);
  throw new FetchError('fetch/wrong-shape', `Page ${page} of the list should hold ids, but holds something else.`, {
    hint: 'Check `records` (where the ids lie) and `hydrate.id` of the stream.',
  });
}

function written({ ids, list, pages }: Standing): JsonObject {
  return { ids: [...ids], pages, ...(list === undefined ? {} : { list }) };
}

function readStanding({ ids, list, pages }: Position): Standing {
  return {
    ids: Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [],
    pages: typeof pages === 'number' ? pages : 0,
    ...(isJsonObject(list) ? { list } : {}),
  };
}

import type { Parent } from '../descriptor/descriptor.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { askInBatches } from './ask-in-batches.ts';
import { FetchError } from './fetch-error.ts';
import { inOrder } from './in-order.ts';
import { type Asked, callAbout, failureOf } from './parent-call.ts';
import type { FetchedPage, Position, ReadPagesOptions } from './reading.ts';
import { walkList } from './walk-list.ts';

/** Parents whose children are still to be asked for, and where the list of parents goes on (absent: nowhere). */
type Standing = {
  readonly parents: readonly JsonObject[];
  readonly list?: Position | undefined;
  readonly pages: number;
};

/** Parents whose children make one page. */
const parentsAPage = 50;

/** After so many failures one after the other the source is taken to be down, not the parents to be odd. */
const mostFailuresInARow = 10;

type ListOfParents = (from: Position | undefined) => AsyncGenerator<FetchedPage, void, void>;

/**
 * The children of every row of another list: one call a parent (or one for several, where the source takes batches),
 * so many at once, in the order of the parents. The position holds the parents that are still to come.
 *
 * A parent that is gone (an error that a rule says to ignore) has no children. Any other failure of one parent is
 * counted and the others go on; the reading then ends with `fetch/children-failed`. What refuses the whole endpoint
 * (rights, licence, retirement) ends it at once.
 */
export async function* walkChildren(
  parent: Parent,
  list: ListOfParents,
  options: ReadPagesOptions,
): AsyncGenerator<FetchedPage, void, void> {
  const counts = { asked: 0, failed: 0, inARow: 0, first: undefined as FetchError | undefined };
  const resumed = options.from === undefined ? undefined : readStanding(options.from);
  let pages = resumed?.pages ?? 0;

  async function* pagesOf(from: Standing, listed: Partial<FetchedPage>): AsyncGenerator<FetchedPage, void, void> {
    const { next, cursor, anew, span } = listed;
    for (let start = 0; start === 0 || start < from.parents.length; start += parentsAPage) {
      const some = from.parents.slice(start, start + parentsAPage);
      const rest = from.parents.slice(start + parentsAPage);
      const rows: JsonValue[] = [];
      for await (const [one, asked] of askAbout(some, parent, options)) {
        note(asked, counts);
        rows.push(...rowsOf(one, asked, parent));
      }
      pages += 1;
      const more = rest.length > 0 || next !== undefined;
      yield {
        number: pages,
        url: listed.url ?? '',
        body: rows,
        receivedAt: options.clock.now(),
        rows,
        ...(anew === true && start === 0 ? { anew } : {}),
        ...(span === undefined ? {} : { span }),
        ...(more ? { next: written({ parents: rest, list: next, pages }) } : {}),
        ...(rest.length === 0 && cursor !== undefined && counts.failed === 0 ? { cursor } : {}),
      };
    }
  }

  if (resumed !== undefined && (resumed.parents.length > 0 || resumed.list === undefined)) {
    yield* pagesOf(resumed, resumed.list === undefined ? {} : { next: resumed.list });
  }
  if (resumed === undefined || resumed.list !== undefined) {
    for await (const page of list(resumed?.list)) {
      yield* pagesOf({ parents: page.rows.map((row) => carried(row, parent)), pages }, page);
    }
  }
  if (counts.first !== undefined) throw childrenFailed(counts.first, counts.failed, counts.asked);
}

async function* askAbout(
  parents: readonly JsonObject[],
  parent: Parent,
  options: ReadPagesOptions,
): AsyncGenerator<readonly [JsonObject, Asked], void, void> {
  const { batch, concurrency } = parent;
  if (batch === undefined) {
    yield* inOrder(parents, concurrency, (one) => childrenOf(one, parent, options));
    return;
  }
  const groups = Array.from({ length: Math.ceil(parents.length / batch.size) }, (_, index) =>
    parents.slice(index * batch.size, (index + 1) * batch.size),
  );
  const work = (group: readonly JsonObject[]) => askInBatches(group, batch, (one) => leftOut(one, parent), options);
  for await (const [group, answers] of inOrder(groups, concurrency, work)) {
    for (const [index, one] of group.entries()) yield [one, answers[index] ?? {}];
  }
}

async function childrenOf(one: JsonObject, parent: Parent, options: ReadPagesOptions): Promise<Asked> {
  if (leftOut(one, parent)) return {};
  const children: JsonValue[] = [];
  try {
    for await (const page of walkList(callAbout(one, options), options)) children.push(...page.rows);
    return { children };
  } catch (error) {
    return failureOf(error);
  }
}

function leftOut(one: JsonObject, { unless }: Parent): boolean {
  return Object.entries(unless).some(([field, values]) => values.includes(one[field] ?? null));
}

type Counts = { asked: number; failed: number; inARow: number; first: FetchError | undefined };

function note({ failure }: Asked, counts: Counts): void {
  counts.asked += 1;
  counts.inARow = failure === undefined ? 0 : counts.inARow + 1;
  if (failure === undefined) return;
  counts.failed += 1;
  counts.first ??= failure;
  if (counts.inARow >= mostFailuresInARow) throw childrenFailed(counts.first, counts.failed, counts.asked);
}

function childrenFailed(first: FetchError, failed: number, asked: number): FetchError {
  const message = `${failed} of ${asked} requests for the children of a parent failed; the others were read. The first: ${first.message}`;
  return new FetchError('fetch/children-failed', message, {
    httpStatus: first.httpStatus,
    requestId: first.requestId,
    vendorCode: first.vendorCode,
    hint: first.hint,
  });
}

/** A row for each child, or one for the parent with its children: without them where they are not known. */
function rowsOf(one: JsonObject, { children }: Asked, { gather }: Parent): JsonValue[] {
  if (gather !== undefined) return [children === undefined ? one : { ...one, [gather]: [...children] }];
  return (children ?? []).map((child) => (isJsonObject(child) ? { ...child, parent: one } : child));
}

function carried(row: JsonValue, { carry }: Parent): JsonObject {
  if (!isJsonObject(row)) return {};
  return carry === undefined ? row : Object.fromEntries(Object.entries(row).filter(([key]) => carry.includes(key)));
}

function written({ parents, list, pages }: Standing): JsonObject {
  return { parents: [...parents], pages, ...(list === undefined ? {} : { list }) };
}

function readStanding({ parents, list, pages }: Position): Standing {
  return {
    parents: Array.isArray(parents) ? parents.filter(isJsonObject) : [],
    pages: typeof pages === 'number' ? pages : 0,
    ...(isJsonObject(list) ? { list } : {}),
  };
}

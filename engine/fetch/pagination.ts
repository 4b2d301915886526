import LinkHeader from 'http-link-header';
import type { Pagination } from '../descriptor/descriptor.ts';
import type { JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';
import { parseUrl } from './parse-url.ts';
import { type Call, readCallParameter, withCallParameter } from './call.ts';
import { describeValue } from './describe-value.ts';

/** What the next call is computed from. */
export type AnsweredPage = {
  /** As it was asked, query and all. */
  readonly call: Call;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
};

type Of<Kind extends Pagination['kind']> = Extract<Pagination, { kind: Kind }>;

/** The first page's call: the stream's own, with the parameters that count pages. */
export function firstCall(pagination: Pagination, call: Call): Call {
  switch (pagination.kind) {
    case 'single-page':
    case 'next-link':
    case 'link-header':
    case 'cursor':
    case 'job':
      return call;
    case 'offset':
      return withCallParameter(withSize(call, pagination), pagination, String(pagination.firstOffset));
    case 'page-number':
      return withCallParameter(withSize(call, pagination), pagination, String(pagination.firstPage));
    default:
      return pagination satisfies never;
  }
}

/**
 * The next page's call, or `undefined` after the last page. Where the source sends addresses they are followed as
 * sent, and never to another origin: `fetch/foreign-link`. Something else where a link, cursor or count should be:
 * `fetch/wrong-shape`.
 */
export function nextCall(pagination: Pagination, page: AnsweredPage, itemsOnPage: number): Call | undefined {
  switch (pagination.kind) {
    case 'single-page':
    case 'job':
      return undefined;
    case 'next-link':
      return afterNextLink(pagination, page);
    case 'link-header':
      return afterLinkHeader(pagination, page);
    case 'cursor':
      return afterCursor(pagination, page, itemsOnPage);
    case 'offset':
      return afterOffset(pagination, page, itemsOnPage);
    case 'page-number':
      return afterPageNumber(pagination, page, itemsOnPage);
    default:
      return pagination satisfies never;
  }
}

function withSize(call: Call, { sizeParameter, pageSize, in: place }: Of<'offset'> | Of<'page-number'>): Call {
  if (sizeParameter === undefined || pageSize === undefined) return call;
  return withCallParameter(call, { parameter: sizeParameter, in: place }, String(pageSize));
}

function afterNextLink({ pointer }: Of<'next-link'>, page: AnsweredPage): Call | undefined {
  const link = atPointer(page.body, pointer);
  if (link === undefined || link === null || link === '') return undefined;
  if (typeof link !== 'string') throw wrongShape(`a next link at ${pointer}`, link);
  return { ...page.call, url: followLink(link, page.call.url) };
}

function afterLinkHeader({ rel }: Of<'link-header'>, page: AnsweredPage): Call | undefined {
  const header = page.headers['link'];
  if (header === undefined) return undefined;
  // A link with an anchor is about another document than this page.
  const link = parseLinks(header).find((one) => one.rel.toLowerCase() === rel.toLowerCase() && !('anchor' in one));
  return link === undefined ? undefined : { ...page.call, url: followLink(link.uri, page.call.url) };
}

function parseLinks(header: string): LinkHeader.Reference[] {
  try {
    return LinkHeader.parse(header).refs.filter((ref) => typeof ref.rel === 'string');
  } catch (cause) {
    throw new FetchError('fetch/wrong-shape', 'The Link header of a page cannot be read.', {
      hint: 'The vendor may have changed its paging; the descriptor must be looked at.',
      cause,
    });
  }
}

/** The address a source sends, seen from where it was sent; another origin is `fetch/foreign-link`. */
export function followLink(link: string, from: URL): URL {
  const next = parseUrl(link, from);
  if (next === undefined) throw wrongShape('an address as its next link', link);
  if (next.origin !== from.origin || next.username !== '' || next.password !== '') {
    throw new FetchError(
      'fetch/foreign-link',
      `A next link leads from ${from.origin} to ${next.origin}; nothing was sent there.`,
      {
        hint: 'Check the base address of the connection. A source that pages on another host needs a changed descriptor.',
      },
    );
  }
  next.hash = '';
  return next;
}

/** A cursor of several parts is sent with commas between them. */
function afterCursor(pagination: Of<'cursor'>, page: AnsweredPage, itemsOnPage: number): Call | undefined {
  const { pointer, morePointer, emptyPageEnds } = pagination;
  if (emptyPageEnds === true && itemsOnPage === 0) return undefined;
  const more = morePointer === undefined ? undefined : (atPointer(page.body, morePointer) ?? undefined);
  if (more !== undefined && typeof more !== 'boolean') throw wrongShape(`true or false at ${morePointer ?? ''}`, more);
  const found = atPointer(page.body, pointer) ?? '';
  const cursor = Array.isArray(found) && found.every(isScalar) ? found.map(String).join(',') : found;
  if (more === false || (cursor === '' && more === undefined)) return undefined;
  if (cursor === '' || (typeof cursor !== 'string' && typeof cursor !== 'number')) {
    throw wrongShape(`a cursor at ${pointer}`, found);
  }
  return withCallParameter(page.call, pagination, String(cursor));
}

/**
 * A short page is not taken for the last one: sources hand out fewer rows than asked for, and rows would be lost
 * without a word. Without a total, an empty page ends the list.
 */
function afterOffset(pagination: Of<'offset'>, page: AnsweredPage, itemsOnPage: number): Call | undefined {
  const { totalPointer, firstOffset } = pagination;
  const next = Number(readCallParameter(page.call, pagination)) + itemsOnPage;
  if (itemsOnPage === 0) return undefined;
  if (totalPointer !== undefined && next - firstOffset >= countAt(page.body, totalPointer)) return undefined;
  return withCallParameter(page.call, pagination, String(next));
}

function afterPageNumber(pagination: Of<'page-number'>, page: AnsweredPage, itemsOnPage: number): Call | undefined {
  const { lastPagePointer } = pagination;
  const number = Number(readCallParameter(page.call, pagination));
  const isLast = lastPagePointer === undefined ? itemsOnPage === 0 : number >= countAt(page.body, lastPagePointer);
  return isLast ? undefined : withCallParameter(page.call, pagination, String(number + 1));
}

function countAt(body: JsonValue, pointer: string): number {
  const count = atPointer(body, pointer);
  if (typeof count === 'number') return count;
  if (typeof count === 'string' && /^\d+$/.test(count)) return Number(count);
  throw wrongShape(`a number at ${pointer}`, count);
}

function isScalar(value: JsonValue): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function wrongShape(expected: string, found: JsonValue | undefined): FetchError {
  const message = `A page should have ${expected}, but has ${describeValue(found)}.`;
  return new FetchError('fetch/wrong-shape', message, {
    hint: 'The vendor may have changed its paging; the descriptor must be looked at.',
  });
}

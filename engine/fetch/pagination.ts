import LinkHeader from 'http-link-header';
import type { Pagination } from '../descriptor/descriptor.ts';
import type { JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from './json-pointer.ts';
import { parseUrl } from './parse-url.ts';
import { readParameter, withParameter } from './query-parameter.ts';
import { describeValue } from './describe-value.ts';

/** What the next address is computed from. */
export type AnsweredPage = {
  /** As it was asked, query and all. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonValue;
};

type Of<Kind extends Pagination['kind']> = Extract<Pagination, { kind: Kind }>;

/** The first page's address: the stream's own, with the parameters that count pages. */
export function firstUrl(pagination: Pagination, url: URL): URL {
  switch (pagination.kind) {
    case 'single-page':
    case 'next-link':
    case 'link-header':
    case 'cursor':
      return url;
    case 'offset':
      return withParameter(withSize(url, pagination), pagination.parameter, String(pagination.firstOffset));
    case 'page-number':
      return withParameter(withSize(url, pagination), pagination.parameter, String(pagination.firstPage));
    default:
      return pagination satisfies never;
  }
}

/**
 * The next page's address, or `undefined` after the last page. Where the source sends addresses they are followed as
 * sent, and never to another origin: `fetch/foreign-link`. Something else where a link, cursor or count should be:
 * `fetch/wrong-shape`.
 */
export function nextUrl(pagination: Pagination, page: AnsweredPage, itemsOnPage: number): URL | undefined {
  switch (pagination.kind) {
    case 'single-page':
      return undefined;
    case 'next-link':
      return afterNextLink(pagination, page);
    case 'link-header':
      return afterLinkHeader(pagination, page);
    case 'cursor':
      return afterCursor(pagination, page);
    case 'offset':
      return afterOffset(pagination, page, itemsOnPage);
    case 'page-number':
      return afterPageNumber(pagination, page, itemsOnPage);
    default:
      return pagination satisfies never;
  }
}

function withSize(url: URL, { sizeParameter, pageSize }: Of<'offset'> | Of<'page-number'>): URL {
  if (sizeParameter === undefined || pageSize === undefined) return url;
  return withParameter(url, sizeParameter, String(pageSize));
}

function afterNextLink({ pointer }: Of<'next-link'>, page: AnsweredPage): URL | undefined {
  const link = atPointer(page.body, pointer);
  if (link === undefined || link === null || link === '') return undefined;
  if (typeof link !== 'string') throw wrongShape(`a next link at ${pointer}`, link);
  return followLink(link, page.url);
}

function afterLinkHeader({ rel }: Of<'link-header'>, page: AnsweredPage): URL | undefined {
  const header = page.headers['link'];
  if (header === undefined) return undefined;
  // A link with an anchor is about another document than this page.
  const link = parseLinks(header).find((one) => one.rel.toLowerCase() === rel.toLowerCase() && !('anchor' in one));
  return link === undefined ? undefined : followLink(link.uri, page.url);
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

function afterCursor({ pointer, parameter, morePointer }: Of<'cursor'>, page: AnsweredPage): URL | undefined {
  const more = morePointer === undefined ? undefined : (atPointer(page.body, morePointer) ?? undefined);
  if (more !== undefined && typeof more !== 'boolean') throw wrongShape(`true or false at ${morePointer ?? ''}`, more);
  const cursor = atPointer(page.body, pointer) ?? '';
  if (more === false || (cursor === '' && more === undefined)) return undefined;
  if (cursor === '' || (typeof cursor !== 'string' && typeof cursor !== 'number')) {
    throw wrongShape(`a cursor at ${pointer}`, cursor);
  }
  return withParameter(page.url, parameter, String(cursor));
}

/**
 * A short page is not taken for the last one: sources hand out fewer rows than asked for, and rows would be lost
 * without a word. Without a total, an empty page ends the list.
 */
function afterOffset(pagination: Of<'offset'>, page: AnsweredPage, itemsOnPage: number): URL | undefined {
  const { parameter, totalPointer, firstOffset } = pagination;
  const next = numberIn(page.url, parameter) + itemsOnPage;
  if (itemsOnPage === 0) return undefined;
  if (totalPointer !== undefined && next - firstOffset >= countAt(page.body, totalPointer)) return undefined;
  return withParameter(page.url, parameter, String(next));
}

function afterPageNumber(pagination: Of<'page-number'>, page: AnsweredPage, itemsOnPage: number): URL | undefined {
  const { parameter, lastPagePointer } = pagination;
  const number = numberIn(page.url, parameter);
  const isLast = lastPagePointer === undefined ? itemsOnPage === 0 : number >= countAt(page.body, lastPagePointer);
  return isLast ? undefined : withParameter(page.url, parameter, String(number + 1));
}

function numberIn(url: URL, parameter: string): number {
  return Number(readParameter(url, parameter));
}

function countAt(body: JsonValue, pointer: string): number {
  const count = atPointer(body, pointer);
  if (typeof count === 'number') return count;
  if (typeof count === 'string' && /^\d+$/.test(count)) return Number(count);
  throw wrongShape(`a number at ${pointer}`, count);
}

function wrongShape(expected: string, found: JsonValue | undefined): FetchError {
  const message = `A page should have ${expected}, but has ${describeValue(found)}.`;
  return new FetchError('fetch/wrong-shape', message, {
    hint: 'The vendor may have changed its paging; the descriptor must be looked at.',
  });
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pagination } from '../../engine/descriptor/descriptor.ts';
import { FetchError } from '../../engine/fetch/fetch-error.ts';
import { type AnsweredPage, firstCall, nextCall } from '../../engine/fetch/pagination.ts';

const here = new URL('https://api.example/v1/users?$top=2&$filter=a%20eq%20b');

function page({ url = here, ...more }: Partial<AnsweredPage> & { readonly url?: URL }): AnsweredPage {
  return { call: { method: 'GET', url }, headers: {}, body: {}, ...more };
}

function firstUrl(pagination: Pagination, url: URL): URL {
  return firstCall(pagination, { method: 'GET', url }).url;
}

function nextUrl(pagination: Pagination, from: AnsweredPage, items: number): URL | undefined {
  return nextCall(pagination, from, items)?.url;
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof FetchError) return error.code;
    throw error;
  }
  return undefined;
}

describe('a single page', () => {
  it('has no next one', () => {
    expect(nextUrl({ kind: 'single-page' }, page({ body: { next: 'https://api.example/' } }), 5)).toBeUndefined();
  });
});

describe('next-link pagination', () => {
  const nextLink: Pagination = { kind: 'next-link', pointer: '/@odata.nextLink' };
  const after = (link: unknown) => nextUrl(nextLink, page({ body: { '@odata.nextLink': link as string } }), 1);

  it.each([
    'https://evil.example/v1/users',
    'http://api.example/v1/users',
    'https://api.example:8443/v1/users',
    'https://api.example.evil.example/',
    '//evil.example/v1/users',
    '\\\\evil.example\\users',
    'https://mallory:pw@api.example/v1/users',
    'https://api.example@evil.example/',
    'file:///etc/passwd',
    'data:application/json,[]',
  ])('refuses a link to another place, where the token must not go: %s', (link) => {
    expect(codeOf(() => after(link))).toBe('fetch/foreign-link');
  });

  it('names the other host, but nothing behind it', () => {
    expect(() => after('https://evil.example/x?token=hush')).toThrow(
      /^A next link leads from https:\/\/api\.example to https:\/\/evil\.example; nothing was sent there\.$/,
    );
  });

  it.each([[5], [true], [['https://api.example/']], [{ href: 'https://api.example/' }]])(
    'refuses something that is no text: %j',
    (link) => {
      expect(codeOf(() => after(link))).toBe('fetch/wrong-shape');
    },
  );

  it('refuses a text that is no address', () => {
    expect(codeOf(() => after('https://'))).toBe('fetch/wrong-shape');
  });

  it.each([[undefined], [null], ['']])('stops when the source sends %j', (link) => {
    expect(after(link)).toBeUndefined();
  });

  it('stops when the body is no object at all', () => {
    expect(nextUrl(nextLink, page({ body: [] }), 0)).toBeUndefined();
  });

  it('follows the link exactly as sent, skip token and all', () => {
    const link = 'https://api.example/v1/users?$top=2&$skiptoken=RFNwdAIAAQ%3d%3D.a+b&x=%2f';

    expect(after(link)?.href).toBe(link);
  });

  it('goes on after an empty page that has a link', () => {
    expect(nextUrl(nextLink, page({ body: { '@odata.nextLink': '/v1/users?page=2' } }), 0)?.href).toBe(
      'https://api.example/v1/users?page=2',
    );
  });

  it.each([
    ['/v2/users?page=2', 'https://api.example/v2/users?page=2'],
    ['users2', 'https://api.example/v1/users2'],
    ['?page=2', 'https://api.example/v1/users?page=2'],
  ])('resolves %s from the page that holds it', (link, expected) => {
    expect(after(link)?.href).toBe(expected);
  });

  it('leaves out a fragment, which would make a page seen before look new', () => {
    expect(after('/v1/users?page=2#again')?.href).toBe('https://api.example/v1/users?page=2');
  });
});

describe('link-header pagination', () => {
  const linkHeader: Pagination = { kind: 'link-header', rel: 'next' };
  const after = (link: string) => nextUrl(linkHeader, page({ headers: { link } }), 1);

  it('refuses a link to another host', () => {
    expect(codeOf(() => after('<https://evil.example/>; rel="next"'))).toBe('fetch/foreign-link');
  });

  it('refuses a header that cannot be read', () => {
    expect(codeOf(() => after('https://api.example/; rel=next'))).toBe('fetch/wrong-shape');
  });

  it('stops without header, and without a link of the relation', () => {
    expect(nextUrl(linkHeader, page({}), 1)).toBeUndefined();
    expect(after('<https://api.example/?page=1>; rel="prev"')).toBeUndefined();
  });

  it('finds the relation among others, in any case, in any place, with commas in the address', () => {
    const link = '<https://api.example/?page=1>; rel="self", </v1/users?ids=1,2&page=2>; title="a, b"; rel="last NEXT"';

    expect(after(link)?.href).toBe('https://api.example/v1/users?ids=1,2&page=2');
  });

  it('passes over a link about another document', () => {
    expect(after('</other?page=2>; rel="next"; anchor="/other"')).toBeUndefined();
  });
});

describe('cursor pagination', () => {
  const cursor: Pagination = { kind: 'cursor', pointer: '/meta/next', parameter: 'after' };
  const withMore: Pagination = { ...cursor, morePointer: '/meta/more' };
  const after = (meta: object, pagination: Pagination = cursor) =>
    nextUrl(pagination, page({ body: { meta: meta as Record<string, string> } }), 1);

  it('refuses a cursor that is neither text nor number', () => {
    expect(codeOf(() => after({ next: { a: 1 } }))).toBe('fetch/wrong-shape');
  });

  it('does not end without a word when more is promised but no cursor given', () => {
    expect(codeOf(() => after({ more: true }, withMore))).toBe('fetch/wrong-shape');
  });

  it('refuses a "more" that is neither true nor false', () => {
    expect(codeOf(() => after({ more: 'yes', next: 'a' }, withMore))).toBe('fetch/wrong-shape');
  });

  it.each([[{}], [{ next: null }], [{ next: '' }]])('stops at %j', (meta) => {
    expect(after(meta)).toBeUndefined();
  });

  it('stops when there is no more, though a cursor is sent', () => {
    expect(after({ more: false, next: 'a' }, withMore)).toBeUndefined();
  });

  it('goes by the cursor when "more" is left out', () => {
    expect(after({ next: 'a' }, withMore)?.searchParams.get('after')).toBe('a');
  });

  it('puts the cursor into the same address, encoded, and leaves the rest byte for byte', () => {
    expect(after({ next: 'a b&c=d+e' })?.href).toBe(`${here.href}&after=a%20b%26c%3Dd%2Be`);
  });

  it('replaces the cursor of the page before', () => {
    const url = new URL('https://api.example/?after=1&x=2');

    expect(nextUrl(cursor, page({ url, body: { meta: { next: 0 } } }), 1)?.href).toBe(
      'https://api.example/?x=2&after=0',
    );
  });
});

describe('offset pagination', () => {
  const offset: Pagination = {
    kind: 'offset',
    parameter: 'offset',
    firstOffset: 0,
    pageSize: 100,
    sizeParameter: 'limit',
  };
  const withTotal: Pagination = { ...offset, totalPointer: '/total' };
  const at = (from: number, body: AnsweredPage['body'], rows: number, pagination: Pagination) =>
    nextUrl(pagination, page({ url: new URL(`https://api.example/?offset=${from}`), body }), rows)?.href;

  it('refuses a page without the total it should have', () => {
    expect(codeOf(() => at(0, {}, 5, withTotal))).toBe('fetch/wrong-shape');
  });

  it('does not take a short page for the last, since sources may hand out fewer rows than asked for', () => {
    expect(at(0, [], 7, offset)).toBe('https://api.example/?offset=7');
  });

  it('stops at an empty page', () => {
    expect(at(200, [], 0, offset)).toBeUndefined();
  });

  it('stops at the total, also when it is sent as text', () => {
    expect(at(100, { total: 150 }, 50, withTotal)).toBeUndefined();
    expect(at(100, { total: '150' }, 50, withTotal)).toBeUndefined();
    expect(at(0, { total: 150 }, 100, withTotal)).toBe('https://api.example/?offset=100');
  });

  it('counts the total from the first offset', () => {
    expect(at(1, { total: 3 }, 2, { ...withTotal, firstOffset: 1 })).toBe('https://api.example/?offset=3');
  });

  it('begins with the first offset and the page size', () => {
    expect(firstUrl(offset, here).href).toBe(`${here.href}&limit=100&offset=0`);
  });
});

describe('page-number pagination', () => {
  const numbered: Pagination = { kind: 'page-number', parameter: 'page', firstPage: 1 };
  const withLast: Pagination = { ...numbered, lastPagePointer: '/pages' };
  const at = (number: number, body: AnsweredPage['body'], rows: number, pagination: Pagination) =>
    nextUrl(pagination, page({ url: new URL(`https://api.example/?page=${number}`), body }), rows)?.href;

  it('refuses a page without the last number it should have', () => {
    expect(codeOf(() => at(1, { pages: null }, 5, withLast))).toBe('fetch/wrong-shape');
  });

  it('stops at an empty page', () => {
    expect(at(4, [], 0, numbered)).toBeUndefined();
    expect(at(4, [], 1, numbered)).toBe('https://api.example/?page=5');
  });

  it('stops at the last page named, and not at an empty one before', () => {
    expect(at(3, { pages: 3 }, 5, withLast)).toBeUndefined();
    expect(at(2, { pages: 3 }, 0, withLast)).toBe('https://api.example/?page=3');
  });

  it('begins with the first page, and the size where the source takes one', () => {
    expect(firstUrl(numbered, here).href).toBe(`${here.href}&page=1`);
    expect(firstUrl({ ...numbered, pageSize: 50, sizeParameter: 'per_page' }, here).href).toBe(
      `${here.href}&per_page=50&page=1`,
    );
  });
});

describe('any list, split into pages in any way, walked in any manner', () => {
  const splits = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });

  /** Sources as plain functions from an address to a page, one for each kind. */
  const sources: {
    [Kind in Exclude<Pagination['kind'], 'single-page' | 'job'>]: [Pagination, (pages: number[][]) => Source];
  } = {
    'next-link': [
      { kind: 'next-link', pointer: '/next' },
      (pages) => (url) => {
        const index = numberOf(url, 'p');
        return { rows: pages[index] ?? [], next: index + 1 < pages.length ? `?p=${index + 1}` : null };
      },
    ],
    'link-header': [
      { kind: 'link-header', rel: 'next' },
      (pages) => (url) => {
        const index = numberOf(url, 'p');
        return {
          rows: pages[index] ?? [],
          link: index + 1 < pages.length ? `<?p=${index + 1}>; rel="next"` : undefined,
        };
      },
    ],
    cursor: [
      { kind: 'cursor', pointer: '/next', parameter: 'after' },
      (pages) => (url) => {
        const index = numberOf(url, 'after');
        return { rows: pages[index] ?? [], next: index + 1 < pages.length ? `${index + 1}` : '' };
      },
    ],
    offset: [
      { kind: 'offset', parameter: 'from', firstOffset: 0, pageSize: 5 },
      (pages) => (url) => ({ rows: pages.find(([first]) => first === numberOf(url, 'from')) ?? [] }),
    ],
    'page-number': [
      { kind: 'page-number', parameter: 'page', firstPage: 1 },
      (pages) => (url) => ({ rows: pages[numberOf(url, 'page') - 1] ?? [] }),
    ],
  };

  it.each(Object.entries(sources))('gives each row once and in order: %s', (_, [pagination, makeSource]) => {
    fc.assert(
      fc.property(splits, (sizes) => {
        const { pages, rows } = split(sizes);

        expect(walk(pagination, makeSource(pages))).toEqual(rows);
      }),
    );
  });

  type Source = (url: URL) => { rows: number[]; next?: string | null; link?: string | undefined };

  function numberOf(url: URL, parameter: string): number {
    return Number(url.searchParams.get(parameter) ?? 0);
  }

  function split(sizes: readonly number[]): { pages: number[][]; rows: number[] } {
    let count = 0;
    const pages = sizes.map((size) => Array.from({ length: size }, () => count++));
    return { pages, rows: pages.flat() };
  }

  function walk(pagination: Pagination, source: Source): number[] {
    const seen: number[] = [];
    for (let url: URL | undefined = firstUrl(pagination, new URL('https://api.example/list')); url !== undefined; ) {
      const { rows, link, ...body }: ReturnType<Source> = source(url);
      seen.push(...rows);
      url = nextUrl(
        pagination,
        page({ url, headers: link === undefined ? {} : { link }, body: { ...body, rows } }),
        rows.length,
      );
    }
    return seen;
  }
});

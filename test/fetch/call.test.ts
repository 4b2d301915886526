import { describe, expect, it } from 'vitest';
import { type Call, callKey, readCallParameter, withCallParameter, writtenBody } from '../../engine/fetch/call.ts';
import { fillBody } from '../../engine/fetch/fill-body.ts';
import { pagePosition, readPagePosition } from '../../engine/fetch/page-position.ts';
import { firstCall, nextCall } from '../../engine/fetch/pagination.ts';

const graphql: Call = {
  method: 'POST',
  url: new URL('https://api.example/graphql'),
  body: { kind: 'json', value: { query: 'query($after: String) { rows }', variables: { first: 50 } } },
};
const form: Call = { ...graphql, body: { kind: 'form', fields: { size: '10' } } };
const inBody = { parameter: '/variables/after', in: 'body' } as const;

describe('a parameter in the body', () => {
  it('is set where its pointer says, and nothing else changes', () => {
    const { body } = withCallParameter(graphql, inBody, 'c1');

    expect(body).toEqual({
      kind: 'json',
      value: { query: 'query($after: String) { rows }', variables: { first: 50, after: 'c1' } },
    });
    expect(graphql.body).not.toEqual(body);
  });

  it('is a number where it is one', () => {
    const place = { parameter: '/page', in: 'body' } as const;
    const call = withCallParameter(graphql, place, '7');

    expect(call.body).toMatchObject({ value: { page: 7 } });
    expect(readCallParameter(call, place)).toBe('7');
  });

  it('is a field of a form', () => {
    const place = { parameter: 'page', in: 'body' } as const;

    const call = withCallParameter(form, place, '2');

    expect(readCallParameter(call, place)).toBe('2');
    expect(writtenBody(call.body ?? { kind: 'form', fields: {} })).toEqual({
      contentType: 'application/x-www-form-urlencoded',
      text: 'size=10&page=2',
    });
  });
});

describe('paging inside the body', () => {
  const cursor = {
    kind: 'cursor',
    pointer: '/data/pageInfo/endCursor',
    morePointer: '/data/pageInfo/hasNextPage',
    ...inBody,
  } as const;

  it('walks a GraphQL connection by its cursor', () => {
    const body = { data: { pageInfo: { hasNextPage: true, endCursor: 'c1' } } };

    const next = nextCall(cursor, { call: firstCall(cursor, graphql), headers: {}, body }, 50);

    expect(next).toMatchObject({ method: 'POST', body: { value: { variables: { first: 50, after: 'c1' } } } });
    const last = { data: { pageInfo: { hasNextPage: false, endCursor: 'c2' } } };
    expect(nextCall(cursor, { call: graphql, headers: {}, body: last }, 50)).toBeUndefined();
  });

  it('joins a cursor of several parts, and may end at an empty page', () => {
    const parts = { kind: 'cursor', pointer: '/next', parameter: 'next', emptyPageEnds: true } as const;
    const page = { call: { method: 'GET', url: new URL('https://api.example/log') } as const, headers: {} };

    expect(nextCall(parts, { ...page, body: { next: ['17', 'tx-1'] } }, 3)?.url.search).toBe('?next=17%2Ctx-1');
    expect(nextCall(parts, { ...page, body: { next: ['17', 'tx-1'] } }, 0)).toBeUndefined();
  });

  it('tells two pages of one address apart, and resumes with the body', () => {
    const second = withCallParameter(graphql, inBody, 'c1');

    expect(callKey(second)).not.toBe(callKey(graphql));
    const position = JSON.parse(JSON.stringify(pagePosition(second, 2, []))) as Record<string, never>;
    expect(readPagePosition(position, graphql)).toEqual({ call: second, page: 2 });
  });
});

describe('a body with placeholders', () => {
  const values = (name: string) => ({ ids: ['a', 'b'], 'from.s': 1773048600, name: 'x', on: true })[name];

  it('keeps the type of one that stands alone, and writes others into the text', () => {
    const value = { ids: '{ids}', filters: { since: '{from.s}', q: 'name:{name} since {from.s}' }, on: ['{on}'] };

    expect(fillBody({ kind: 'json', value }, values)).toEqual({
      kind: 'json',
      value: { ids: ['a', 'b'], filters: { since: 1773048600, q: 'name:x since 1773048600' }, on: [true] },
    });
  });

  it('leaves the braces of a GraphQL query alone', () => {
    const value = { query: '{users{id}}', variables: { ids: '{ids}' } };

    expect(fillBody({ kind: 'graphql', value }, values)).toEqual({
      kind: 'graphql',
      value: { query: '{users{id}}', variables: { ids: ['a', 'b'] } },
    });
  });

  it('refuses one without a value', () => {
    expect(() => fillBody({ kind: 'form', fields: { a: '{nothing}' } }, values)).toThrow(/\{nothing\}/);
  });
});

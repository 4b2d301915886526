import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../engine/sandbox/start-sandbox.ts';
import { ask, ids, rowsAt, serve, type VendorReply } from './vendor-sandbox.ts';

const now = (): Date => new Date('2026-03-10T00:00:00Z');

/** Ten events, one a day from 2026-02-28, the first event-1. */
const events = `
collections:
  log:
    order: _at
    key: id
    fields:
      _at: { series: [10, 0], digits: 3 }
      id: 'event-{number}'
      at: '{_at}'
      seconds: { timeOf: _at, as: epoch-s }
      kind: { pick: [login, logout] }
    odd: [{ every: 5, at: 4, fields: { kind: secret } }]
`;
const vendor = (answer: string, more = ''): string => `
formatVersion: 1
scale: 10
connection: { url: '{origin}' }
${more}
routes: { log: { path: /log, answer: ${answer} } }
${events}`;

const day = (number: number): string => new Date(Date.UTC(2026, 1, 27 + number)).toISOString();

/** Reads on while there is something to read on with. */
async function walk(sandbox: Sandbox, path: string, next: (reply: VendorReply) => string | undefined) {
  const replies: VendorReply[] = [];
  for (let to: string | undefined = path; to !== undefined; to = next(replies.at(-1) ?? (await ask(sandbox, path)))) {
    replies.push(await ask(sandbox, to));
  }
  return replies;
}

const ends = (first: number, last: number): string[] =>
  Array.from({ length: Math.abs(last - first) + 1 }, (_, at) => `event-${first + Math.sign(last - first) * at}`);

describe('lists by offset', () => {
  const answer = `{ kind: list, collection: log, maxPageSize: 4, paging: { kind: offset, sizeParameter: limit,
    tokenParameter: offset, ceiling: 8, envelope: { rows: '{rows}', metadata: { next_offset: '{nextOffset}', prev_offset: '{previousOffset}', total: '{total}' } } } }`;

  it('say where to go on, how many there are, and on the last page nothing', async () => {
    const sandbox = await serve(vendor(answer.replace('ceiling: 8', 'ceiling: 12')), { now });

    const replies = await walk(sandbox, '/log?limit=4&offset=0', ({ body }) => {
      const { next_offset: offset } = body['metadata'] as { next_offset?: number };
      return offset === undefined ? undefined : `/log?limit=4&offset=${offset}`;
    });

    expect(replies.flatMap((reply) => ids(rowsAt(reply, 'rows')))).toEqual(ends(1, 10));
    expect(replies.map(({ body }) => body['metadata'])).toEqual([
      { next_offset: 4, total: 10 },
      { next_offset: 8, prev_offset: 0, total: 10 },
      { prev_offset: 4, total: 10 },
    ]);
  });

  it.each([
    ['beyond the ceiling', 'limit=4&offset=5', 400],
    ['with a page that is too large', 'limit=5', 400],
    ['with an offset that is no number', 'offset=x', 400],
    ['up to the ceiling', 'limit=4&offset=4', 200],
  ])('%s are answered as they must', async (_, query, status) => {
    expect((await ask(await serve(vendor(answer), { now }), `/log?${query}`)).status).toBe(status);
  });
});

describe('lists by number of page', () => {
  it('count from 1', async () => {
    const answer = '{ kind: list, collection: log, pageSize: 4, paging: { kind: page, tokenParameter: p } }';
    const sandbox = await serve(vendor(answer), { now });

    const pages = await Promise.all([1, 2, 3, 4].map((page) => ask(sandbox, `/log?p=${page}`)));

    expect(pages.map(({ rows }) => ids(rows))).toEqual([ends(1, 4), ends(5, 8), ends(9, 10), []]);
  });
});

describe('lists by token', () => {
  it('may hand out an array of two texts, which comes back joined by a comma or as two parameters', async () => {
    const answer = `{ kind: list, collection: log, pageSize: 4, sort: { default: descending, parameter: sort, choices: { 'ts:asc': ascending } },
      paging: { tokenForm: pair, tokenParameter: next_offset, envelope: { rows: '{rows}', next: '{nextToken}' } } }`;
    const sandbox = await serve(vendor(answer), { now });

    const replies = await walk(sandbox, '/log?sort=ts:asc', ({ body }) => {
      const [at = '', token = ''] = (body['next'] ?? []) as string[];
      if (token === '') return undefined;
      return `/log?sort=ts:asc&next_offset=${at}%2C${token}`;
    });
    const [at = '', token = ''] = replies[0]?.body['next'] as string[];
    const repeated = await ask(sandbox, `/log?sort=ts:asc&next_offset=${at}&next_offset=${token}`);

    expect(at).toMatch(/^\d{13}$/);
    expect(replies.flatMap((reply) => ids(rowsAt(reply, 'rows')))).toEqual(ends(1, 10));
    expect(ids(rowsAt(repeated, 'rows'))).toEqual(ends(5, 8));
    expect(ids(rowsAt(await ask(sandbox, '/log'), 'rows'))).toEqual(ends(10, 7));
  });

  it('expire', async () => {
    let time = now();
    const answer = `{ kind: list, collection: log, row: '{id}', pageSize: 4, paging: { tokenParameter: offset, tokenSeconds: 120,
      envelope: { meta: { offset: '{nextToken}', expires_at: '{tokenExpiresMs}' }, resources: '{rows}' } } }`;
    const sandbox = await serve(vendor(answer), { now: () => time });
    const { body } = await ask(sandbox, '/log');
    const { offset, expires_at: expiresAt } = body['meta'] as { offset: string; expires_at: number };
    const again = async (seconds: number): Promise<number> => {
      time = new Date(now().getTime() + seconds * 1000);
      return (await ask(sandbox, `/log?offset=${offset}`)).status;
    };

    expect(body['resources']).toEqual(ends(1, 4));
    expect(expiresAt).toBe(now().getTime() + 120_000);
    expect([await again(119), await again(121)]).toEqual([200, 400]);
  });

  it('may stand in the body of a POST', async () => {
    const answer = `{ kind: list, collection: log, pageSize: 6, paging: { tokenParameter: /after, sizeParameter: /size, envelope: { items: '{rows}', after: '{nextToken}' } } }`;
    const sandbox = await serve(vendor(answer).replace('path: /log,', 'method: POST, path: /log,'), { now });

    const first = await ask(sandbox, '/log', { body: { size: 4 } });
    const second = await ask(sandbox, '/log', { body: { size: 4, after: first.body['after'] ?? null } });

    expect(ids(rowsAt(second, 'items'))).toEqual(ends(5, 8));
  });
});

describe('the endless list', () => {
  const answer = `{ kind: list, collection: log, pageSize: 4, filters: [{ parameter: since, field: _at, is: '>=', unit: iso, once: true }, { parameter: until, field: _at, is: '<', unit: iso }],
    paging: { sizeParameter: limit, tokenParameter: after, linkHeader: true, endlessUnless: until } }`;
  const links = ({ headers }: VendorReply): string | undefined =>
    /<([^<>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];

  it('is an array at the root, with two Link lines that do not repeat where it began', async () => {
    const sandbox = await serve(vendor(answer), { now });

    const reply = await ask(sandbox, `/log?limit=3&since=${day(4)}`);

    expect(ids(reply.rows)).toEqual(ends(4, 6));
    expect(reply.headers.get('link')).toMatch(/^<[^<>]*since=[^<>]*>; rel="self", <[^<>]*>; rel="next"$/);
    expect([...new URL(links(reply) ?? '').searchParams.keys()]).toEqual(['limit', 'after']);
  });

  it('has a next link after an empty page, where a late event is found', async () => {
    const sandbox = await serve(vendor(answer), { now });
    const replies = [await ask(sandbox, `/log?limit=20&since=${day(4)}`)];
    const follow = async (): Promise<VendorReply> => ask(sandbox, links(replies.at(-1) as VendorReply) ?? '');
    replies.push(await follow());

    sandbox.change('log:append:4d');
    replies.push(await follow(), await follow());

    expect(replies.map(({ rows }) => ids(rows))).toEqual([ends(4, 10), [], ['event-11'], ['event-11']]);
    expect(replies[2]?.rows[0]?.['at']).toBe('2026-03-06T00:00:00.000Z');
  });

  it('finds what comes after a beginning at which nothing has come yet', async () => {
    const sandbox = await serve(vendor(answer), { now });
    const first = await ask(sandbox, `/log?since=${day(30)}`);
    sandbox.change(['log:append'].join());

    expect([ids(first.rows), ids((await ask(sandbox, links(first) ?? '')).rows)]).toEqual([[], ['event-11']]);
  });

  it('ends where an end was asked for', async () => {
    const sandbox = await serve(vendor(answer), { now });

    const reply = await ask(sandbox, `/log?since=${day(4)}&until=${day(6)}`);

    expect([ids(reply.rows), links(reply)]).toEqual([ends(4, 5), undefined]);
  });
});

describe('windows of time', () => {
  const answer = `{ kind: list, collection: log, sort: { default: ascending }, heldBackSeconds: 86400, filters: [
    { parameter: mintime, pattern: '^(\\d{13})$', field: _at, is: '>=', unit: ms, required: true, below: maxtime, oldestDays: 180 },
    { parameter: maxtime, pattern: '^(\\d{13})$', field: _at, is: '<=', unit: ms, required: true } ] }`;
  const window = (from: number, to: number): string =>
    `/log?mintime=${Date.parse(day(from))}&maxtime=${Date.parse(day(to))}`;

  it('give what lies in them, late and updated events among them, and hold back what is fresh', async () => {
    const sandbox = await serve(vendor(answer), { now });
    const before = ids((await ask(sandbox, window(3, 20))).rows);

    sandbox.change('log:append:5d');
    sandbox.change({ append: 'log' });
    sandbox.change({ update: 'log', number: 4, fields: { _at: { ago: '3d' } } });
    sandbox.change('log:delete:5');
    const after = ids((await ask(sandbox, window(3, 20))).rows);

    expect(before).toEqual(ends(3, 9));
    expect(after).toEqual(['event-3', 'event-11', 'event-6', 'event-7', 'event-4', 'event-8', 'event-9']);
  });

  it.each([
    ['without one of its ends', '/log?mintime=1773133200000'],
    ['with seconds for milliseconds', '/log?mintime=1773133200&maxtime=1773133300'],
    ['whose ends are the same', window(5, 5)],
    ['that begin too long ago', window(-190, 5)],
  ])('%s are refused', async (_, path) => {
    expect((await ask(await serve(vendor(answer), { now }), path)).status).toBe(400);
  });

  it('are found in a language of filters', async () => {
    const language = `{ kind: list, collection: log, hides: { kind: [secret] }, showsWith: [filter], filters: [
      { parameter: filter, pattern: "_at:>='([^']+)'", field: _at, is: '>=', unit: iso },
      { parameter: filter, pattern: "kind:'([^']+)'", field: kind }, { parameter: kinds, field: kind, is: in } ] }`;
    const sandbox = await serve(vendor(language), { now });
    const read = async (query: string): Promise<string[]> => ids((await ask(sandbox, `/log?${query}`)).rows);
    const filter = encodeURIComponent(`_at:>='${day(5)}'+kind:'secret'`);

    expect(await read(`filter=${filter}`)).toEqual(['event-5', 'event-10']);
    expect(await read('filter=' + encodeURIComponent(`_at:>='${day(9)}'`))).toEqual(ends(9, 10));
    expect(await read('kinds=SECRET,other')).toEqual([]);
    expect(await read('')).toHaveLength(8);
    expect((await ask(sandbox, '/log?filter=nonsense')).status).toBe(400);
  });
});

describe('children', () => {
  const family = `
formatVersion: 1
scale: 20
connection: { url: '{origin}' }
routes:
  people: { path: /people, answer: { kind: list, collection: people } }
  keys: { path: '/people/{id}/keys', answer: { kind: list, collection: keys, parent: id } }
collections:
  people: { key: id, fields: { id: { uuid: true }, name: 'Person {number}' } }
  keys: { each: { collection: people, count: [0, 3] }, key: id, fields: { id: 'key-{number}', of: '{parent.name}' } }
`;

  it('belong to their parent, between the least and the most of them', async () => {
    const sandbox = await serve(family);
    const people = (await ask(sandbox, '/people')).rows;

    const keys = await Promise.all(people.map(({ id }) => ask(sandbox, `/people/${id}/keys`)));

    expect(keys.every(({ rows }, at) => rows.every((row) => row['of'] === people[at]?.['name']))).toBe(true);
    expect(new Set(keys.map(({ rows }) => rows.length))).toEqual(new Set([0, 1, 2, 3]));
    const all = keys.flatMap(({ rows }) => ids(rows));
    expect(new Set(all).size).toBe(all.length);
  });

  it('go with their parent, and come one by one', async () => {
    const sandbox = await serve(family);
    const [first, second] = ids((await ask(sandbox, '/people')).rows);
    const before = (await ask(sandbox, `/people/${second ?? ''}/keys`)).rows.length;

    sandbox.change([
      { delete: 'people', number: 1 },
      { append: 'keys', parent: 2, fields: { name: 'new' } },
    ]);
    const reply = await ask(sandbox, `/people/${second ?? ''}/keys`);

    expect((await ask(sandbox, `/people/${first ?? ''}/keys`)).status).toBe(404);
    expect(reply.rows).toHaveLength(before + 1);
    expect(reply.rows.at(-1)).toMatchObject({ of: 'Person 2', name: 'new' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch, Parent } from '../../engine/descriptor/descriptor.ts';
import { expandTemplate } from '../../engine/fetch/expand-template.ts';
import { fillBody } from '../../engine/fetch/fill-body.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import type { ReadPagesOptions } from '../../engine/fetch/reading.ts';
import { httpClient, noRules, readOptions } from '../support/fetch-options.ts';
import { readAll } from '../support/read-all.ts';
import { json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

let source: SourceServer;
let http: HttpClient;

const users = Array.from({ length: 5 }, (_, index) => ({
  id: `u${index + 1}`,
  login: `l${index + 1}`,
  status: 'ACTIVE',
}));

beforeEach(async () => {
  source = await startSourceServer();
  http = httpClient([source.origin]);
  source.on('/v1/users', ({ query }) =>
    query['after'] === '3' ? json({ users: users.slice(3) }) : json({ users: users.slice(0, 3), after: 3 }),
  );
  for (const { id } of users) source.on(`/v1/users/${id}/factors`, json([{ f: `${id}-a` }, { f: `${id}-b` }]));
});

afterEach(async () => {
  http.close();
  await source.close();
});

const everyday: Parent = { stream: 'users', unless: {}, concurrency: 2 };
const bare = { method: 'GET' as const, query: {}, headers: {} };

function options(parent: Partial<Parent> = {}, more: Partial<ReadPagesOptions> = {}): ReadPagesOptions {
  const build: ReadPagesOptions['build'] = ({ method, path, body }, values) => ({
    method,
    url: source.url(`/v1${expandTemplate(path, (name) => values(name) as string | undefined)}`),
    ...(body === undefined ? {} : { body: fillBody(body, values) }),
  });
  const list = readOptions({
    url: source.url('/v1/users'),
    http,
    pagination: { kind: 'cursor', pointer: '/after', parameter: 'after' },
    records: { kind: 'rows', pointer: '/users' },
  });
  return readOptions({
    url: source.url('/v1'),
    call: (values) => build({ ...bare, path: '/users/{parent.id}/factors' }, (name) => values?.(name)),
    build,
    http,
    records: { kind: 'rows', pointer: '' },
    children: { parent: { ...everyday, ...parent }, list },
    ...more,
  });
}

const ignoring = {
  ...noRules,
  rules: [{ status: [404], means: 'ignore' as const, message: 'The user is gone.', hint: 'None needed.' }],
};

describe('children that cannot be read', () => {
  it('of one parent are counted and told, and the others are read', async () => {
    source.on('/v1/users/u2/factors', status(400));

    const { rows, code, error } = await readAll(options({ carry: ['id'] }));

    expect(rows).toHaveLength(8);
    expect(code).toBe('fetch/children-failed');
    expect(String(error)).toContain('1 of 5 requests');
  });

  it('leave a gathered parent without them, never with none', async () => {
    source.on('/v1/users/u2/factors', status(400));
    source.on('/v1/users/u3/factors', json([]));

    const { rows } = await readAll(options({ gather: 'factors' }));

    expect(rows[1]).toEqual(users[1]);
    expect(rows[2]).toEqual({ ...users[2], factors: [] });
  });

  it('of a parent that is gone are nobody’s fault', async () => {
    source.on('/v1/users/u2/factors', status(404));

    const { rows, error } = await readAll(options({}, { errors: ignoring }));

    expect(error).toBeUndefined();
    expect(rows).toHaveLength(8);
  });

  it('for want of rights end the stream at once', async () => {
    for (const { id } of users) source.on(`/v1/users/${id}/factors`, status(403));

    const { code, pages } = await readAll(options());

    expect(code).toBe('fetch/permission-denied');
    expect(pages).toEqual([]);
    expect(source.requests.length).toBeLessThan(5);
  });

  it('of ten parents in a row end the stream', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ id: `x${index}` }));
    source.on('/v1/users', json({ users: many }));
    for (const { id } of many) source.on(`/v1/users/${id}/factors`, status(400));

    const { code, error } = await readAll(options());

    expect(code).toBe('fetch/children-failed');
    expect(String(error)).toContain('10 of 10');
  });
});

describe('children', () => {
  it('come in the order of their parents, each with its parent', async () => {
    const { rows, pages, error } = await readAll(options({ carry: ['id', 'login'] }));

    expect(error).toBeUndefined();
    expect(rows.map((row) => (row as { f: string }).f)).toEqual(users.flatMap(({ id }) => [`${id}-a`, `${id}-b`]));
    expect(rows[2]).toEqual({ f: 'u2-a', parent: { id: 'u2', login: 'l2' } });
    expect(pages.map(({ number, rows: { length } }) => [number, length])).toEqual([
      [1, 6],
      [2, 4],
    ]);
    expect(pages.at(-1)?.next).toBeUndefined();
  });

  it('are asked for no more than so many parents at once', async () => {
    let underWay = 0;
    let most = 0;
    for (const { id } of users) {
      source.on(`/v1/users/${id}/factors`, async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 10));
        underWay -= 1;
        return json([{ f: id }]);
      });
    }

    await readAll(options({ concurrency: 3 }));

    expect(most).toBe(3);
  });

  it('are not asked for where the parent says so', async () => {
    source.on('/v1/users', json({ users: [users[0] ?? {}, { id: 'u2', status: 'SUSPENDED' }] }));

    const { rows } = await readAll(options({ gather: 'factors', unless: { status: ['SUSPENDED'] } }));

    expect(rows[1]).toEqual({ id: 'u2', status: 'SUSPENDED' });
    expect(source.requests.some(({ path }) => path.includes('u2'))).toBe(false);
  });

  it('resume with the parents that are still to come', async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ id: `x${index}`, extra: 'not carried' }));
    source.on('/v1/users', json({ users: many }));
    for (const { id } of many) source.on(`/v1/users/${id}/factors`, json([{ f: id }]));
    const whole = await readAll(options({ carry: ['id'] }));

    for (const [index, { next }] of whole.pages.entries()) {
      if (next === undefined) continue;
      const from = JSON.parse(JSON.stringify(next)) as typeof next;
      const rest = await readAll(options({ carry: ['id'] }, { from }));
      const before = whole.pages.slice(0, index + 1).flatMap(({ rows }) => rows).length;
      expect(rest.rows).toEqual(whole.rows.slice(before));
    }
    expect(whole.pages).toHaveLength(3);
    expect(JSON.stringify(whole.pages[0]?.next)).not.toContain('not carried');
  });

  it('of no parents at all are an empty page', async () => {
    source.on('/v1/users', json({ users: [] }));

    const { pages } = await readAll(options());

    expect(pages.map(({ rows, next }) => [rows.length, next])).toEqual([[0, undefined]]);
  });
});

describe('children asked for in batches', () => {
  const batch: Batch = {
    request: { ...bare, method: 'POST', path: '/$batch', body: { kind: 'json', value: { requests: '{requests}' } } },
    size: 2,
    idKey: 'id',
    responses: '/responses',
  };

  type Sent = { readonly id: string; readonly method: string; readonly url: string };
  const sent = () =>
    source.requests
      .filter(({ path }) => path === '/v1/$batch')
      .map(({ body }) => (JSON.parse(body) as { requests: Sent[] }).requests);

  function serve(answer: (item: Sent, round: number) => object): void {
    let round = 0;
    source.on('/v1/$batch', ({ body }) => {
      round += 1;
      const { requests } = JSON.parse(body) as { requests: Sent[] };
      return json({ responses: requests.map((item) => ({ id: item.id, ...answer(item, round) })).reverse() });
    });
  }

  it('take one request for several parents, and answers in any order', async () => {
    serve(({ url }) => ({ status: 200, body: [{ f: url }] }));

    const { rows, error } = await readAll(options({ batch, concurrency: 1, carry: ['id'] }));

    expect(error).toBeUndefined();
    expect(sent().map((items) => items.map(({ url }) => url))).toEqual([
      ['/v1/users/u1/factors', '/v1/users/u2/factors'].map((path) => path.replace('/v1', '')),
      ['/users/u3/factors'],
      ['/users/u4/factors', '/users/u5/factors'],
    ]);
    expect(rows[1]).toEqual({ f: '/users/u2/factors', parent: { id: 'u2' } });
  });

  it('ask again only for items that want it, after the longest pause', async () => {
    const waits: number[] = [];
    serve(({ url }, round) =>
      round === 1 && url.includes('u2')
        ? { status: 429, headers: { 'Retry-After': '7' }, body: {} }
        : { status: 200, body: [{ f: url }] },
    );

    const { rows, error } = await readAll(options({ batch, concurrency: 1 }, { onWait: (ms) => waits.push(ms) }));

    expect(error).toBeUndefined();
    expect(rows).toHaveLength(5);
    expect(sent()[1]?.map(({ url }) => url)).toEqual(['/users/u2/factors']);
    expect(waits).toEqual([7000]);
  });

  it('count an item that fails, and pass over one that is gone', async () => {
    serve(({ url }) => ({ status: url.includes('u2') ? 400 : url.includes('u3') ? 404 : 200, body: [{ f: url }] }));

    const { rows, code, error } = await readAll(options({ batch }, { errors: ignoring }));

    expect(rows).toHaveLength(3);
    expect(code).toBe('fetch/children-failed');
    expect(String(error)).toContain('1 of 5');
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hydrate } from '../../engine/descriptor/descriptor.ts';
import { fillBody } from '../../engine/fetch/fill-body.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import type { ReadPagesOptions } from '../../engine/fetch/reading.ts';
import { httpClient, noRules, readOptions } from '../support/fetch-options.ts';
import { readAll } from '../support/read-all.ts';
import { json, type SourceServer, startSourceServer } from '../support/source-server.ts';

let source: SourceServer;
let http: HttpClient;

beforeEach(async () => {
  source = await startSourceServer();
  http = httpClient([source.origin]);
  source.on('/ids', ({ query }) =>
    query['after'] === '2' ? json({ ids: ['d', 'e'] }) : json({ ids: ['a', 'b', 'c'], after: 2 }),
  );
  source.on('/records', ({ body }) => {
    const { ids } = JSON.parse(body) as { ids: string[] };
    return json({ resources: ids.map((id) => ({ id })), errors: [] });
  });
});

afterEach(async () => {
  http.close();
  await source.close();
});

const pairwise: Hydrate = {
  request: {
    method: 'POST',
    path: '/records',
    query: {},
    headers: {},
    body: { kind: 'json', value: { ids: '{ids}' } },
  },
  batch: 2,
  id: '',
  records: { kind: 'rows', pointer: '/resources' },
};

function options(hydrate: Partial<Hydrate> = {}, more: Partial<ReadPagesOptions> = {}): ReadPagesOptions {
  return readOptions({
    url: source.url('/ids'),
    build: ({ method, path, body }, values) => ({
      method,
      url: source.url(path),
      ...(body === undefined ? {} : { body: fillBody(body, values) }),
    }),
    http,
    hydrate: { ...pairwise, ...hydrate },
    pagination: { kind: 'cursor', pointer: '/after', parameter: 'after' },
    records: { kind: 'rows', pointer: '/ids' },
    ...more,
  });
}

async function read(given: ReadPagesOptions) {
  const { pages, rows, error, code } = await readAll(given);
  const message = error instanceof Error ? error.message : undefined;
  return { pages, ids: rows.map((row) => (row as { id: string }).id), code, message };
}

describe('a list of ids', () => {
  it('that holds no ids is of the wrong shape', async () => {
    source.on('/ids', json({ ids: [{ name: 'x' }] }));

    expect((await read(options())).code).toBe('fetch/wrong-shape');
  });

  it('is followed by its records, in batches, a page each, in order', async () => {
    const { pages, ids } = await read(options());

    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(pages.map(({ number, rows }) => [number, rows.length])).toEqual([
      [1, 2],
      [2, 1],
      [3, 2],
    ]);
    expect(pages.at(-1)?.next).toBeUndefined();
  });

  it('may hold the ids inside objects', async () => {
    source.on('/ids', json({ ids: [{ device: { uid: 7 } }] }));

    expect((await read(options({ id: '/device/uid' }))).ids).toEqual(['7']);
  });

  it('without ids asks for no records, and is a page all the same', async () => {
    source.on('/ids', json({ ids: [] }));

    const { pages } = await read(options());

    expect(pages.map(({ rows, next }) => [rows.length, next])).toEqual([[0, undefined]]);
    expect(source.requests).toHaveLength(1);
  });

  it('resumes at any page with exactly what is missing', async () => {
    const { pages, ids } = await read(options());

    for (const [index, { next }] of pages.entries()) {
      if (next === undefined) continue;
      const rest = await read(options({}, { from: JSON.parse(JSON.stringify(next)) as typeof next }));
      const before = pages.slice(0, index + 1).flatMap(({ rows }) => rows).length;
      expect(rest.ids).toEqual(ids.slice(before));
      expect(rest.pages[0]?.number).toBe(index + 2);
    }
  });
});

describe('an error inside a success', () => {
  const errors = {
    ...noRules,
    codePointers: ['/errors/0/code'],
    messagePointers: ['/errors/0/message'],
    failedWhen: [{ pointer: '/errors' }],
    rules: [{ code: ['404'], means: 'ignore' as const, message: 'Gone.', hint: 'None.' }],
  };

  it('fails the stream', async () => {
    source.on('/records', json({ resources: [], errors: [{ code: 500, message: 'broken' }] }));

    expect((await read(options({}, { errors }))).code).toBe('fetch/bad-request');
  });

  it('passes where a rule says to ignore it: an id that is gone gives no record', async () => {
    source.on('/records', json({ resources: [{ id: 'a' }], errors: [{ code: 404, message: 'no such id' }] }));

    expect((await read(options({}, { errors }))).ids).toEqual(['a', 'a', 'a']);
  });

  it('is not hidden by one to ignore beside it', async () => {
    const gone = { code: 404, message: 'no such id' };
    source.on('/records', json({ resources: [{ id: 'a' }], errors: [gone, { code: 500, message: 'broken' }] }));

    const failed = await read(options({}, { errors }));

    expect(failed).toMatchObject({ ids: [], code: 'fetch/bad-request' });
    expect(failed.message).toContain('answered 200, 500: “broken”');
  });

  it('is told by a value that is none of the good ones', async () => {
    const stat = { ...noRules, failedWhen: [{ pointer: '/stat', not: ['OK'] }] };
    source.on('/ids', json({ stat: 'FAIL', ids: [] }));
    const failed = await read(options({}, { errors: stat }));
    source.on('/ids', json({ stat: 'OK', ids: [] }), json({ ids: [] }));

    expect(failed.code).toBe('fetch/bad-request');
    expect((await read(options({}, { errors: stat }))).code).toBeUndefined();
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorReading, NextLinkCursor, TimeCursor } from '../../engine/descriptor/descriptor.ts';
import { expandTemplate } from '../../engine/fetch/expand-template.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import type { ReadPagesOptions } from '../../engine/fetch/reading.ts';
import { testClock } from '../support/clock.ts';
import { httpClient, noRules, readOptions } from '../support/fetch-options.ts';
import { readAll } from '../support/read-all.ts';
import { json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

let source: SourceServer;
let http: HttpClient;

beforeEach(async () => {
  source = await startSourceServer();
  http = httpClient([source.origin]);
});

afterEach(async () => {
  http.close();
  await source.close();
});

/** Now is 12:00; the address has the span as minutes and seconds of that day. */
async function read(query: string, more: Partial<ReadPagesOptions>) {
  const options = readOptions({
    url: source.url('/log'),
    call: (values) => ({
      method: 'GET',
      url: source.url(`/log${expandTemplate(query, values ?? (() => undefined))}`),
    }),
    http,
    clock: testClock('2026-03-04T12:00:00.700Z'),
    pagination: { kind: 'next-link', pointer: '/next' },
    ...more,
  });
  return readAll(options);
}

/** Every way a reading may be cut: the pages up to each, then those from its position on. */
async function readInTwo(query: string, more: Partial<ReadPagesOptions>): Promise<unknown[][]> {
  const whole = await read(query, more);
  const halves: unknown[][] = [];
  for (const [index, { next }] of whole.pages.entries()) {
    if (next === undefined) continue;
    const before = whole.pages.slice(0, index + 1).flatMap(({ rows }) => rows);
    // A position comes back from disk.
    const from = JSON.parse(JSON.stringify(next)) as typeof next;
    const rest = await read(query, { ...more, from });
    expect(rest.error).toBeUndefined();
    expect(rest.pages.map(({ number }) => number)).toEqual(whole.pages.slice(index + 1).map(({ number }) => number));
    expect(rest.pages.at(-1)?.cursor).toEqual(whole.pages.at(-1)?.cursor);
    halves.push([...before, ...rest.rows]);
  }
  return halves;
}

const asked = () => source.requests.map(({ path }) => path);

describe('a whole list', () => {
  beforeEach(() => {
    source.on('/log', json({ value: [1, 2], next: '/log/2' }));
    source.on('/log/2', json({ value: [3], next: '/log/3' }));
    source.on('/log/3', json({ value: [4] }));
  });

  it('goes on from any of its pages as if nothing had happened', async () => {
    expect(await readInTwo('', {})).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  it.each([400, 404, 410])('is read anew where the source answers %i to the place of a reading', async (code) => {
    source.on('/log/3', status(code), json({ value: [4] }));

    const { rows, pages } = await read('', { from: { url: source.url('/log/3').href, page: 3 } });

    expect(rows).toEqual([1, 2, 3, 4]);
    expect(pages[0]).toMatchObject({ anew: true, number: 3 });
    expect(pages[1]?.anew).toBeUndefined();
  });

  it('is read anew where the place is not one of its own source', async () => {
    const { rows } = await read('', { from: { url: 'https://elsewhere.example/log/3', page: 3 } });

    expect(rows).toEqual([1, 2, 3, 4]);
  });

  it('writes no secret into a position, though the source repeats it in its links', async () => {
    source.on('/log', json({ value: [1], next: '/log/2?token=s3cret-key&at=a%2Fb' }));
    const signer = {
      sign: (request: never) => Promise.resolve(request),
      renew: () => false,
      secrets: () => ['s3cret-key'],
    };

    const { pages } = await read('', { signer });

    expect(pages[0]?.next).toEqual({ url: source.url('/log/2?at=a%2Fb').href, page: 2 });
  });
});

const hours: TimeCursor = {
  kind: 'time',
  lookback: '2h',
  query: {},
  stepMs: 3_600_000,
  overlapMs: 0,
  latenessMs: 0,
  bounds: 'inclusive',
};
const timed = { cursor: hours, lookbackMs: 7_200_000 };
const span = '?from={from.iso}&to={to.iso}';

describe('a cursor by time', () => {
  it('reads nothing where the cursor has reached now', async () => {
    const { pages } = await read(span, { ...timed, since: { until: '2026-03-04T12:00:00.000Z' } });

    expect(pages).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it('says so where the saved cursor is none', async () => {
    const { error } = await read(span, { ...timed, since: { until: 'yesterday' } });

    expect(error).toMatchObject({ code: 'state/unreadable' });
  });

  it('fails where one second holds more than the source gives of a window', async () => {
    source.on('/log', json({ value: [1, 2, 3] }));

    const { error } = await read(span, { ...timed, cursor: { ...hours, ceiling: 3 } });

    expect(error).toMatchObject({ code: 'fetch/window-too-full' });
  });

  it('reads back to the lookback at first, a step at a time, and ends where now is, in whole seconds', async () => {
    source.on('/log', json({ value: [1] }), json({ value: [2] }));

    const { pages } = await read(span, timed);

    expect(asked()).toEqual([
      '/log?from=2026-03-04T10:00:00Z&to=2026-03-04T11:00:00Z',
      '/log?from=2026-03-04T11:00:00Z&to=2026-03-04T12:00:00Z',
    ]);
    expect(pages.map(({ cursor, next }) => [cursor, next !== undefined])).toEqual([
      [{ until: '2026-03-04T11:00:00.000Z' }, true],
      [{ until: '2026-03-04T12:00:00.000Z' }, false],
    ]);
  });

  it('goes on from its cursor, less the overlap, up to what the source is sure of', async () => {
    source.on('/log', json({ value: [1] }));
    const cursor = { ...hours, overlapMs: 600_000, latenessMs: 120_000 };

    const { pages } = await read('?from={from.s}&to={to.ms}', {
      ...timed,
      cursor,
      since: { until: '2026-03-04T11:30:00.000Z' },
    });

    expect(asked()).toEqual([`/log?from=${Date.UTC(2026, 2, 4, 11, 20) / 1000}&to=${Date.UTC(2026, 2, 4, 11, 58)}`]);
    expect(pages[0]?.cursor).toEqual({ until: '2026-03-04T11:58:00.000Z' });
  });

  it('takes a second more where the source leaves out both ends', async () => {
    source.on('/log', json({ value: [1] }));

    await read(span, { ...timed, cursor: { ...hours, bounds: 'exclusive' } });

    expect(source.requests[1]?.query).toEqual({ from: '2026-03-04T10:59:59Z', to: '2026-03-04T12:00:00Z' });
  });

  it('halves a window that reaches the ceiling, and grows again behind it', async () => {
    const busy = Date.UTC(2026, 2, 4, 10, 20);
    source.on('/log', ({ query }) => {
      const [from = 0, to = 0] = [query['from'], query['to']].map((time) => Date.parse(time ?? ''));
      return json({ value: from <= busy && busy < to && to - from > 900_000 ? ['a', 'b', 'c'] : [from] });
    });

    await read(span, { ...timed, cursor: { ...hours, ceiling: 3 } });

    expect(source.requests.map(({ query }) => `${query['from']?.slice(11, 16)}-${query['to']?.slice(11, 16)}`)).toEqual(
      ['10:00-11:00', '10:00-10:30', '10:00-10:15', '10:15-10:45', '10:15-10:30', '10:30-11:00', '11:00-12:00'],
    );
  });

  it('advances by the largest time seen in a field, however the rows are ordered', async () => {
    const times = ['2026-03-04T11:10:00.250Z', '2026-03-04T11:40:00.500Z', '2026-03-04T11:20:00Z'];
    source.on('/log', json({ value: times.map((at) => ({ at })) }), json({ value: [] }));
    const cursor: TimeCursor = {
      kind: 'time',
      lookback: '2h',
      query: {},
      overlapMs: 0,
      latenessMs: 0,
      bounds: 'inclusive',
      field: '/at',
    };

    const first = await read(span, { ...timed, cursor });
    const second = await read(span, { ...timed, cursor, since: first.pages[0]?.cursor });

    expect(first.pages[0]?.cursor).toEqual({ until: '2026-03-04T11:40:00.500Z' });
    expect(source.requests[1]?.query['from']).toBe('2026-03-04T11:40:00Z');
    expect(second.pages[0]?.cursor).toBeUndefined();
  });

  it('goes on from any page of any window as if nothing had happened', async () => {
    source.on('/log', ({ query }) =>
      json({ value: [query['from'], 'more'], next: `/log/2?from=${query['from'] ?? ''}` }),
    );
    source.on('/log/2', ({ query }) => json({ value: [query['from']] }));

    const halves = await readInTwo(span, timed);

    const [ten, eleven] = ['2026-03-04T10:00:00Z', '2026-03-04T11:00:00Z'];
    expect(halves).toEqual(Array.from({ length: 3 }, () => [ten, 'more', ten, eleven, 'more', eleven]));
  });
});

const endless: NextLinkCursor = { kind: 'next-link', lookback: '2h', query: {}, overlapMs: 600_000, field: '/at' };
const links = { cursor: endless, lookbackMs: 7_200_000 };
const at = (time: string) => ({ at: `2026-03-04T${time}Z` });

describe('an endless list', () => {
  beforeEach(() => {
    source.on('/log', json({ value: [at('10:00:00'), at('10:01:00')], next: '/log?after=2' }));
  });

  it('ends at a page without rows, and keeps its link', async () => {
    source.on('/log', ({ query }) =>
      query['after'] === undefined
        ? json({ value: [at('10:30:00')], next: '/log?after=1' })
        : json({ value: [], next: '/log?after=1b' }),
    );

    const { pages, error } = await read('?since={from.iso}', links);

    expect(error).toBeUndefined();
    expect(asked()).toEqual(['/log?since=2026-03-04T10:00:00Z', '/log?after=1']);
    expect(pages.at(-1)).toMatchObject({
      cursor: { url: source.url('/log?after=1b').href, until: '2026-03-04T10:30:00.000Z' },
    });
  });

  it('ends also where the link of an empty page is its own', async () => {
    source.on('/log', json({ value: [], next: '/log?after=1' }));

    const { pages, error } = await read('', {
      ...links,
      since: { url: source.url('/log?after=1').href, until: '2026-03-04T11:00:00Z' },
    });

    expect(error).toBeUndefined();
    expect(pages).toMatchObject([{ number: 1, cursor: { url: source.url('/log?after=1').href } }]);
  });

  it('asks by time, less the overlap, where the source refuses the link', async () => {
    source.on('/log', ({ query }) => {
      if (query['after'] === 'old') return status(400);
      return json(
        query['after'] === undefined
          ? { value: [at('11:01:00')], next: '/log?after=new' }
          : { value: [], next: '/log?after=new' },
      );
    });

    const { rows } = await read('?since={from.iso}', {
      ...links,
      since: { url: source.url('/log?after=old').href, until: '2026-03-04T11:00:00Z' },
    });

    expect(asked()).toEqual(['/log?after=old', '/log?since=2026-03-04T10:50:00Z', '/log?after=new']);
    expect(rows).toEqual([at('11:01:00')]);
  });

  it('goes on from any page as if nothing had happened', async () => {
    source.on('/log', ({ query }) => {
      const after = Number(query['after'] ?? 0);
      return json({ value: after < 3 ? [at(`10:0${after}:00`)] : [], next: `/log?after=${after + 1}` });
    });

    const halves = await readInTwo('', links);

    expect(halves).toEqual(Array.from({ length: 3 }, () => [at('10:00:00'), at('10:01:00'), at('10:02:00')]));
  });
});

const delta = { cursor: { kind: 'delta-link', pointer: '/delta' } as const };

describe('a delta link', () => {
  it('fails where the last page has none, with its rows delivered', async () => {
    source.on('/log', json({ value: [1] }));

    const { rows, error } = await read('', delta);

    expect(rows).toEqual([1]);
    expect(error).toMatchObject({ code: 'fetch/wrong-shape' });
  });

  it('is refused where it leads to another origin', async () => {
    source.on('/log', json({ value: [1], delta: 'https://elsewhere.example/log' }));

    expect((await read('', delta)).error).toMatchObject({ code: 'fetch/foreign-link' });
  });

  it('is what the next run asks, and stands on the last page', async () => {
    source.on('/log', json({ value: [1], next: '/log/2' }));
    source.on('/log/2', json({ value: [2], delta: '/log/changes?token=1' }));
    source.on('/log/changes', json({ value: [3], delta: '/log/changes?token=2' }));

    const first = await read('', delta);
    const second = await read('', { ...delta, since: first.pages.at(-1)?.cursor });

    expect(first.pages.map(({ cursor }) => cursor)).toEqual([
      undefined,
      { url: source.url('/log/changes?token=1').href },
    ]);
    expect(second.rows).toEqual([3]);
    expect(second.pages[0]).toMatchObject({ number: 1, cursor: { url: source.url('/log/changes?token=2').href } });
  });

  const resync: ErrorReading = {
    ...noRules,
    codePointers: ['/code'],
    rules: [{ code: ['syncStateNotFound'], means: 'resync', message: 'Forgotten.', hint: 'Read all.' }],
  };

  it.each([
    ['410', status(410)],
    ['an error that means resync', status(403, {}, { code: 'syncStateNotFound' })],
  ])('that is answered by %s leads to the whole list', async (_, refusal) => {
    source.on('/log', json({ value: [1, 2], delta: '/log/changes?token=9' }));
    source.on('/log/changes', refusal);

    const { pages, rows } = await read('', {
      ...delta,
      errors: resync,
      since: { url: source.url('/log/changes?token=1').href },
    });

    expect(rows).toEqual([1, 2]);
    expect(pages[0]).toMatchObject({ anew: true, cursor: { url: source.url('/log/changes?token=9').href } });
  });

  it('fails where the whole list is answered by a resync too', async () => {
    source.on('/log', status(403, {}, { code: 'syncStateNotFound' }));

    expect((await read('', { ...delta, errors: resync })).error).toMatchObject({
      code: 'fetch/resync',
      means: 'failed',
    });
  });

  it('goes on from any page of the first reading as if nothing had happened', async () => {
    source.on('/log', json({ value: [1], next: '/log/2' }));
    source.on('/log/2', json({ value: [2], next: '/log/3' }));
    source.on('/log/3', json({ value: [3], delta: '/log/changes' }));

    expect(await readInTwo('', delta)).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorReading, Pagination } from '../../engine/descriptor/descriptor.ts';
import { type FetchTally, newTally } from '../../engine/fetch/ask-source.ts';
import { FetchError } from '../../engine/fetch/fetch-error.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import { createRateLimiter } from '../../engine/fetch/rate-limiter.ts';
import { readPages } from '../../engine/fetch/read-pages.ts';
import type { FetchedPage, ReadPagesOptions } from '../../engine/fetch/reading.ts';
import type { HttpRequest, JsonValue } from '../../engine/records.ts';
import { testClock, type TestClock } from '../support/clock.ts';
import {
  type EssentialOptions,
  everydayRetry,
  httpClient,
  noRules,
  readOptions,
  unsigned,
} from '../support/fetch-options.ts';
import { html, json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

let source: SourceServer;
let http: HttpClient;
let clock: TestClock;
let tally: FetchTally;

beforeEach(async () => {
  source = await startSourceServer();
  http = httpClient([source.origin]);
  clock = testClock();
  tally = newTally();
});

afterEach(async () => {
  http.close();
  await source.close();
});

const nextLink: Pagination = { kind: 'next-link', pointer: '/next' };

function options(more: Partial<EssentialOptions> = {}): ReadPagesOptions {
  return readOptions({ url: source.url('/users'), http, clock, tally, pagination: nextLink, ...more });
}

/** All rows, and the error that ended the reading, if one did. */
async function read(
  more: Partial<EssentialOptions> = {},
): Promise<{ rows: JsonValue[]; pages: FetchedPage[]; error?: unknown }> {
  const pages: FetchedPage[] = [];
  try {
    for await (const page of readPages(options(more))) pages.push(page);
    return { pages, rows: pages.flatMap(({ rows }) => rows) };
  } catch (error) {
    return { pages, rows: pages.flatMap(({ rows }) => rows), error };
  }
}

async function failure(more: Partial<EssentialOptions> = {}): Promise<FetchError> {
  const { error } = await read(more);
  if (error instanceof FetchError) return error;
  throw new Error(`expected a FetchError, got ${String(error)}`);
}

describe('a source that refuses', () => {
  it('with 401 is asked once more, with a renewed token', async () => {
    let token = 'old';
    const signer = {
      ...unsigned,
      sign: (request: HttpRequest) =>
        Promise.resolve({ ...request, headers: { ...request.headers, authorization: token } }),
      renew: (refused: HttpRequest) => {
        expect(refused.headers['authorization']).toBe('old');
        token = 'new';
        return true;
      },
    };
    source.on('/users', ({ headers }) => (headers['authorization'] === 'new' ? json({ value: [1] }) : status(401)));

    const { rows } = await read({ signer });

    expect(rows).toEqual([1]);
    expect(tally).toMatchObject({ requests: 2, retries: 1, waitedMs: 0 });
  });

  it('with 401 twice has refused us', async () => {
    source.on('/users', status(401));

    const error = await failure({ signer: { ...unsigned, renew: () => true } });

    expect(error).toMatchObject({ code: 'fetch/unauthorized', means: 'denied', httpStatus: 401 });
    expect(source.requests).toHaveLength(2);
  });

  it('with 401 is not asked again when the credentials cannot be renewed', async () => {
    source.on('/users', status(401));

    await failure();

    expect(source.requests).toHaveLength(1);
  });

  it.each([
    [403, 'denied', 'fetch/permission-denied'],
    [404, 'failed', 'fetch/not-found'],
    [400, 'failed', 'fetch/bad-request'],
    [410, 'retired', 'fetch/retired'],
  ])('with %i is asked once, and ends as %s', async (code, means, issue) => {
    source.on('/users', status(code));

    const error = await failure();

    expect(error).toMatchObject({ code: issue, means, httpStatus: code });
    expect(source.requests).toHaveLength(1);
  });

  it('tells the ids of the request, for the vendor to find it', async () => {
    source.on('/users', status(403, { 'x-request-id': 'theirs' }));

    const error = await failure({
      requestIdHeader: 'X-Request-Id',
      clientRequestIdHeader: 'X-Client-Id',
      newUuid: () => 'ours',
    });

    expect(error).toMatchObject({ requestId: 'theirs', clientRequestId: 'ours' });
    expect(tally.lastRequest).toEqual({ requestId: 'theirs', clientRequestId: 'ours' });
    expect(source.requests[0]?.headers['x-client-id']).toBe('ours');
  });

  it('is never quoted with our secrets', async () => {
    source.on('/users', status(400, {}, { message: 'bad key hush-hush' }));
    const errors: ErrorReading = { ...noRules, messagePointers: ['/message'] };

    const error = await failure({ errors, signer: { ...unsigned, secrets: () => ['hush-hush'] } });

    expect(error.message).toContain('“bad key ***”');
  });
});

describe('a source that throttles', () => {
  it.each([
    ['seconds', '7', 7000],
    ['a fraction', '2.128', 2128],
    ['a date', 'Wed, 04 Mar 2026 05:06:10 GMT', 3000],
    ['a date that has passed', 'Wed, 04 Mar 2026 05:06:00 GMT', 0],
  ])('is given the pause it asks for: %s', async (_, header, waitedMs) => {
    http.close();
    http = httpClient([source.origin], {}, () => clock.now());
    source.on('/users', status(429, { 'retry-after': header }), json({ value: [1] }));

    const { rows } = await read();

    expect(rows).toEqual([1]);
    expect(tally).toMatchObject({ requests: 2, retries: 1, waitedMs });
  });

  it('without saying how long is given growing pauses', async () => {
    source.on('/users', status(429), status(429), json({ value: [1] }));

    const { rows } = await read();

    expect(rows).toEqual([1]);
    expect(clock.sleeps).toEqual([1000, 2000]);
    expect(tally).toMatchObject({ requests: 3, retries: 2, waitedMs: 3000 });
  });

  it('for ever ends the stream, and nothing hangs', async () => {
    source.on('/users', status(429, { 'retry-after': '20' }));

    const error = await failure({ retry: { ...everydayRetry, maxTries: 1000 } });

    expect(error).toMatchObject({ code: 'fetch/throttled', means: 'failed', httpStatus: 429 });
    expect(error.message).toContain('asked to wait 20 s, more than the 0 s left of the 300 s');
    expect(tally).toMatchObject({ requests: 16, retries: 15, waitedMs: 300_000 });
  });

  it('for longer than the stream may wait ends it at once', async () => {
    source.on('/users', status(429, { 'retry-after': '86400' }));

    const error = await failure();

    expect(error.message).toContain('asked to wait 86400 s');
    expect(source.requests).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
  });

  it('spends one budget over all pages of the stream', async () => {
    source.on('/users', status(429, { 'retry-after': '200' }), json({ value: [1], next: '/more' }));
    source.on('/more', status(429, { 'retry-after': '200' }), json({ value: [2] }));

    const { rows, error } = await read();

    expect(rows).toEqual([1]);
    expect(error).toMatchObject({ code: 'fetch/throttled' });
  });

  it('holds every stream that shares the budget', async () => {
    const limiter = createRateLimiter({ requests: 100, perSeconds: 1, concurrency: 2 }, clock);
    source.on('/users', status(429, { 'retry-after': '30' }), json({ value: [1] }));
    source.on('/devices', json({ value: [2] }));
    const startedAt = clock.now().getTime();
    let otherAskedAt = 0;
    const readOther = async (): Promise<void> => {
      const pages = readPages(options({ limiter, url: source.url('/devices'), tally: newTally() }));
      await pages.next();
      otherAskedAt = clock.now().getTime() - startedAt;
    };
    let other: Promise<void> | undefined;

    await read({
      limiter,
      onWait: () => {
        other ??= readOther();
      },
    });
    await other;

    expect(otherAskedAt).toBeGreaterThanOrEqual(30_000);
  });

  it('holds the next in line as well, who would have had the turn at once', async () => {
    const limiter = createRateLimiter({ requests: 100, perSeconds: 1, concurrency: 1 }, clock);
    const startedAt = clock.now().getTime();
    const askedAt: number[] = [];
    const note = (answer: ReturnType<typeof json>) => () => {
      askedAt.push(clock.now().getTime() - startedAt);
      return answer;
    };
    source.on('/users', note(status(429, { 'retry-after': '30' })), note(json({ value: [1] })));
    source.on('/devices', note(json({ value: [2] })));

    await Promise.all([
      read({ limiter }),
      readPages(options({ limiter, url: source.url('/devices'), tally: newTally() })).next(),
    ]);

    expect(askedAt).toEqual([0, 30_000, 30_000]);
  });
});

describe('a source that counts requests as they arrive', () => {
  const fivePerTen = { requests: 5, perSeconds: 10, concurrency: 1 };

  it('never counts more than it allows, when the first request is slow to arrive', async () => {
    const arrivals = countArrivals([400]);

    await read({ limiter: createRateLimiter(fivePerTen, clock) });

    expect(most(arrivals, 10_000)).toBe(5);
    expect(arrivals).toHaveLength(12);
  });

  it('never counts more than it allows, when a connection takes seconds to set up', async () => {
    const arrivals = countArrivals([]);
    let isFirst = true;
    const slow: HttpClient = {
      ...http,
      send(request, signal, progress) {
        if (isFirst) clock.advance(3000);
        isFirst = false;
        return http.send(request, signal, progress);
      },
    };

    await read({ http: slow, limiter: createRateLimiter(fivePerTen, clock) });

    expect(most(arrivals, 10_000)).toBe(5);
  });

  it('is asked as often as it allows, less a twentieth, though it takes its time to answer', async () => {
    const arrivals = countArrivals([], 1500);

    await read({ limiter: createRateLimiter(fivePerTen, clock) });

    expect(Math.max(...arrivals) - Math.min(...arrivals)).toBeLessThanOrEqual(2 * 10_000 * 1.06 + 1500);
  });

  /** Twelve pages; each request comes so much later than it left, as the delays say, and is answered so much later. */
  function countArrivals(delaysMs: number[], workMs = 0): number[] {
    const arrivals: number[] = [];
    source.on('/users', () => {
      clock.advance(delaysMs.shift() ?? 0);
      arrivals.push(clock.now().getTime());
      clock.advance(workMs);
      return json({ value: [], ...(arrivals.length < 12 && { next: `/users?page=${arrivals.length}` }) });
    });
    return arrivals;
  }

  function most(arrivals: readonly number[], withinMs: number): number {
    const counts = arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + withinMs).length);
    return Math.max(...counts);
  }
});

describe('a source in trouble', () => {
  it('is asked again after a 503', async () => {
    source.on('/users', status(503), json({ value: [1] }));

    const { rows } = await read();

    expect(rows).toEqual([1]);
    expect(tally).toMatchObject({ requests: 2, retries: 1, waitedMs: 1000 });
  });

  it('for ever ends the stream after the tries allowed', async () => {
    source.on('/users', html(503));

    const error = await failure();

    expect(error).toMatchObject({ code: 'fetch/unavailable', means: 'failed', httpStatus: 503 });
    expect(error.message).toContain('Gave up after 4 tries.');
    expect(tally).toMatchObject({ requests: 4, retries: 3 });
  });

  it('is asked again when the connection drops', async () => {
    source.on('/users', { drop: true }, json({ value: [1] }));

    expect((await read()).rows).toEqual([1]);
    expect(tally).toMatchObject({ requests: 2, retries: 1 });
  });

  it('is asked again when the body breaks off', async () => {
    source.on('/users', { body: { value: [1, 2, 3] }, cutAfter: 8 }, json({ value: [1] }));

    expect((await read()).rows).toEqual([1]);
  });

  it('is asked again when JSON ends too early, and told as such when it stays', async () => {
    source.on('/users', { body: '{"value":[{"a":1}' });

    const error = await failure();

    expect(error).toMatchObject({ code: 'fetch/not-json', means: 'failed' });
    expect(error.message).toContain('cut off. Gave up after 4 tries.');
    expect(source.requests).toHaveLength(4);
  });

  it('sends a fresh id with every try', async () => {
    let count = 0;
    source.on('/users', status(503), json({ value: [] }));

    await read({ clientRequestIdHeader: 'client-id', newUuid: () => `id-${++count}` });

    expect(source.requests.map(({ headers }) => headers['client-id'])).toEqual(['id-1', 'id-2']);
  });

  it('tells what it waits for', async () => {
    const waits: [number, string][] = [];
    source.on('/users', status(503), json({ value: [] }));

    await read({ onWait: (ms, why) => waits.push([ms, why]) });

    expect(waits).toEqual([[1000, expect.stringContaining('answered 503')]]);
  });
});

describe('answers of the wrong kind', () => {
  it('HTML instead of JSON ends the stream', async () => {
    source.on('/users', html());

    expect(await failure()).toMatchObject({ code: 'fetch/not-json', means: 'failed', httpStatus: 200 });
    expect(source.requests).toHaveLength(1);
  });

  it('an error with the status of a success is no empty page', async () => {
    source.on('/users', json({ error: { code: 'x' } }));

    const error = await failure();

    expect(error.code).toBe('fetch/wrong-shape');
    expect(error.message).toContain(`It was page 1 of GET ${source.origin}/users.`);
  });

  it('a page that is too large ends the stream', async () => {
    const small = httpClient([source.origin], { maxPageBytes: 100 });
    source.on('/users', json({ value: ['x'.repeat(1000)] }));

    expect(await failure({ http: small })).toMatchObject({ code: 'fetch/too-large', means: 'failed' });
    small.close();
  });

  it('204 says that there is no body', async () => {
    source.on('/users', { status: 204 });

    expect((await failure()).message).toContain('answered 204 with an empty body');
  });
});

describe('a walk that goes wrong', () => {
  it('ends at a foreign next link, with the rows before it delivered and nothing sent there', async () => {
    const other = await startSourceServer();
    source.on('/users', json({ value: [1], next: `${other.origin}/users` }));

    const { rows, error } = await read();

    expect(rows).toEqual([1]);
    expect(error).toMatchObject({ code: 'fetch/foreign-link', means: 'failed' });
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('says of a link that repeats which page and request held it', async () => {
    source.on('/users', json({ value: [1], next: '/users/2' }));
    source.on('/users/2', { headers: { 'request-id': 'request-2' }, body: { value: [2], next: '/users' } });

    const { rows, error } = await read({ requestIdHeader: 'request-id' });

    expect(rows).toEqual([1, 2]);
    expect(error).toMatchObject({ code: 'fetch/paging-loop', requestId: 'request-2' });
    expect(String(error)).toContain('page 2');
  });

  it('ends at a link to the page itself', async () => {
    source.on('/users', json({ value: [1], next: '/users' }));

    const { rows, error } = await read();

    expect(rows).toEqual([1]);
    expect(error).toMatchObject({ code: 'fetch/paging-loop', means: 'failed' });
  });

  it('ends at a link to any page seen before', async () => {
    source.on('/users', json({ value: [1], next: '/b?x=1' }));
    source.on('/b', json({ value: [2], next: '/c' }));
    source.on('/c', json({ value: [3], next: '/b?x=1#new' }));

    const { rows, error } = await read();

    expect(rows).toEqual([1, 2, 3]);
    expect(error).toMatchObject({ code: 'fetch/paging-loop' });
  });

  it('ends when the source does not know the page parameter and sends its first page for ever', async () => {
    source.on('/users', json({ value: [1, 2] }));

    const { error } = await read({ pagination: { kind: 'page-number', parameter: 'page', firstPage: 1 } });

    expect(error).toMatchObject({ code: 'fetch/paging-loop' });
    expect(source.requests).toHaveLength(2);
  });

  it('ends after a thousand empty pages with ever new links', async () => {
    let count = 0;
    source.on('/users', () => json({ value: [], next: `/users?page=${++count}` }));

    const { error } = await read();

    expect(error).toMatchObject({ code: 'fetch/paging-loop' });
    expect(source.requests).toHaveLength(1001);
  });

  it('goes on after an empty page that has a next link', async () => {
    source.on('/users', json({ value: [], next: '/more' }));
    source.on('/more', json({ value: [2] }));

    const { rows, pages } = await read();

    expect(rows).toEqual([2]);
    expect(pages.map(({ number }) => number)).toEqual([1, 2]);
  });
});

describe('an expired page token', () => {
  const rule = {
    code: ['Expired'],
    means: 'expired-page-token',
    message: 'The page token expired.',
    hint: 'Run again.',
  } as const;
  const errors: ErrorReading = { ...noRules, codePointers: ['/code'], rules: [rule] };
  const expired = status(400, {}, { code: 'Expired' });

  it('begins the list once more', async () => {
    source.on('/users', json({ value: [1], next: '/more' }));
    source.on('/more', expired, json({ value: [2] }));

    const { rows, pages } = await read({ errors });

    expect(rows).toEqual([1, 1, 2]);
    expect(pages.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it('ends the stream the second time', async () => {
    source.on('/users', json({ value: [1], next: '/more' }));
    source.on('/more', expired);

    const { rows, error } = await read({ errors });

    expect(rows).toEqual([1, 1]);
    expect(error).toMatchObject({ code: 'fetch/expired-page-token', means: 'failed', vendorCode: 'Expired' });
  });

  it('ends the stream when it is said of the first page, which has no token', async () => {
    source.on('/users', expired);

    expect((await failure({ errors })).code).toBe('fetch/expired-page-token');
    expect(source.requests).toHaveLength(1);
  });
});

describe('interruption', () => {
  it('ends the reading with the reason given, in the middle of a pause', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    source.on('/users', status(503));

    const { error } = await read({ signal: abort.signal, onWait: () => abort.abort(reason) });

    expect(error).toBe(reason);
    expect(source.requests).toHaveLength(1);
  });

  it('asks for no further page when the reader stops', async () => {
    source.on('/users', json({ value: [1], next: '/more' }));

    for await (const page of readPages(options())) {
      expect(page.rows).toEqual([1]);
      break;
    }

    expect(source.requests).toHaveLength(1);
  });
});

describe('a good walk', () => {
  it('follows each link as sent, asks only when the next page is wanted, and counts', async () => {
    source.on('/users', json({ value: [{ id: 1 }], next: '/more?$skiptoken=a%20b+c' }));
    source.on('/more', json({ value: [{ id: 2 }] }));
    const pages = readPages(options({ url: source.url('/users?$top=1') }));

    const first = await pages.next();
    const askedForOne = source.requests.length;
    const second = await pages.next();
    const end = await pages.next();

    expect(first.value).toMatchObject({ number: 1, rows: [{ id: 1 }], url: `${source.origin}/users` });
    expect(askedForOne).toBe(1);
    expect(second.value).toMatchObject({ number: 2, rows: [{ id: 2 }], url: `${source.origin}/more` });
    expect(end.done).toBe(true);
    expect(source.requests.map(({ path }) => path)).toEqual(['/users?$top=1', '/more?$skiptoken=a%20b+c']);
    expect(tally).toMatchObject({ requests: 2, retries: 0, waitedMs: 0 });
  });

  it('asks for JSON, with the headers of the descriptor on every page', async () => {
    source.on('/users', json({ value: [1], next: '/more' }));
    source.on('/more', json({ value: [2] }));

    await read({ headers: { Prefer: 'made-up', Accept: 'application/vnd.example+json' } });

    for (const { headers } of source.requests) {
      expect(headers).toMatchObject({ prefer: 'made-up', accept: 'application/vnd.example+json' });
    }
  });

  it('counts the waiting for a rate limit', async () => {
    const limiter = createRateLimiter({ requests: 1, perSeconds: 2, concurrency: 1 }, clock);
    source.on('/users', json({ value: [1], next: '/more' }));
    source.on('/more', json({ value: [2] }));

    await read({ limiter });

    expect(tally.waitedMs).toBe(2004);
  });

  it('advances an offset by what the source counts, not by what was exploded from it', async () => {
    const group = (name: string) => ({ name, members: [{ n: 1 }, { n: 2 }] });
    source.on('/users', ({ query }) => json({ groups: query['from'] === '0' ? [group('a'), group('b')] : [] }));

    const { rows } = await read({
      pagination: { kind: 'offset', parameter: 'from', firstOffset: 0, pageSize: 2 },
      records: { kind: 'explode', pointer: '/groups', items: '/members', carry: ['name'] },
    });

    expect(rows).toHaveLength(4);
    expect(source.requests.map(({ query }) => query['from'])).toEqual(['0', '2']);
  });
});

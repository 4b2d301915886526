import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../engine/descriptor/descriptor.ts';
import { expandTemplate } from '../../engine/fetch/expand-template.ts';
import { fillBody } from '../../engine/fetch/fill-body.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import { readPages } from '../../engine/fetch/read-pages.ts';
import type { Position, ReadPagesOptions } from '../../engine/fetch/reading.ts';
import { testClock } from '../support/clock.ts';
import { httpClient, readOptions } from '../support/fetch-options.ts';
import { readAll } from '../support/read-all.ts';
import { json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

let source: SourceServer;
let http: HttpClient;

beforeEach(async () => {
  source = await startSourceServer();
  http = httpClient([source.origin]);
  source.on('/export', json({ id: 'j1' }));
  source.on('/export/j1/cancel', json({ status: 'CANCELLED' }));
  source.on('/export/j1/chunks/1', json([{ n: 1 }]));
  source.on('/export/j1/chunks/2', json([{ n: 2 }]));
  source.on('/export/j1/chunks/10', json([{ n: 10 }]));
});

afterEach(async () => {
  http.close();
  await source.close();
});

const bare = (path: string) => ({ path, query: {}, headers: {} });

const everyday: Job = {
  kind: 'job',
  create: { id: '/id', adopt: { status: 409, id: '/active' } },
  status: {
    request: { method: 'GET', ...bare('/export/{job}/status') },
    state: '/status',
    done: ['FINISHED'],
    failed: ['ERROR', 'CANCELLED'],
    chunks: '/ready',
    failedChunks: '/lost',
    reason: '/reason',
  },
  chunk: { method: 'GET', ...bare('/export/{job}/chunks/{chunk}') },
  cancel: { method: 'POST', ...bare('/export/{job}/cancel') },
  parallel: 1,
  poll: { firstSeconds: 2, longestSeconds: 4, giveUpAfterSeconds: 60 },
};

function options(job: Partial<Job> = {}, more: Partial<ReadPagesOptions> = {}): ReadPagesOptions {
  return readOptions({
    url: source.url('/export'),
    call: () => ({ method: 'POST', url: source.url('/export'), body: { kind: 'json', value: { size: 500 } } }),
    build: ({ method, path, body }, values) => ({
      method,
      url: source.url(expandTemplate(path, (name) => values(name) as string | undefined)),
      ...(body === undefined ? {} : { body: fillBody(body, values) }),
    }),
    http,
    pagination: { ...everyday, ...job },
    records: { kind: 'rows', pointer: '' },
    ...more,
  });
}

const state = (word: string, ready: number[], more: object = {}) => json({ status: word, ready, ...more });

const asked = () => source.requests.map(({ method, path }) => `${method} ${path}`);

describe('a job that ends badly', () => {
  it('fails with the vendor’s reason', async () => {
    source.on('/export/j1/status', state('QUEUED', []), state('ERROR', [], { reason: 'timed out' }));

    const { code, error } = await readAll(options());

    expect(code).toBe('fetch/job-failed');
    expect(String(error)).toContain('did not finish job j1: its state is ERROR (timed out)');
  });

  it('gives the chunks it has, then fails, so that the cursor stays', async () => {
    source.on('/export/j1/status', state('FINISHED', [1, 2], { lost: [3] }));

    const { rows, code, pages } = await readAll(options());

    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
    expect(code).toBe('fetch/job-failed');
    expect(pages.every(({ next }) => next !== undefined)).toBe(true);
  });

  it('is given up and cancelled when nothing comes of it', async () => {
    source.on('/export/j1/status', state('QUEUED', []));

    const { code } = await readAll(options());

    expect(code).toBe('fetch/job-failed');
    expect(asked().at(-1)).toBe('POST /export/j1/cancel');
  });

  it('has an answer that names no job', async () => {
    source.on('/export', json({ hello: true }));

    expect((await readAll(options())).code).toBe('fetch/wrong-shape');
  });

  it('cannot be adopted when the source does not name it', async () => {
    source.on('/export', { ...json({ failure_reason: 'duplicate' }), status: 409 });

    expect((await readAll(options())).code).toBe('fetch/job-failed');
  });
});

describe('a job', () => {
  it('is created by a POST, asked, and read chunk by chunk as chunks appear, in order, each once', async () => {
    source.on('/export/j1/status', state('QUEUED', []), state('PROCESSING', [10, 2]), state('FINISHED', [1, 10, 2]));

    const { rows, pages, error } = await readAll(options());

    expect(error).toBeUndefined();
    expect(rows).toEqual([{ n: 2 }, { n: 10 }, { n: 1 }]);
    expect(asked().filter((line) => line.includes('chunks'))).toEqual([
      'GET /export/j1/chunks/2',
      'GET /export/j1/chunks/10',
      'GET /export/j1/chunks/1',
    ]);
    expect(source.requests[0]).toMatchObject({ method: 'POST', body: '{"size":500}' });
    expect(source.requests[0]?.headers['content-type']).toBe('application/json');
    expect(pages.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(pages.at(-1)?.next).toBeUndefined();
    expect(asked().some((line) => line.includes('cancel'))).toBe(false);
  });

  it('waits a little longer each time, and says so', async () => {
    const waits: number[] = [];
    source.on('/export/j1/status', ...Array.from({ length: 5 }, () => state('QUEUED', [])), state('FINISHED', []));

    await readAll(options({}, { onWait: (ms) => waits.push(ms) }));

    expect(waits).toEqual([2000, 3000, 4000, 4000, 4000]);
  });

  it('ends with an empty page when no chunk was the last, or there is none at all', async () => {
    source.on('/export/j1/status', state('PROCESSING', [1]), state('FINISHED', [1]));
    const late = await readAll(options());
    source.on('/export/j1/status', state('FINISHED', []));
    const none = await readAll(options());

    expect(late.pages.map(({ rows }) => rows.length)).toEqual([1, 0]);
    expect(none.pages.map(({ rows, next }) => [rows.length, next])).toEqual([[0, undefined]]);
  });

  it('that is under way already is adopted', async () => {
    source.on('/export', { ...json({ active: 'j1' }), status: 409 });
    source.on('/export/j1/status', state('FINISHED', [1]));

    expect((await readAll(options())).rows).toEqual([{ n: 1 }]);
  });

  it('that was adopted is not cancelled when the reader stops: it is another’s', async () => {
    source.on('/export', { ...json({ active: 'j1' }), status: 409 });
    source.on('/export/j1/status', state('PROCESSING', [1, 2]));

    for await (const page of readPages(options())) {
      expect(page.next).toMatchObject({ job: 'j1', adopted: true });
      break;
    }

    expect(asked().at(-1)).toBe('GET /export/j1/chunks/1');
  });

  it('that was adopted does not move a cursor by time, as it began before the window ended', async () => {
    const cursor = {
      kind: 'time',
      lookback: '1d',
      query: {},
      overlapMs: 0,
      latenessMs: 0,
      bounds: 'inclusive',
    } as const;
    source.on('/export/j1/status', state('FINISHED', [1]));
    const own = await readAll(options({}, { cursor, lookbackMs: 1000 }));
    source.on('/export', { ...json({ active: 'j1' }), status: 409 });
    const adopted = await readAll(options({}, { cursor, lookbackMs: 1000 }));

    expect([own, adopted].map(({ pages }) => pages.map((page) => page.cursor !== undefined))).toEqual([
      [true],
      [false],
    ]);
  });

  it('fetches several chunks at once where told to, and keeps their order', async () => {
    let underWay = 0;
    let most = 0;
    for (const n of [1, 2, 10]) {
      source.on(`/export/j1/chunks/${n}`, async () => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 30 / n));
        underWay -= 1;
        return json([{ n }]);
      });
    }
    source.on('/export/j1/status', state('FINISHED', [1, 2, 10]));

    const { rows } = await readAll(options({ parallel: 3 }));

    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 10 }]);
    expect(most).toBe(3);
  });

  it('is cancelled when the reader stops', async () => {
    source.on('/export/j1/status', state('PROCESSING', [1, 2]));

    for await (const page of readPages(options())) {
      expect(page.rows).toEqual([{ n: 1 }]);
      break;
    }

    expect(asked().at(-1)).toBe('POST /export/j1/cancel');
  });

  it('is cancelled on an interrupt', async () => {
    const stop = new AbortController();
    source.on('/export/j1/status', () => {
      stop.abort(new Error('stop'));
      return state('PROCESSING', []);
    });

    await readAll(options({}, { signal: stop.signal }));

    expect(asked().at(-1)).toBe('POST /export/j1/cancel');
  });
});

describe('a reading that is resumed', () => {
  async function broken(): Promise<Position | undefined> {
    source.on('/export/j1/status', state('PROCESSING', [1]), status(400));
    const { pages } = await readAll(options());
    return pages.at(-1)?.next;
  }

  it('goes on with the chunks that are missing', async () => {
    const from = await broken();
    source.on('/export/j1/status', state('FINISHED', [1, 2]));
    const before = source.requests.length;

    const { rows, pages } = await readAll(options({}, { from }));

    expect(from).toEqual({ job: 'j1', done: ['1'], pages: 1 });
    expect(rows).toEqual([{ n: 2 }]);
    expect(pages.map(({ number }) => number)).toEqual([2]);
    expect(asked().slice(before)).toEqual(['GET /export/j1/status', 'GET /export/j1/chunks/2']);
  });

  it.each([
    ['is gone', () => status(404)],
    ['was cancelled meanwhile', () => state('CANCELLED', [])],
  ])('begins a new job where the old one %s, and says so', async (_, answer) => {
    const from = await broken();
    source.on('/export/j1/status', answer());
    source.on('/export', json({ id: 'j2' }));
    source.on('/export/j2/status', state('FINISHED', [7]));
    source.on('/export/j2/chunks/7', json([{ n: 7 }]));

    const { rows, pages, error } = await readAll(options({}, { from }));

    expect(error).toBeUndefined();
    expect(rows).toEqual([{ n: 7 }]);
    expect(pages[0]?.anew).toBe(true);
  });
});

it('a window that a job serves moves the cursor when the job has ended well', async () => {
  source.on('/export/j1/status', state('FINISHED', [1]));
  const given = options(
    {},
    {
      cursor: { kind: 'time', lookback: '1d', query: {}, overlapMs: 0, latenessMs: 0, bounds: 'inclusive' },
      lookbackMs: 86_400_000,
      clock: testClock('2026-03-04T12:00:00Z'),
    },
  );

  const { pages } = await readAll(given);

  expect(pages.at(-1)?.cursor).toEqual({ until: '2026-03-04T12:00:00.000Z' });
});

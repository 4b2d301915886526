import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FetchedPage } from '../../engine/fetch/reading.ts';
import type { JsonValue } from '../../engine/records.ts';
import { openWorkers, type WorkerCount, type Workers } from '../../engine/run/workers.ts';
import { scratchFolder } from '../support/scratch-integration.ts';

const opened: Workers[] = [];
afterEach(async () => {
  for (const workers of opened.splice(0)) await workers.close();
});

function open(count: WorkerCount, file: string): Workers {
  const facts = { runId: 'run', startedAt: new Date(0), now: () => new Date(), tenantUid: undefined, connection: {} };
  const stream = { name: 'people', records: { kind: 'rows', pointer: '/items' } };
  const descriptor = { streams: [stream], request: { maxPageBytes: 1e6 } };
  // No more of a descriptor is looked at here.
  const integration = { folder: '', descriptor } as unknown as Parameters<typeof openWorkers>[1]['integration'];
  const program = new URL(`./workers/${file}.mjs`, import.meta.url).href;
  const workers = openWorkers(count, { integration, schemasDir: '', facts }, program);
  opened.push(workers);
  return workers;
}

/** Open, and its threads are there. */
async function start(count: number): Promise<Workers> {
  const workers = open(count, 'dies-of-page-2');
  await vi.waitFor(() => {
    expect(workers.ahead()).toBe(count + 1);
  });
  return workers;
}

function page(number: number, { rows = [{ id: 1 }, 'two'] as JsonValue[], url = '' } = {}): FetchedPage {
  const receivedAt = new Date(0);
  const body = { items: rows };
  const answer = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)), receivedAt };
  return { number, url, body, receivedAt, rows, whole: { answer, rows } };
}

const told = (number: number) => new Uint8Array([number, JSON.stringify({ items: [{ id: 1 }, 'two'] }).length]);

describe('workers', () => {
  it('map pages, several at once', async () => {
    const workers = await start(2);

    const mapped = await Promise.all([1, 5, 6].map(async (number) => workers.map('people', page(number), true)));

    expect(mapped.map((one) => one?.lines)).toEqual([told(1), told(5), told(6)]);
  });

  it('that die of a page twice cost its rows, and no other page', async () => {
    const workers = await start(1);

    const [first, second, last] = await Promise.all(
      [1, 2, 5].map(async (number) => workers.map('people', page(number), true)),
    );

    const message = 'Two workers died of the page that this row is on: worker exited with code: 7.';
    const rejected = { kind: 'rejected', issues: [{ code: 'run/worker-died', message }] };
    expect(first?.lines).toEqual(told(1));
    expect(second).toMatchObject({
      rows: [
        { ...rejected, source: { id: 1 } },
        { ...rejected, source: 'two' },
      ],
      ends: [0, 0],
    });
    expect(last?.lines).toEqual(told(5));
  });

  it('that die of a page once cost nothing: it is sent again', async () => {
    const url = join(await scratchFolder(), 'tried');

    const mapped = await (await start(1)).map('people', page(3, { url }), true);

    expect(mapped?.lines).toEqual(told(3));
  });

  it('that fail say why, of rows that are no answer as well', async () => {
    const rows = [{ id: 1 }];
    const { whole, ...made } = page(4);

    const mapped = await (await start(1)).map('people', { ...made, whole, rows }, true);

    expect(mapped?.rows).toMatchObject([
      {
        issues: [{ message: 'Two workers died of the page that this row is on: page 4 is not to my taste.' }],
        source: rows[0],
      },
    ]);
  });

  it('leave pages to this thread until they have started', async () => {
    const workers = open(1, 'dies-of-page-2');

    expect(workers.map('people', page(1), true)).toBeUndefined();
    await vi.waitFor(() => {
      expect(workers.map('people', page(1), true)).toBeDefined();
    });
  });

  it('leave all to this thread where none can start', async () => {
    const workers = open(2, 'does-not-start');

    await workers.close();

    expect(workers.map('people', page(1), true)).toBeUndefined();
    expect(workers.ahead()).toBe(1);
  });

  it('are none where none are wanted', async () => {
    const workers = open(0, 'dies-of-page-2');
    const large = Array.from({ length: 500_000 }, () => null);

    void workers.map('people', page(1, { rows: large }), false);
    await new Promise((resolve) => setTimeout(resolve, 300));

    expect(workers.ahead()).toBe(1);
  });

  it('start by themselves once a source has long been faster than one thread', async () => {
    const workers = open('auto', 'dies-of-page-2');
    const rows = (length: number) => ({ rows: Array.from({ length }, () => null) });
    const asked = (count: number, waitedFor: boolean) => workers.map('people', page(1, rows(count)), waitedFor);

    for (const [count, waitedFor] of [
      [150_000, true],
      [150_000, false],
      [40_000, true],
    ] as const)
      void asked(count, waitedFor);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(workers.ahead()).toBe(1);

    void asked(60_000, false);
    await vi.waitFor(() => {
      expect(workers.ahead()).toBeGreaterThan(2);
    });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { FetchedPage } from '../../engine/fetch/reading.ts';
import { openWorkers, type WorkerCount, type Workers } from '../../engine/run/workers.ts';

const opened: Workers[] = [];
afterEach(async () => {
  for (const workers of opened.splice(0)) await workers.close();
});

function start(count: WorkerCount, file: string): Workers {
  const facts = { runId: 'run', startedAt: new Date(0), now: () => new Date(), tenantUid: undefined, connection: {} };
  // These workers look at pages only.
  const integration = { folder: '', descriptor: {} } as unknown as Parameters<typeof openWorkers>[1]['integration'];
  const program = new URL(`./workers/${file}.mjs`, import.meta.url).href;
  const workers = openWorkers(count, { integration, schemasDir: '', facts }, program);
  opened.push(workers);
  return workers;
}

function page(number: number, rowCount = 2): FetchedPage {
  const rows = Array.from({ length: rowCount }, (_, row) => ({ id: row }));
  const receivedAt = new Date(0);
  const answer = { status: 200, headers: {}, body: Buffer.from(JSON.stringify(rows)), receivedAt };
  return { number, url: 'https://acme.example/people', body: rows, receivedAt, rows, whole: { answer, rows } };
}

describe('workers', () => {
  it('map pages, several at once', async () => {
    const workers = start(2, 'dies-of-page-2');

    const mapped = await Promise.all([1, 5, 6].map(async (number) => workers.map('people', page(number), true)));

    expect(mapped.map((one) => one?.lines)).toEqual([1, 5, 6].map((number) => new Uint8Array([number])));
    expect(workers.ahead()).toBe(3);
  });

  it('that die of a page twice cost its rows, and no other page', async () => {
    const workers = start(1, 'dies-of-page-2');

    const [first, second, last] = await Promise.all(
      [1, 2, 5].map(async (number) => workers.map('people', page(number), true)),
    );

    const rejected = {
      kind: 'rejected',
      issues: [{ code: 'run/worker-died', message: expect.stringContaining('code: 7') as unknown }],
    };
    expect(first?.lines).toEqual(new Uint8Array([1]));
    expect(second).toMatchObject({ rows: [rejected, rejected], ends: [0, 0] });
    expect(last?.lines).toEqual(new Uint8Array([5]));
  });

  it('that die of a page once cost nothing: it is sent again', async () => {
    const mapped = await start(1, 'dies-of-page-2').map('people', page(3), true);

    expect(mapped?.lines).toEqual(new Uint8Array([3]));
  });

  it('that fail say why', async () => {
    const mapped = await start(1, 'dies-of-page-2').map('people', page(4), true);

    expect(mapped?.rows[0]).toMatchObject({
      issues: [{ message: 'Two workers died of the page that this row is on: page 4 is not to my taste.' }],
    });
  });

  it('leave all to this thread where none can start', async () => {
    const workers = start(2, 'does-not-start');

    expect(await workers.map('people', page(1), true)).toBeUndefined();
    expect(workers.map('people', page(2), true)).toBeUndefined();
    expect(workers.ahead()).toBe(1);
  });

  it('are none where none are wanted', () => {
    expect(start(0, 'does-not-start').map('people', page(1, 500_000), false)).toBeUndefined();
  });

  it('start by themselves once a source has long been faster than one thread', async () => {
    const workers = start('auto', 'dies-of-page-2');

    expect(workers.map('people', page(1, 150_000), true)).toBeUndefined();
    expect(workers.map('people', page(1, 150_000), false)).toBeUndefined();
    expect(workers.map('people', page(1, 40_000), true)).toBeUndefined();
    expect((await workers.map('people', page(1, 60_000), false))?.lines).toEqual(new Uint8Array([1]));
  });
});

import { describe, expect, it } from 'vitest';
import { createRateLimiter, type RateLimiter } from '../../engine/fetch/rate-limiter.ts';
import { testClock } from '../support/clock.ts';

const fivePerTen = { requests: 5, perSeconds: 10, concurrency: 100 };

async function startTimes(limiter: RateLimiter, clock: ReturnType<typeof testClock>, count: number): Promise<number[]> {
  const from = clock.now().getTime();
  const starts: number[] = [];
  const one = async (): Promise<void> => {
    const permit = await limiter.acquire();
    starts.push(clock.now().getTime() - from);
    permit.release();
  };
  await Promise.all(Array.from({ length: count }, one));
  return starts;
}

describe('a rate limiter', () => {
  it('never lets more through in any window, wherever it begins', async () => {
    const clock = testClock();

    const starts = await startTimes(createRateLimiter(fivePerTen, clock), clock, 60);

    for (const start of starts) {
      expect(starts.filter((other) => other >= start && other <= start + 10_000).length).toBeLessThanOrEqual(5);
    }
  });

  it('never lets more through in any window, also when requests come in bursts', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(fivePerTen, clock);
    const starts: number[] = [];
    for (const pauseMs of [0, 9_990, 0, 0, 0, 10, 3, 5_000, 0, 0, 0, 1, 9_999, 0, 0]) {
      clock.advance(pauseMs);
      const permit = await limiter.acquire();
      starts.push(clock.now().getTime());
      permit.release();
    }

    for (const start of starts) {
      expect(starts.filter((other) => other >= start && other <= start + 10_000).length).toBeLessThanOrEqual(5);
    }
  });

  it('loses no more than two per cent against the fastest that is allowed', async () => {
    const clock = testClock();
    const count = 1000;

    const starts = await startTimes(createRateLimiter(fivePerTen, clock), clock, count);

    const idealMs = (count / 5 - 1) * 10_000;
    expect(Math.max(...starts) / idealMs).toBeLessThanOrEqual(1.02);
  });

  it('does not hold up those who stay below', async () => {
    const clock = testClock();

    await startTimes(createRateLimiter(fivePerTen, clock), clock, 5);

    expect(clock.sleeps).toEqual([]);
  });

  it('serves first come first', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, requests: 1 }, clock);
    const served: number[] = [];
    const one = async (_: unknown, index: number): Promise<void> => {
      (await limiter.acquire()).release();
      served.push(index);
    };

    await Promise.all(Array.from({ length: 6 }, one));

    expect(served).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('runs no more at once than allowed', async () => {
    const limiter = createRateLimiter({ requests: 100, perSeconds: 1, concurrency: 2 }, testClock());
    let running = 0;
    let most = 0;
    const one = async (): Promise<void> => {
      const permit = await limiter.acquire();
      running++;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running--;
      permit.release();
    };

    await Promise.all(Array.from({ length: 9 }, one));

    expect(most).toBe(2);
  });

  it('gives back one place for a permit, however often it is released', async () => {
    const limiter = createRateLimiter({ requests: 100, perSeconds: 1, concurrency: 1 }, testClock());
    const first = await limiter.acquire();
    first.release();
    first.release();
    await limiter.acquire();

    const third = limiter.acquire().then(() => 'started');

    expect(await Promise.race([third, new Promise((resolve) => setImmediate(resolve, 'waits'))])).toBe('waits');
  });

  it('tells how long was waited, before and after', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, requests: 1 }, clock);
    const announced: number[] = [];
    await limiter.acquire();

    const { waitedMs } = await limiter.acquire(undefined, (ms) => announced.push(ms));

    expect(waitedMs).toBe(10_100);
    expect(announced).toEqual([10_100]);
  });

  it('holds everybody for a pause', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(fivePerTen, clock);
    limiter.pauseFor(30_000);
    limiter.pauseFor(4_000);

    const starts = await startTimes(limiter, clock, 3);

    expect(starts).toEqual([30_000, 30_000, 30_000]);
  });

  it('holds those who already wait, when a pause comes later', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, requests: 1 }, clock);
    await limiter.acquire();

    const second = limiter.acquire();
    limiter.pauseFor(60_000);

    expect((await second).waitedMs).toBe(60_000);
  });

  it('does not pace when told not to, but still obeys a pause', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, requests: 1 }, clock, { pace: false });
    const unpaced = await startTimes(limiter, clock, 20);
    limiter.pauseFor(2_000);

    const paused = await startTimes(limiter, clock, 1);

    expect(Math.max(...unpaced)).toBe(0);
    expect(paused).toEqual([2_000]);
  });
});

describe('an interrupted wait', () => {
  it('ends with the reason given, and counts no request', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, requests: 1 }, clock);
    await limiter.acquire();
    const reason = new Error('enough');
    const abort = new AbortController();

    const given = limiter.acquire(abort.signal, () => abort.abort(reason));

    await expect(given).rejects.toBe(reason);
    expect((await limiter.acquire()).waitedMs).toBe(10_100);
  });

  it('lets those behind go on, in their order', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, concurrency: 1 }, clock);
    const first = await limiter.acquire();
    const abort = new AbortController();
    const served: string[] = [];
    const second = limiter.acquire(abort.signal).catch(() => served.push('gave up'));
    const third = limiter.acquire().then(() => served.push('third'));
    await new Promise(setImmediate);

    abort.abort();
    await second;
    first.release();
    await third;

    expect(served).toEqual(['gave up', 'third']);
  });

  it('leaves a queue place in the middle without letting others overtake', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, concurrency: 1 }, clock);
    const first = await limiter.acquire();
    const abort = new AbortController();
    const served: string[] = [];
    const second = limiter.acquire().then((permit) => {
      served.push('second');
      permit.release();
    });
    const third = limiter.acquire(abort.signal).catch(() => served.push('gave up'));
    const fourth = limiter.acquire().then(() => served.push('fourth'));

    abort.abort();
    await third;
    first.release();
    await Promise.all([second, fourth]);

    expect(served).toEqual(['gave up', 'second', 'fourth']);
  });
});

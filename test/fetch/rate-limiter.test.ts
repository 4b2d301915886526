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
    (await limiter.acquire()).release();

    const { waitedMs } = await limiter.acquire(undefined, (ms) => announced.push(ms));

    expect(waitedMs).toBe(10_020);
    expect(announced).toEqual([10_020]);
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
    (await limiter.acquire()).release();

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

describe('a place in the window', () => {
  const onePerTen = { requests: 1, perSeconds: 10, concurrency: 100 };

  it('is free again one window after a slow first request arrived, not after it left', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(onePerTen, clock);
    const first = await limiter.acquire();
    clock.advance(3000); // a connection is set up
    first.sent();
    clock.advance(200);
    first.answered();

    const { waitedMs } = await limiter.acquire();

    expect(waitedMs).toBe(10_020);
  });

  it('is not held up by an answer that is slow because the source is at work', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(onePerTen, clock);
    const first = await limiter.acquire();
    first.sent();
    clock.advance(4000);
    first.answered();

    const { waitedMs } = await limiter.acquire();

    expect(waitedMs).toBe(500 + 10_020 - 4000);
  });

  it('becomes free though the answer never comes', async () => {
    const limiter = createRateLimiter(onePerTen, testClock());
    (await limiter.acquire()).sent();

    expect((await limiter.acquire()).waitedMs).toBe(500 + 10_020);
  });

  it('is looked at again as soon as it may be free, and no later', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(onePerTen, clock);
    const first = await limiter.acquire();
    first.sent();

    const second = limiter.acquire();
    clock.advance(30);
    first.answered();

    expect((await second).waitedMs).toBe(30 + 10_020);
  });

  it('stays taken while the request has not left', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(onePerTen, clock);
    const first = await limiter.acquire();
    const second = limiter.acquire();
    await clock.sleep(60_000); // a host name is looked up for a minute

    first.sent();

    expect((await second).waitedMs).toBeGreaterThanOrEqual(60_000 + 10_020);
  });

  it('is kept for a window by a request that failed, which may have arrived', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(onePerTen, clock);
    const first = await limiter.acquire();
    clock.advance(700);
    first.release();

    expect((await limiter.acquire()).waitedMs).toBe(10_020);
  });

  it('counts from the last hop of a request that was redirected', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(onePerTen, clock);
    const first = await limiter.acquire();
    for (const hop of [0, 1]) {
      clock.advance(1000 * hop);
      first.sent();
      first.answered();
    }
    first.release();

    expect((await limiter.acquire()).waitedMs).toBe(10_020);
  });

  it('is never lost: a thousand requests, of which some fail, are late or slow, all get their turn in order', async () => {
    const clock = testClock();
    const limiter = createRateLimiter(fivePerTen, clock);
    const served: number[] = [];
    const arrivals: number[] = [];
    const one = async (_: unknown, index: number): Promise<void> => {
      const permit = await limiter.acquire();
      served.push(index);
      if (index % 7 !== 0) {
        if (index % 3 === 0) await clock.sleep(900);
        permit.sent();
        if (index % 2 === 0) await clock.sleep(250);
        arrivals.push(clock.now().getTime());
        if (index % 11 === 0) await clock.sleep(30_000);
        permit.answered();
      }
      permit.release();
    };

    await Promise.all(Array.from({ length: 1000 }, one));

    expect(served).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    for (const arrival of arrivals) {
      expect(arrivals.filter((other) => other >= arrival && other <= arrival + 10_000).length).toBeLessThanOrEqual(5);
    }
  });
});

describe('an interrupted wait', () => {
  it('ends with the reason given, and counts no request', async () => {
    const clock = testClock();
    const limiter = createRateLimiter({ ...fivePerTen, requests: 1 }, clock);
    (await limiter.acquire()).release();
    const reason = new Error('enough');
    const abort = new AbortController();

    const given = limiter.acquire(abort.signal, () => abort.abort(reason));

    await expect(given).rejects.toBe(reason);
    expect((await limiter.acquire()).waitedMs).toBe(10_020);
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

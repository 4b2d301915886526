import { describe, expect, it } from 'vitest';
import { FetchError } from '../../engine/fetch/fetch-error.ts';
import { decideRetry, isWorthRetrying, withRetries } from '../../engine/fetch/retry.ts';
import { testClock } from '../support/clock.ts';
import { everydayRetry as retry } from '../support/fetch-options.ts';

const passing = { retryable: true, retryAfterSeconds: undefined };
const fresh = { spentMs: 0 };
const half = (): number => 0.5;

describe('deciding on another try', () => {
  it('gives up at once on what will not pass', () => {
    const decision = decideRetry({ retryable: false, retryAfterSeconds: 2 }, 1, fresh, retry, half);

    expect(decision).toEqual({ kind: 'give-up' });
  });

  it('gives up after the last try, and says how many there were', () => {
    expect(decideRetry(passing, 4, fresh, retry, half)).toEqual({ kind: 'give-up', why: 'Gave up after 4 tries.' });
  });

  it('gives up when asked to wait longer than the stream may, and says so', () => {
    const decision = decideRetry({ retryable: true, retryAfterSeconds: 86_400 }, 1, fresh, retry, half);

    expect(decision).toEqual({
      kind: 'give-up',
      why: 'Gave up after 1 try: asked to wait 86400 s, more than the 300 s left of the 300 s this stream may wait.',
    });
  });

  it('counts what earlier requests of the stream have waited', () => {
    const decision = decideRetry({ retryable: true, retryAfterSeconds: 20 }, 1, { spentMs: 290_000 }, retry, half);

    expect(decision.kind).toBe('give-up');
  });

  it('waits as long as asked, rounded up to a millisecond', () => {
    const decision = decideRetry({ retryable: true, retryAfterSeconds: 2.1281 }, 1, fresh, retry, half);

    expect(decision).toEqual({ kind: 'retry', waitMs: 2129 });
  });

  it('doubles the pause with each try when not told, up to the longest', () => {
    const patient = { ...retry, maxTries: 9, maxDelayMs: 5000 };
    const waits = [1, 2, 3, 4, 5].map((tries) => decideRetry(passing, tries, fresh, patient, () => 1));

    expect(waits).toEqual([1000, 2000, 4000, 5000, 5000].map((waitMs) => ({ kind: 'retry', waitMs })));
  });

  it('spreads the pause between half and whole, so that many do not come back at once', () => {
    expect(decideRetry(passing, 2, fresh, retry, () => 0)).toEqual({ kind: 'retry', waitMs: 1000 });
    expect(decideRetry(passing, 2, fresh, retry, half)).toEqual({ kind: 'retry', waitMs: 1500 });
  });
});

describe('which error answers are worth another try', () => {
  const byStatus = (httpStatus: number) => ({ means: 'failed', ruled: false, httpStatus }) as const;

  it.each([
    [429, true],
    [503, true],
    [501, false],
    [400, false],
    [404, false],
  ])('%i: %s, as the descriptor lists it', (httpStatus, expected) => {
    expect(isWorthRetrying(byStatus(httpStatus), retry)).toBe(expected);
  });

  it('those whose rule says so, whatever the status', () => {
    expect(isWorthRetrying({ means: 'retry', ruled: true, httpStatus: 403 }, retry)).toBe(true);
  });

  it('not those whose rule says that they are final', () => {
    expect(isWorthRetrying({ means: 'retired', ruled: true, httpStatus: 503 }, retry)).toBe(false);
  });

  it('a listed 403, which some vendors use to throttle', () => {
    const error = { means: 'denied', ruled: false, httpStatus: 403 } as const;

    expect(isWorthRetrying(error, { ...retry, statuses: [403] })).toBe(true);
  });
});

describe('trying again', () => {
  const trouble = new FetchError('fetch/unavailable', 'It answered 503.', { retryable: true, httpStatus: 503 });

  function flaky(failures: number) {
    let calls = 0;
    return () => {
      calls++;
      return calls <= failures ? Promise.reject(trouble) : Promise.resolve(`call ${calls}`);
    };
  }

  it('throws the last failure with what was tried', async () => {
    const settings = { retry, budget: { spentMs: 0 }, clock: testClock(), random: half };

    const result = withRetries(flaky(9), settings);

    await expect(result).rejects.toMatchObject({
      code: 'fetch/unavailable',
      message: 'It answered 503. Gave up after 4 tries.',
      httpStatus: 503,
    });
  });

  it('does not catch what is no failure of the request', async () => {
    const bug = new TypeError('a bug');
    const settings = { retry, budget: { spentMs: 0 }, clock: testClock(), random: half };

    await expect(withRetries(() => Promise.reject(bug), settings)).rejects.toBe(bug);
  });

  it('stops waiting when interrupted', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const settings = { retry, budget: { spentMs: 0 }, clock: testClock(), random: half, signal: abort.signal };

    const result = withRetries(flaky(9), { ...settings, onRetry: () => abort.abort(reason) });

    await expect(result).rejects.toBe(reason);
  });

  it('returns what succeeds in the end, having waited on the budget', async () => {
    const clock = testClock();
    const budget = { spentMs: 0 };

    const result = await withRetries(flaky(2), { retry, budget, clock, random: () => 1 });

    expect(result).toBe('call 3');
    expect(clock.sleeps).toEqual([1000, 2000]);
    expect(budget.spentMs).toBe(3000);
  });
});

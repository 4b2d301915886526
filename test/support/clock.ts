import type { Clock } from '../../engine/fetch/clock.ts';

export type TestClock = Clock & {
  /** Every pause asked for, in the order it was asked. */
  readonly sleeps: readonly number[];
  advance(ms: number): void;
};

type Sleeper = { readonly wakeAt: number; readonly wake: () => void };

/**
 * A clock on which sleeping takes no time: as soon as all who can run have run, it jumps to the next waking. Several
 * sleepers wake in the order of their times, as on a real one.
 */
export function testClock(start = '2026-03-04T05:06:07.000Z'): TestClock {
  let now = Date.parse(start);
  let sleepers: Sleeper[] = [];
  const sleeps: number[] = [];

  function wakeNext(): void {
    const [next] = sleepers.toSorted((one, other) => one.wakeAt - other.wakeAt);
    if (next === undefined) return;
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    now = Math.max(now, next.wakeAt);
    next.wake();
  }

  return {
    sleeps,
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
    sleep(ms, signal) {
      sleeps.push(ms);
      return new Promise((resolve, reject) => {
        const sleeper = { wakeAt: now + ms, wake: resolve };
        const giveUp = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          // The reason is whatever the one who aborted gave.
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          reject(signal?.reason);
        };
        if (signal?.aborted === true) {
          giveUp();
          return;
        }
        sleepers.push(sleeper);
        signal?.addEventListener('abort', giveUp, { once: true });
        setImmediate(wakeNext);
      });
    },
  };
}

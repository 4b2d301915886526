import type { RateLimit } from '../descriptor/descriptor.ts';
import type { Clock } from './clock.ts';
import type { Progress } from './http-client.ts';

/** A turn. Told how the request fares, the limiter knows when it can have arrived. */
export type Permit = Progress & {
  readonly waitedMs: number;
  /** Must be called when the request has ended, well or badly; until then its place in the window may stay taken. */
  release(): void;
};

/** A budget of requests that several streams share. */
export interface RateLimiter {
  /**
   * Waits for the caller's turn, first come first served. Rejects with `signal.reason`; the place in the queue is then
   * given up and no request counted.
   */
  acquire(signal?: AbortSignal, onWait?: (ms: number) => void): Promise<Permit>;
  /** Nobody starts for so long: the source told one of us to wait, and means all. */
  pauseFor(ms: number): void;
}

/** Windows a little longer than asked: the vendor's clock and ours may not run at quite the same speed. */
const MARGIN = 1.002;

/**
 * Of a window. What a request may take from its last byte's leaving to being counted; a slower answer is the source at
 * work, and waiting for it would only cost time.
 */
const LONGEST_JOURNEY = 0.05;

/** A place in the window, taken by one request; instants in milliseconds. */
type Slot = {
  /** The vendor counted it no sooner than then; absent: it has not left. */
  from?: number;
  /** The vendor counted it by then. */
  by: number;
};

/**
 * At most `requests` arrive in any `perSeconds`, wherever the vendor's window begins, and at most `concurrency` run at
 * once. The vendor counts a request when it arrives, which is after it has left (setting up a connection may come
 * before that) and before it is answered. So a place is taken from the start, and free again one window after the
 * latest moment at which its request can have arrived. One that failed counts as arrived, at the latest as it failed.
 * With `pace: false` only `concurrency` and pauses hold.
 */
export function createRateLimiter(limit: RateLimit, clock: Clock, { pace = true } = {}): RateLimiter {
  const windowMs = limit.perSeconds * 1000 * MARGIN;
  const journeyMs = limit.perSeconds * 1000 * LONGEST_JOURNEY;
  let slots: Slot[] = [];
  let pausedUntil = 0;
  let running = 0;
  let onRelease: (() => void) | undefined;
  let lastInLine = Promise.resolve();

  function dueInMs(): number {
    const now = nowMs();
    return Math.max(pausedUntil, pace ? slotDueAt(now) : 0) - now;
  }

  /** When to look for a free place: not later than one can be free, and perhaps sooner. */
  function slotDueAt(now: number): number {
    if (slots.length < limit.requests) return now;
    slots = slots.filter(({ by }) => by + windowMs > now);
    if (slots.length < limit.requests) return now;
    return slots.reduce((soonest, slot) => Math.min(soonest, freeAt(now, slot)), Number.POSITIVE_INFINITY);
  }

  function freeAt(now: number, { from = now, by }: Slot): number {
    return from + windowMs > now ? from + windowMs : by + windowMs;
  }

  function nowMs(): number {
    return clock.now().getTime();
  }

  async function start(signal: AbortSignal | undefined, onWait: ((ms: number) => void) | undefined): Promise<Slot> {
    while (running >= limit.concurrency) {
      const released = new Promise<void>((resolve) => {
        onRelease = resolve;
      });
      await unlessAborted(released, signal);
    }
    for (let waitMs = dueInMs(); waitMs > 0; waitMs = dueInMs()) {
      onWait?.(Math.ceil(waitMs));
      await clock.sleep(Math.ceil(waitMs), signal);
    }
    running++;
    const slot = { by: Number.POSITIVE_INFINITY };
    if (pace) slots.push(slot);
    return slot;
  }

  function hasArrived(slot: Slot): void {
    slot.by = Math.min(slot.by, nowMs());
    slot.from = slot.by;
  }

  function release(slot: Slot): void {
    hasArrived(slot);
    running--;
    onRelease?.();
  }

  return {
    async acquire(signal, onWait) {
      const askedAt = nowMs();
      const before = lastInLine;
      const { promise: started, resolve: letNextStart } = deferred();
      lastInLine = started;
      try {
        await unlessAborted(before, signal);
        const slot = await start(signal, onWait);
        return {
          waitedMs: nowMs() - askedAt,
          sent() {
            slot.from = nowMs();
            slot.by = slot.from + journeyMs;
          },
          answered: () => {
            hasArrived(slot);
          },
          release: once(() => {
            release(slot);
          }),
        };
      } finally {
        // One that leaves the queue early must not let those behind it overtake those before it.
        void before.then(letNextStart);
      }
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, nowMs() + ms);
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const { promise: aborted, resolve } = deferred();
  signal.addEventListener('abort', resolve, { once: true });
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', resolve));
  signal.throwIfAborted();
}

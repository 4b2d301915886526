import type { RateLimit } from '../descriptor/descriptor.ts';
import type { Clock } from './clock.ts';

export type Permit = {
  readonly waitedMs: number;
  /** Must be called when the request has ended, well or badly. */
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

/**
 * The vendor counts when a request arrives, we when it leaves. Windows one per cent longer than asked keep a slow
 * request and a fast one after it from arriving in the same window.
 */
const MARGIN = 1.01;

/**
 * At most `requests` start in any `perSeconds`, wherever the vendor's window begins, and at most `concurrency` run at
 * once. A request may start as soon as the one `requests` before it is a window old, so no time is lost.
 * With `pace: false` only `concurrency` and pauses hold.
 */
export function createRateLimiter(limit: RateLimit, clock: Clock, { pace = true } = {}): RateLimiter {
  const windowMs = limit.perSeconds * 1000 * MARGIN;
  const starts: number[] = []; // of the last `requests` requests, oldest first
  let pausedUntil = 0;
  let running = 0;
  let onRelease: (() => void) | undefined;
  let lastInLine = Promise.resolve();

  function dueInMs(): number {
    const now = clock.now().getTime();
    const oldest = pace && starts.length >= limit.requests ? starts[0] : undefined;
    return Math.max(pausedUntil, oldest === undefined ? 0 : oldest + windowMs) - now;
  }

  async function start(signal: AbortSignal | undefined, onWait: ((ms: number) => void) | undefined): Promise<void> {
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
    if (!pace) return;
    starts.push(clock.now().getTime());
    if (starts.length > limit.requests) starts.shift();
  }

  function release(): void {
    running--;
    onRelease?.();
  }

  return {
    async acquire(signal, onWait) {
      const askedAt = clock.now().getTime();
      const before = lastInLine;
      const { promise: started, resolve: letNextStart } = deferred();
      lastInLine = started;
      try {
        await unlessAborted(before, signal);
        await start(signal, onWait);
      } finally {
        // One that leaves the queue early must not let those behind it overtake those before it.
        void before.then(letNextStart);
      }
      return { waitedMs: clock.now().getTime() - askedAt, release: once(release) };
    },
    pauseFor(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now().getTime() + ms);
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

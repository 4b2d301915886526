import { setTimeout as delay } from 'node:timers/promises';

/** Time as a dependency, so that nothing has to wait in a test. */
export interface Clock {
  now(): Date;
  /** Rejects with `signal.reason` when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

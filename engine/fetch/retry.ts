import type { Retry } from '../descriptor/descriptor.ts';
import { FetchError } from './fetch-error.ts';
import type { Clock } from './clock.ts';
import type { VendorError } from './read-errors.ts';

/**
 * When the same request is sent again. Every request we send may be repeated: a GET changes nothing, and a second
 * token harms nobody.
 *
 * | what came back                                          | again? | after                                |
 * | ------------------------------------------------------- | ------ | ------------------------------------ |
 * | network trouble that may pass, a body that was cut off  | yes    | backoff                              |
 * | a status listed under `retry.statuses`                  | yes    | `Retry-After`, else backoff          |
 * | an error whose rule says `retry` or `throttled`         | yes    | `Retry-After`, else backoff          |
 * | an error whose rule says denied, unlicensed or retired  | no     |                                      |
 * | 401                                                     | once   | at once, with a renewed token        |
 * | anything else                                           | no     |                                      |
 *
 * Backoff: `baseDelayMs` doubled with every try, at most `maxDelayMs`, of which a random half to whole is waited.
 * It ends with `maxTries` of the request or when the waiting would exceed what is left of the stream's `budgetSeconds`.
 */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly waitMs: number }
  /** `why` is absent when the failure was never worth a second try. */
  | { readonly kind: 'give-up'; readonly why?: string };

/** Whether the table has a "yes" for an error answer. A status listed is believed unless a rule knows better. */
export function isWorthRetrying(error: Pick<VendorError, 'means' | 'ruled' | 'httpStatus'>, retry: Retry): boolean {
  if (error.means === 'retry' || error.means === 'throttled') return true;
  const isFinal = error.ruled && error.means !== 'failed';
  return retry.statuses.includes(error.httpStatus) && !isFinal;
}

/** What a stream has spent on waiting for retries, over all of its requests. */
export type RetryBudget = { spentMs: number };

export function decideRetry(
  failure: Pick<FetchError, 'retryable' | 'retryAfterSeconds'>,
  tries: number,
  budget: Readonly<RetryBudget>,
  retry: Retry,
  random: () => number,
): RetryDecision {
  if (!failure.retryable) return { kind: 'give-up' };
  if (tries >= retry.maxTries) return { kind: 'give-up', why: `Gave up after ${tries} tries.` };
  const leftMs = retry.budgetSeconds * 1000 - budget.spentMs;
  const asked = failure.retryAfterSeconds;
  const waitMs = asked === undefined ? backoffMs(tries, retry, random) : Math.ceil(asked * 1000);
  if (waitMs <= leftMs) return { kind: 'retry', waitMs };
  const left = `${Math.max(0, Math.floor(leftMs / 1000))} s left of the ${retry.budgetSeconds} s this stream may wait`;
  const wanted = asked === undefined ? 'the next try would come later than' : `asked to wait ${asked} s, more than`;
  return { kind: 'give-up', why: `Gave up after ${tries} ${tries === 1 ? 'try' : 'tries'}: ${wanted} the ${left}.` };
}

function backoffMs(tries: number, { baseDelayMs, maxDelayMs }: Retry, random: () => number): number {
  const full = Math.min(maxDelayMs, baseDelayMs * 2 ** (tries - 1));
  return Math.ceil(full * (0.5 + random() / 2));
}

export type RetrySettings = {
  readonly retry: Retry;
  readonly budget: RetryBudget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Before each pause. */
  readonly onRetry?: (waitMs: number, failure: FetchError) => void;
};

/** Runs `attempt` until it succeeds or {@link decideRetry} gives up; the last failure then says how often it was tried. */
export async function withRetries<T>(attempt: () => Promise<T>, settings: RetrySettings): Promise<T> {
  const { retry, budget, clock, random, signal, onRetry } = settings;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      const decision = decideRetry(error, tries, budget, retry, random);
      if (decision.kind === 'give-up')
        throw decision.why === undefined ? error : error.with({ sentence: decision.why });
      onRetry?.(decision.waitMs, error);
      await clock.sleep(decision.waitMs, signal);
      budget.spentMs += decision.waitMs;
    }
  }
}

import type { Retry } from '../descriptor/descriptor.ts';
import type { HttpAnswer } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { readError, type ReadErrorOptions } from './read-errors.ts';
import { isWorthRetrying } from './retry.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** An answer that is no success, as the error to throw. */
export function answerError(answer: HttpAnswer, retry: Retry, options: ReadErrorOptions): FetchError {
  const error = readError(answer, options);
  const { means } = error;
  return new FetchError(error.code, error.message, {
    ...error,
    // Orders, not endings: when they do not help, the stream has failed.
    means: means === 'retry' || means === 'expired-page-token' || means === 'resync' ? 'failed' : means,
    retryable: isWorthRetrying(error, retry),
    retryAfterSeconds: retryAfterSeconds(answer.headers['retry-after'], answer.receivedAt),
  });
}

export function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

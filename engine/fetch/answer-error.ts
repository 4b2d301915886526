import type { ErrorReading, Retry } from '../descriptor/descriptor.ts';
import type { HttpAnswer, JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from './json-pointer.ts';
import { secondsUntil } from './quota.ts';
import { readError, type ReadErrorOptions, type VendorError } from './read-errors.ts';
import { isWorthRetrying } from './retry.ts';
import { retryAfterSeconds } from './retry-after.ts';

type EndingMeans = 'denied' | 'unlicensed' | 'retired' | 'failed';

/** An answer that is no success, as the error to throw. */
export function answerError(answer: HttpAnswer, retry: Retry, options: ReadErrorOptions): FetchError {
  const error = readError(answer, options);
  const { means } = error;
  return new FetchError(error.code, error.message, {
    ...error,
    // Orders, not endings: when they do not help, the stream has failed.
    means: isOrder(means) ? 'failed' : means,
    ignored: means === 'ignore',
    retryable: isWorthRetrying(error, retry),
    retryAfterSeconds: askedPause(answer, retry),
  });
}

function isOrder(means: VendorError['means']): means is Exclude<VendorError['means'], EndingMeans> {
  return !['denied', 'unlicensed', 'retired', 'failed'].includes(means);
}

/** `Retry-After`, or the vendor's own header for it. */
function askedPause({ headers, receivedAt }: HttpAnswer, { after }: Retry): number | undefined {
  const standard = retryAfterSeconds(headers['retry-after'], receivedAt);
  if (standard !== undefined) return standard;
  const own = after.find(({ header }) => headers[header.toLowerCase()] !== undefined);
  return own === undefined
    ? undefined
    : secondsUntil(headers[own.header.toLowerCase()], own.unit, { headers, receivedAt });
}

/**
 * Whether an answer with the status of a success is an error all the same, by the descriptor's own signs of one. An
 * error that a rule says to ignore is none.
 */
export function isFailure(body: JsonValue, answer: HttpAnswer, errors: ErrorReading): boolean {
  const failed = errors.failedWhen.some(({ pointer, not }) => {
    const found = atPointer(body, pointer);
    if (found === undefined || found === null) return false;
    return not === undefined ? !Array.isArray(found) || found.length > 0 : !not.includes(found);
  });
  if (!failed) return false;
  return readError(answer, { reading: errors, requestName: '', fill: (text) => text, secrets: [] }).means !== 'ignore';
}

export function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

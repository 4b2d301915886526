import type { ErrorReading, Retry } from '../descriptor/descriptor.ts';
import type { HttpAnswer, JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer, pointerKeys, withValueAt } from '../json-pointer.ts';
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
 * What is wrong with an answer that has the status of a success, by the descriptor's own signs of it: its body, with one
 * error alone where it lists several. `undefined` where nothing is wrong, or only what a rule says to ignore; each error
 * is judged by itself, so that one to ignore hides no other.
 */
export function failureIn(body: JsonValue, answer: HttpAnswer, reading: ErrorReading): JsonValue | undefined {
  const judge = { reading, requestName: '', fill: (text: string) => text, secrets: [] };
  return reading.failedWhen
    .flatMap((sign) => failuresOf(body, sign))
    .find((failure) => readError(answer, { ...judge, body: failure }).means !== 'ignore');
}

function failuresOf(body: JsonValue, { pointer, not }: ErrorReading['failedWhen'][number]): JsonValue[] {
  const found = atPointer(body, pointer) ?? null;
  if (found === null || not?.includes(found) === true) return [];
  if (not !== undefined || !Array.isArray(found)) return [body];
  return found.map((error) => withValueAt(body, pointerKeys(pointer), [error]));
}

export function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

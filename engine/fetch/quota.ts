import type { Quota, TimeUnit } from '../descriptor/descriptor.ts';
import type { HttpAnswer } from '../records.ts';

/** How long to pause before the next request, in milliseconds; `undefined` where the source says there is enough left. */
export function quotaPauseMs(answer: HttpAnswer, { remaining, reset, resetIn, pauseBelow }: Quota): number | undefined {
  const left = answer.headers[remaining.toLowerCase()];
  if (left === undefined || !/^\d+$/.test(left.trim()) || Number(left) > pauseBelow) return undefined;
  const seconds = secondsUntil(answer.headers[reset.toLowerCase()], resetIn, answer);
  return seconds === undefined ? undefined : Math.ceil(seconds * 1000);
}

/** An instant that is past, or seconds away by a clock that differs, still wants a moment. */
const shortestPauseSeconds = 1;

/** An epoch above this counts milliseconds: in seconds it lies in the year 5138. */
const largestEpochSeconds = 1e11;

/**
 * The seconds until a time that a header tells, at least one. An instant is compared with the source's own clock (its
 * `Date` header), as ours may differ. `undefined` for what is no number.
 */
export function secondsUntil(
  header: string | undefined,
  unit: TimeUnit,
  { headers, receivedAt }: Pick<HttpAnswer, 'headers' | 'receivedAt'>,
): number | undefined {
  const text = header?.trim() ?? '';
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  if (unit === 'seconds') return Math.max(shortestPauseSeconds, value);
  const inMs = unit === 'epoch-ms' || (unit === 'epoch-auto' && value > largestEpochSeconds);
  const sourceNow = Date.parse(headers['date'] ?? '');
  const now = Number.isNaN(sourceNow) ? receivedAt.getTime() : sourceNow;
  return Math.max(shortestPauseSeconds, ((inMs ? value : value * 1000) - now) / 1000);
}

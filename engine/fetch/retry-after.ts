const SECONDS = /^\d+(\.\d+)?$/;
/** The three date forms of RFC 9110 §5.6.7 begin with the day of the week; the last (asctime) lacks its zone. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;
const WITHOUT_ZONE = /\d{4}$/;

/**
 * Reads `Retry-After` as a pause in seconds.
 *
 * Takes seconds, fractions (`2.128`, seen in the wild) or an HTTP date; a past date gives 0. Absent or unreadable:
 * `undefined`.
 *
 * @see RFC 9110 §10.2.3
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (SECONDS.test(text)) return Number(text);
  if (!HTTP_DATE.test(text)) return undefined;
  const at = Date.parse(WITHOUT_ZONE.test(text) ? `${text} GMT` : text);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1000);
}

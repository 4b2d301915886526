/** How a descriptor writes the ends of a span of time: `{from.iso}`, `{from.s}`, `{from.ms}`. */
export type TimeForm = 'iso' | 's' | 'ms';

/** The form of a time format as strftime writes it (`%Y-%m-%dT%H:%M:%SZ`); `isExact` where it is the same to the letter. */
export function timeFormOf(format: string): { readonly form: TimeForm; readonly isExact: boolean } | undefined {
  if (format === '%s' || format === '%s_as_float' || format === '%X') {
    return format === '%X' ? undefined : { form: 's', isExact: format === '%s' };
  }
  if (format === '%ms') return { form: 'ms', isExact: true };
  const isIso = /^%Y-%m-%d(T|%T)%H:%M:%S(\.(%f|%_ms|%L|0+))?(Z|%z|%Z|\+00:?00|-00:?00)$/.test(format);
  return isIso ? { form: 'iso', isExact: format === '%Y-%m-%dT%H:%M:%SZ' } : undefined;
}

/** The same of a format as .NET writes it (`yyyy-MM-ddTHH:mm:ssZ`), or one of its constants. */
export function dotNetFormOf(format: string): { readonly form: TimeForm; readonly isExact: boolean } | undefined {
  const word = format.toLowerCase();
  if (word === 'unixtimestamp') return { form: 's', isExact: true };
  if (word === 'unixtimestampinmills') return { form: 'ms', isExact: true };
  const plain = format.replace(/['"\\]/g, '');
  if (!/^yyyy-MM-ddTHH:mm:ss(\.[fF0]+)?(Z|z+|K|\+00:00)?$/.test(plain)) return undefined;
  return { form: 'iso', isExact: plain === 'yyyy-MM-ddTHH:mm:ssZ' };
}

const perUnit = { W: 7 * 86_400, D: 86_400, H: 3600, M: 60, S: 1 } as const;

/** Seconds of an ISO 8601 duration such as `P1D` or `PT30M`; a month counts 30 days, a year 365. */
export function isoSeconds(duration: string): { readonly seconds: number; readonly isExact: boolean } | undefined {
  const found = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
    duration,
  );
  if (found === null || duration === 'P' || duration.endsWith('T')) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = found
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  const total =
    (years ?? 0) * 365 * perUnit.D +
    (months ?? 0) * 30 * perUnit.D +
    (weeks ?? 0) * perUnit.W +
    (days ?? 0) * perUnit.D +
    (hours ?? 0) * perUnit.H +
    (minutes ?? 0) * perUnit.M +
    (seconds ?? 0);
  return { seconds: total, isExact: (years ?? 0) + (months ?? 0) === 0 && Number.isInteger(total) };
}

/** 86400 → `1d`; never less than a second. */
export function durationOf(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole % perUnit.D === 0) return `${whole / perUnit.D}d`;
  if (whole % perUnit.H === 0) return `${whole / perUnit.H}h`;
  return whole % perUnit.M === 0 ? `${whole / perUnit.M}m` : `${whole}s`;
}

const dayMs = 86_400_000;
/** Years that stand for "none" and "never"; such times are no facts about anybody, and a mapping knows them. */
const firstYear = 1971;
const lastYear = 2199;

const isoForm = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const httpForm =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** A date, or a date and time, in ISO 8601 or as HTTP writes it, that the calendar has. */
export function isTimeText(text: string): boolean {
  return millisOf(text) !== undefined;
}

/** Whether a number can be seconds or milliseconds since 1970, in this century. */
export function isEpoch(value: number): 'seconds' | 'milliseconds' | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (value >= 946_684_800 && value < 4_102_444_800) return 'seconds';
  if (value >= 946_684_800_000 && value < 4_102_444_800_000) return 'milliseconds';
  return undefined;
}

/** The instant in milliseconds since 1970; `undefined` for what is no time, and for times that stand for "none" or "never". */
export function instantOf(value: string | number): number | undefined {
  if (typeof value === 'number' || /^\d+$/.test(value)) {
    const unit = isEpoch(Number(value));
    return unit === undefined ? undefined : Number(value) * (unit === 'seconds' ? 1000 : 1);
  }
  const millis = millisOf(value);
  const year = millis === undefined ? 0 : new Date(millis).getUTCFullYear();
  return year < firstYear || year > lastYear ? undefined : millis;
}

/**
 * The time moved by whole days, in the form it has: decimals, zone and separators stay. Whole days move date-only values
 * by the same offset. What {@link instantOf} knows no instant of stays as it is.
 */
export function shiftTime<Time extends string | number>(value: Time, days: number): Time;
export function shiftTime(value: string | number, days: number): string | number {
  if (instantOf(value) === undefined) return value;
  if (typeof value === 'number' || /^\d+$/.test(value)) {
    const moved = Number(value) + (days * dayMs) / (isEpoch(Number(value)) === 'seconds' ? 1000 : 1);
    return typeof value === 'number' ? moved : String(moved);
  }
  if (httpForm.test(value)) return new Date(Date.parse(value) + days * dayMs).toUTCString();
  const date = new Date(Date.parse(value.slice(0, 10)) + days * dayMs).toISOString().slice(0, 10);
  return date + value.slice(10);
}

/**
 * Days by which the times of a recording move: the newest lands before `clock`, by a margin that nobody can guess, and no
 * moved time is spelled like one of the times as they came.
 */
export function chooseOffset(times: readonly (string | number)[], clock: Date, marginDays: number): number {
  const instants = times.map(instantOf).filter((instant) => instant !== undefined);
  if (instants.length === 0) return 0;
  // A date without a time may mean its last moment, and a zone may move it by half a day more.
  const newest = instants.reduce((latest, instant) => Math.max(latest, instant), 0) + 2 * dayMs;
  const spelled = new Set(times.map(String));
  const collides = (days: number) =>
    times.some((time) => spelled.has(String(shiftTime(time, days))) && instantOf(time) !== undefined);
  let days = Math.floor((clock.getTime() - newest) / dayMs) - marginDays;
  while (days === 0 || collides(days)) days -= 1;
  return days;
}

function millisOf(text: string): number | undefined {
  const [, year = '', month = '', day = ''] = isoForm.exec(text) ?? [];
  if (year === '') return httpForm.test(text) ? Date.parse(text) : undefined;
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const instant = Date.parse(
    text
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/(\.\d{3})\d+/, '$1')
      .replace(/([+-]\d{2})(\d{2})$/, '$1:$2'),
  );
  return Number.isNaN(instant) ? undefined : instant;
}

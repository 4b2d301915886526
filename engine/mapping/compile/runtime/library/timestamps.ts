/**
 * ISO 8601 as `$toMillis` takes it: milliseconds since 1970, or nothing if the text is no such timestamp.
 *
 * Reads by itself what sources send most, `2025-03-12T04:00:00Z` with or without a fraction; leaves the rest to the date
 * parser of the engine, as the package does.
 */
export function millisOf(text: string): number | undefined {
  const millis = readCommon(text);
  if (millis !== undefined) return millis;
  return timestamp.test(text) ? Date.parse(text) : undefined;
}

const timestamp = /^\d{4}(-[01]\d)?(-[0-3]\d)?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

function readCommon(text: string): number | undefined {
  const { length } = text;
  if (length < 20 || length > 30 || text.charCodeAt(length - 1) !== 90 || !hasMarks(text)) return undefined;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  const hours = pair(text, 11);
  const minutes = pair(text, 14);
  const seconds = pair(text, 17);
  const millis = length === 20 ? 0 : fraction(text, 20, length - 1);
  // What is no number compares as false.
  const isDate = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  const isTime = hours <= 23 && minutes <= 59 && seconds <= 59;
  if (!isDate || !isTime || millis < 0) return undefined;
  return daysSince1970(year, month, day) * 86_400_000 + (hours * 3600 + minutes * 60 + seconds) * 1000 + millis;
}

/** The marks between the numbers: - - T : : and a point before a fraction. */
function hasMarks(text: string): boolean {
  return (
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    (text.length === 20 || (text.length > 21 && text.charCodeAt(19) === 46))
  );
}

/** The number of two digits; not a number if there is anything else. */
function pair(text: string, from: number): number {
  const tens = text.charCodeAt(from) - 48;
  const ones = text.charCodeAt(from + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** The number written from one place to another; negative if there is anything but digits. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Milliseconds of a fraction of a second; digits beyond the third are dropped. */
function fraction(text: string, from: number, to: number): number {
  if (digits(text, from, to) < 0) return -1;
  const known = Math.min(3, to - from);
  return digits(text, from, from + known) * (known === 1 ? 100 : known === 2 ? 10 : 1);
}

/**
 * Days from 1970-01-01 in the Gregorian calendar, with years that start in March. A day beyond the month's end counts on.
 *
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

import type { JsonValue } from '../records.ts';
import type { InstantForm } from './sandbox-description.ts';

export type InstantFormat = { readonly as: InstantForm; readonly digits: number };

/** An instant as the vendor writes it. `fraction` stands for the digits below a millisecond. */
export function writeInstant(ms: number, { as, digits }: InstantFormat, fraction = '000000'): JsonValue {
  if (as === 'epoch-s') return Math.floor(ms / 1000);
  if (as === 'epoch-ms') return Math.floor(ms);
  const [date = '', rest = ''] = new Date(ms).toISOString().slice(0, -1).split('.');
  const written = digits === 0 ? date : `${date}.${`${rest}${fraction}`.slice(0, digits)}`;
  if (as === 'iso-local') return written;
  return `${written}${as === 'iso-offset' ? '+00:00' : 'Z'}`;
}

/** ISO 8601 (without a zone: UTC), seconds or milliseconds since 1970, in ms; NaN for anything else. */
export function readInstant(value: JsonValue | undefined): number {
  if (typeof value === 'number') return value < 1e11 ? value * 1000 : value;
  if (typeof value !== 'string') return Number.NaN;
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(value) || !value.includes('T') ? value : `${value}Z`);
}

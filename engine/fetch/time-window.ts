import type { Values } from './expand-template.ts';
import { FetchError } from './fetch-error.ts';
import type { JsonObject, JsonValue } from '../records.ts';

/** A span of the source's time, in milliseconds since 1970, UTC; both ends are whole seconds. */
export type TimeWindow = { readonly from: number; readonly to: number };

/** What `{from.iso}`, `{from.s}`, `{from.ms}` and the same of `{to…}` stand for. */
export function windowValues({ from, to }: TimeWindow): Values {
  const named: { readonly [name: string]: string } = {
    'from.iso': isoSeconds(from),
    'from.s': String(from / 1000),
    'from.ms': String(from),
    'to.iso': isoSeconds(to),
    'to.s': String(to / 1000),
    'to.ms': String(to),
  };
  return (name) => named[name];
}

/** Sources count in seconds or finer: a whole second is the same instant for all of them. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** `2026-03-10T09:05:00Z`, in the form that every source with ISO times takes. */
function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** A time as sources write it: ISO 8601, or a number (or its text) of seconds or milliseconds since 1970. */
export function readTime(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  // Seconds reach a hundred thousand millions in the year 5138; milliseconds left it behind in March 1973.
  if (typeof number === 'number') return number < 1e11 ? number * 1000 : number;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time inside a saved cursor or position. Throws `state/unreadable` for what is no time. */
export function savedTime(saved: JsonObject, key: string): number {
  const ms = readTime(saved[key]);
  if (ms !== undefined) return ms;
  throw new FetchError('state/unreadable', `The saved cursor has no time under "${key}".`, {
    hint: 'Run `sluice state` to look at it; `sluice state INTEGRATION reset` lets the stream start anew.',
  });
}

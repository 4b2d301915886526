import type { JsonValue } from '../records.ts';

const MOST_KEYS = 8;

/** What kind of value it is, in words; keys are named, values never. */
export function describeValue(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return describeKeys(Object.keys(value));
  return typeof value === 'boolean' ? 'true or false' : `a ${typeof value}`;
}

function describeKeys(keys: readonly string[]): string {
  if (keys.length === 0) return 'an empty object';
  const named = keys.slice(0, MOST_KEYS).map((key) => JSON.stringify(key.slice(0, 40)));
  return `an object of ${named.join(', ')}${keys.length > MOST_KEYS ? ', …' : ''}`;
}

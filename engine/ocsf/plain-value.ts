import type { JsonObject, JsonValue } from '../records.ts';
import { newObject } from './new-object.ts';

/** Deeper than any real record; a value that goes deeper is hostile, or contains itself. */
export const maxDepth = 100;

/** Thrown when a candidate goes deeper than {@link maxDepth}; `check-record.ts` turns it into an issue. */
export class NestingError extends Error {}

/**
 * A copy of what JSON can carry, in plain object literals and arrays, without null, `''`, `{}` and `[]` at any depth.
 * `undefined` if nothing is left. Mappings hand over objects without prototype and arrays with extra properties.
 */
export function plainValue(value: unknown, depth = 0): JsonValue | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined; // JSON has no minus zero
  if (typeof value !== 'object' || value === null) return undefined;
  return Array.isArray(value) ? plainArray(value, depth) : plainObject(value, depth);
}

function plainArray(values: readonly unknown[], depth: number): JsonValue[] | undefined {
  enter(depth);
  const plain: JsonValue[] = [];
  for (const value of values) {
    const item = plainValue(value, depth + 1);
    if (item !== undefined) plain.push(item);
  }
  return plain.length === 0 ? undefined : plain;
}

function plainObject(value: object, depth: number): JsonObject | undefined {
  enter(depth);
  const plain = newObject();
  let isEmpty = true;
  for (const key of Object.keys(value)) {
    const item = plainValue((value as Record<string, unknown>)[key], depth + 1); // one of its own keys
    if (item === undefined) continue;
    setKey(plain, key, item);
    isEmpty = false;
  }
  return isEmpty ? undefined : plain;
}

export function enter(depth: number): void {
  if (depth >= maxDepth) throw new NestingError(`more than ${maxDepth} levels deep`);
}

/** A source may send a key `__proto__`; assigned plainly it would vanish and take the object's prototype with it. */
export function setKey<Value>(object: Record<string, Value>, key: string, value: NoInfer<Value>): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

export function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** Of what a mapping gave, which need not be JSON; of JSON, `isJsonObject` tells more. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

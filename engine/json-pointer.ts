import { isJsonObject, type JsonObject, type JsonValue } from './records.ts';

/** The value at a JSON Pointer (RFC 6901); `undefined` if there is none. The empty pointer is the whole. */
export function atPointer(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  let found = value;
  for (const key of pointerKeys(pointer)) found = child(found, key);
  return found;
}

/**
 * Like {@link atPointer}, but a `*` stands for any number of nested objects, none included, whatever their keys. What
 * lies deepest comes first.
 */
export function allAtPointer(value: JsonValue, pointer: string): JsonValue[] {
  return collect(value, pointerKeys(pointer));
}

function collect(value: JsonValue | undefined, keys: readonly string[]): JsonValue[] {
  const [key, ...rest] = keys;
  if (value === undefined) return [];
  if (key === undefined) return [value];
  if (key !== '*') return collect(child(value, key), rest);
  const deeper = isJsonObject(value) ? Object.values(value).filter(isJsonObject) : [];
  return [...deeper.flatMap((inner) => collect(inner, keys)), ...collect(value, rest)];
}

/** A copy in which another value stands at the end of those keys; what is no object on the way becomes one. */
export function withValueAt(value: JsonValue, [key, ...rest]: readonly string[], written: JsonValue): JsonValue {
  if (key === undefined) return written;
  const object: JsonObject = isJsonObject(value) ? value : {};
  return { ...object, [key]: withValueAt(object[key] ?? null, rest, written) };
}

/** The keys a pointer goes through, none for the empty one. */
export function pointerKeys(pointer: string): string[] {
  const [, ...keys] = pointer.split('/');
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer that goes through those keys. */
export function pointerTo(keys: readonly (string | number)[]): string {
  return keys.reduce<string>(childPointer, '');
}

/** The pointer to what lies under a key of the value it points at. */
export function childPointer(pointer: string, key: string | number): string {
  return `${pointer}/${escapeKey(String(key))}`;
}

/** A key as it stands in a pointer. */
export function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function child(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

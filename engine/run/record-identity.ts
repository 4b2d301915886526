import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject, JsonValue } from '../records.ts';

/** Our own namespace of RFC 9562 version 5 UUIDs; changing it would change every `metadata.uid` ever written. */
const namespace = Buffer.from('6f2d4a583c1e5b7a9d4051c5e0a7f1ce', 'hex');

/**
 * `metadata.uid`: the same source record of the same tenant gives the same id in every run, so that a consumer can drop
 * what it read before. The order of keys does not matter (RFC 8785).
 */
export function recordUid(
  integration: string,
  tenantUid: string | undefined,
  stream: string,
  record: JsonObject,
): string {
  return nameBasedUuid(`${integration}\n${tenantUid ?? ''}\n${stream}\n${canonical(record)}`);
}

/** RFC 9562 §5.5. Every record takes one, and node:crypto makes it in a fifth of the time that the package `uuid` takes. */
export function nameBasedUuid(name: string): string {
  const hex = hash('sha1', inNamespace(name), 'hex');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3] ?? '';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

let named = Buffer.concat([namespace], 4096); // the same for all names, which are hashed one after the other

function inNamespace(name: string): Buffer {
  const most = namespace.length + 3 * name.length; // no UTF-16 unit takes more than three bytes
  if (most > named.length) named = Buffer.concat([namespace], 2 * most);
  return named.subarray(0, namespace.length + named.write(name, namespace.length));
}

/** What tells a row from all others of its stream: its primary key, or its whole content where a part of that is missing. */
export function rowKey(primaryKey: readonly string[], record: JsonObject): string {
  const values = primaryKey.map((field) => record[field]);
  const whole = primaryKey.length === 0 || values.some((value) => value === undefined || value === null);
  return whole ? `record ${canonical(record)}` : `key ${JSON.stringify(values)}`;
}

/** RFC 8785. Of a row that is asked for twice, as its key and for its id, the text is kept. */
function canonical(record: JsonObject): string {
  if (record !== last.record) last = { record, text: canonicalText(record) };
  return last.text;
}

let last: { readonly record: JsonObject; readonly text: string } = { record: {}, text: '{}' };

/** For what came out of JSON a sorted copy is written as RFC 8785 asks for in half the time the package takes, but for two cases. */
function canonicalText(record: JsonObject): string {
  const copy = sorted(record);
  const text = copy === undefined ? undefined : JSON.stringify(copy);
  return text === undefined || halfPair.test(text) ? (canonicalize(withEscapes(record)) ?? '') : text;
}

/** As JSON.stringify writes half a surrogate pair, which RFC 8785 refuses; or as such an escape may stand in a text. */
const halfPair = /\\ud[89a-f]/;

/** Objects with their keys in order, at any depth; `undefined` where that cannot be, as JavaScript has an order of its own for keys like "7". */
function sorted(value: JsonValue): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const copy = sorted(item);
      if (copy === undefined) return undefined;
      items.push(copy);
    }
    return items;
  }
  const copy: JsonObject = {};
  for (const key of Object.keys(value).sort()) {
    const inner = value[key];
    if (inner === undefined) continue;
    const other = sorted(inner);
    if (other === undefined || startsWithDigit(key) || key === '__proto__') return undefined;
    copy[key] = other;
  }
  return copy;
}

function startsWithDigit(key: string): boolean {
  return key >= '0' && key < ':'; // the character after "9"
}

/** RFC 8785 refuses half a surrogate pair, which JSON may hold by its escape; it is told by that escape here. */
function withEscapes(record: JsonObject): unknown {
  return JSON.parse(JSON.stringify(record), (_key, value: unknown) => {
    if (typeof value === 'string') return escaped(value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [escaped(key), inner]));
  });
}

function escaped(text: string): string {
  return text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

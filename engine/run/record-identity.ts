import { createHash } from 'node:crypto';
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

/** RFC 9562 §5.5. Every record takes one, and node:crypto makes it in a third of the time that the package `uuid` takes. */
export function nameBasedUuid(name: string): string {
  const hex = createHash('sha1').update(namespace).update(name, 'utf8').digest('hex');
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3] ?? '';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What tells a row from all others of its stream: its primary key, or its whole content where a part of that is missing. */
export function rowKey(primaryKey: readonly string[], record: JsonObject): string {
  const values = primaryKey.map((field) => record[field]);
  const whole = primaryKey.length === 0 || values.some((value) => value === undefined || value === null);
  return whole ? `record ${canonical(record)}` : `key ${JSON.stringify(values)}`;
}

function canonical(record: JsonObject): string {
  return canonicalText(record) ?? canonicalize(withEscapes(record)) ?? '';
}

/**
 * RFC 8785, for what came out of JSON: in two thirds of the time of the package `canonicalize`, which looks for circles and
 * at each letter. `undefined` if there is half a surrogate pair.
 */
function canonicalText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) {
      const inner = canonicalText(item);
      if (inner === undefined) return undefined;
      text += text === '' ? inner : `,${inner}`;
    }
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const inner = value[key];
    if (inner === undefined) continue;
    const name = canonicalText(key);
    const written = canonicalText(inner);
    if (name === undefined || written === undefined) return undefined;
    text += text === '' ? `${name}:${written}` : `,${name}:${written}`;
  }
  return `{${text}}`;
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

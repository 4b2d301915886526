import canonicalize from 'canonicalize';
import { v5 as nameBasedUuid } from 'uuid';
import type { JsonObject } from '../records.ts';

/** Our own namespace of RFC 9562 version 5 UUIDs; changing it would change every `metadata.uid` ever written. */
const namespace = '6f2d4a58-3c1e-5b7a-9d40-51c5e0a7f1ce';

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
  return nameBasedUuid(`${integration}\n${tenantUid ?? ''}\n${stream}\n${canonical(record)}`, namespace);
}

/** What tells a row from all others of its stream: its primary key, or its whole content where a part of that is missing. */
export function rowKey(primaryKey: readonly string[], record: JsonObject): string {
  const values = primaryKey.map((field) => record[field]);
  const whole = primaryKey.length === 0 || values.some((value) => value === undefined || value === null);
  return whole ? `record ${canonical(record)}` : `key ${JSON.stringify(values)}`;
}

function canonical(record: JsonObject): string {
  try {
    return canonicalize(record) ?? '';
  } catch {
    return canonicalize(withEscapes(record)) ?? '';
  }
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

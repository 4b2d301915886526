import { atPointer } from '../json-pointer.ts';
import type { JsonValue } from '../records.ts';
import type { Exchange } from './exchange.ts';

/** A query parameter, or, for a name that begins with `/`, what lies there in a JSON body (RFC 6901). */
export function readParameter(exchange: Exchange, name: string): JsonValue | undefined {
  if (name.startsWith('/')) return atPointer(readJson(exchange.body), name);
  const values = exchange.url.searchParams.getAll(name);
  return values.length > 1 ? values : values[0];
}

/** The same as one text: the values of a repeated parameter joined by commas. */
export function readText(exchange: Exchange, name: string): string | undefined {
  const value = readParameter(exchange, name);
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.map((item) => asText(item)).join(',');
  return asText(value);
}

/** `undefined`: no JSON. */
export function readJson(body: string): JsonValue | undefined {
  try {
    // JSON.parse gives JSON values.
    return JSON.parse(body) as JsonValue;
  } catch {
    return undefined;
  }
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

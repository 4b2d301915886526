import type { Records } from '../descriptor/descriptor.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { describeValue } from './describe-value.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';

/**
 * A page's body as rows, in the source's order. A row may still be anything. A body of another shape than declared is
 * `fetch/wrong-shape`, never an empty page: a list that lost its rows must not look like a tenant without users.
 */
export function splitRows(records: Records, body: JsonValue): JsonValue[] {
  switch (records.kind) {
    case 'rows':
      return isNullList(records, body) ? [] : arrayAt(body, records.pointer, 'the answer');
    case 'body':
      return [wholeBody(body)];
    case 'explode':
      return parents(records.pointer, body).flatMap((parent) => explode(records.items, records.carry, parent));
    default:
      return records satisfies never;
  }
}

/** How many items the source itself would count on the page: before any is exploded. */
export function countItems(records: Records, body: JsonValue): number {
  return records.kind === 'explode' ? parents(records.pointer, body).length : splitRows(records, body).length;
}

function isNullList({ pointer, nullIsEmpty }: Extract<Records, { kind: 'rows' }>, body: JsonValue): boolean {
  return nullIsEmpty === true && atPointer(body, pointer) === null;
}

function arrayAt(value: JsonValue, pointer: string, where: string): JsonValue[] {
  const found = atPointer(value, pointer);
  if (Array.isArray(found)) return found;
  // Where nothing is found, what stands there instead tells more.
  const seen = found === undefined ? `nothing; it is ${describeValue(value)}` : describeValue(found);
  throw wrongShape(`an array at ${shown(pointer)} of ${where}`, seen);
}

function wholeBody(body: JsonValue): JsonValue {
  if (!isJsonObject(body)) throw wrongShape('an object as the answer', describeValue(body));
  const keys = Object.keys(body);
  if (keys.length === 1 && (keys[0] === 'error' || keys[0] === 'errors')) {
    throw wrongShape('a record as the answer', `an error with the status of a success: ${describeValue(body)}`);
  }
  return body;
}

function parents(pointer: string | undefined, body: JsonValue): JsonValue[] {
  return pointer === undefined ? [body] : arrayAt(body, pointer, 'the answer');
}

function explode(items: string, carry: readonly string[], parent: JsonValue): JsonValue[] {
  const rows = arrayAt(parent, items, 'a row that holds others');
  const carried = isJsonObject(parent) ? pick(parent, carry) : {};
  return rows.map((row) => (isJsonObject(row) ? { ...carried, ...row } : row));
}

function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)));
}

function shown(pointer: string): string {
  return pointer === '' ? 'the top' : `"${pointer}"`;
}

function wrongShape(expected: string, found: string): FetchError {
  return new FetchError('fetch/wrong-shape', `Expected ${expected}, but found ${found}.`, {
    hint: 'The vendor may have changed its answers, or the address is another than the descriptor was written for.',
  });
}

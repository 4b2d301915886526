import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { Collection } from './collection.ts';
import type { Exchange } from './exchange.ts';
import type { PageToken } from './page-token.ts';
import type { CollectionDescription } from './sandbox-description.ts';

/** A page about to be sent; faults change it. A summary is a page of one row. */
export type ListPage = PageToken & {
  /** A list, unless a fault made it something else. */
  readonly rows: JsonValue;
  readonly next: string | undefined;
  /** The absolute address of another place in the same list. */
  readonly link: (place: PageToken) => string;
  readonly collection: Collection | undefined;
};

export function changeRows(page: ListPage, change: (rows: JsonValue[]) => JsonValue[]): ListPage {
  return Array.isArray(page.rows) ? { ...page, rows: change(page.rows) } : page;
}

/** Late values as an older client would see them. */
export function hideLateValues(rows: JsonValue, { evolving }: CollectionDescription, { headers }: Exchange): JsonValue {
  if (evolving === undefined || !Array.isArray(rows)) return rows;
  if (String(headers[evolving.header.toLowerCase()] ?? '').includes(evolving.contains)) return rows;
  return rows.map((row) => (isJsonObject(row) ? hideIn(row, evolving.fields, evolving.instead) : row));
}

/** What is sent of a record. */
export function withoutHidden(record: JsonObject): JsonObject {
  const row: JsonObject = {};
  for (const name in record) {
    const value = record[name];
    if (value !== undefined && !name.startsWith('_')) row[name] = value;
  }
  return row;
}

function hideIn(row: JsonObject, fields: { readonly [field: string]: readonly string[] }, instead: string): JsonObject {
  const hide = (value: JsonValue | undefined, late: readonly string[]): JsonValue =>
    typeof value === 'string' && late.includes(value) ? instead : (value ?? null);
  const hidden = Object.entries(fields)
    .filter(([field]) => field in row)
    .map(([field, late]) => {
      const value = row[field];
      return [field, Array.isArray(value) ? value.map((item) => hide(item, late)) : hide(value, late)];
    });
  // Object.fromEntries loses the types of the pairs above.
  return { ...row, ...(Object.fromEntries(hidden) as JsonObject) };
}

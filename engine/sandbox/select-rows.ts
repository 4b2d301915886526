import type { JsonObject, JsonValue } from '../records.ts';
import type { Collection } from './collection.ts';
import type { Exchange } from './exchange.ts';
import { asText } from './fill.ts';
import { readInstant } from './instant.ts';
import { readParameter, readText } from './read-parameter.ts';
import type { FilterDescription, Order, Selection } from './sandbox-description.ts';
import { type Place, type Step, walk } from './walk.ts';

/** Which records a request wants. */
export type Wanted = {
  readonly fits: (record: JsonObject) => boolean;
  /** In the order of time, nothing before and nothing after these instants fits. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether a record can be left out at all. */
  readonly narrowed: boolean;
};

/** What is wrong with a filter, by its parameter. */
export type BadFilter = { readonly parameter: string };

const dayMs = 86_400_000;

/** `begun`: the walk has begun, so what only says where to begin is not looked at. */
export function readWanted(
  selection: Selection,
  exchange: Exchange,
  collection: Collection,
  { now, begun }: { readonly now: Date; readonly begun: boolean },
): Wanted | BadFilter {
  const conditions: Condition[] = [];
  const asked = selection.filters.filter(({ once }) => !(once && begun));
  for (const parameter of new Set(asked.map((filter) => filter.parameter))) {
    const filters = asked.filter((filter) => filter.parameter === parameter);
    const read = readFilters(filters, exchange, now);
    if (read === undefined) return { parameter };
    conditions.push(...read);
  }
  const held = holdBack(selection, collection, now);
  const hidden = hides(selection, exchange);
  const all = [...conditions, ...held];
  const order = collection.description.order;
  const edges = all.filter(({ field, atMs }) => field === order && atMs !== undefined);
  return {
    fits: (record) => !hidden(record) && all.every(({ fits }) => fits(record)),
    fromMs: Math.max(
      ...edges.filter(({ is }) => is.startsWith('>')).map(({ atMs = 0 }) => atMs),
      Number.NEGATIVE_INFINITY,
    ),
    toMs: Math.min(
      ...edges.filter(({ is }) => is.startsWith('<')).map(({ atMs = 0 }) => atMs),
      Number.POSITIVE_INFINITY,
    ),
    narrowed: all.length > 0 || selection.hides !== undefined,
  };
}

/** The wanted records after a place; what lies outside a window of time is not even made. */
export function* wantedSteps(collection: Collection, wanted: Wanted, order: Order, after?: Place): Generator<Step> {
  const [first, last] = order === 'ascending' ? [wanted.fromMs, wanted.toMs] : [wanted.toMs, wanted.fromMs];
  const edge = { key: first, index: order === 'ascending' ? -1 : Number.POSITIVE_INFINITY };
  const begin = order === 'stored' || !Number.isFinite(first) ? after : later(order, edge, after);
  for (const step of walk(collection, order, begin)) {
    if (order === 'ascending' && step.place.key > last) return;
    if (order === 'descending' && step.place.key < last) return;
    if (wanted.fits(step.record)) yield step;
  }
}

function later(order: Order, edge: Place, after: Place | undefined): Place {
  if (after === undefined) return edge;
  const further = order === 'ascending' ? after.key >= edge.key : after.key <= edge.key;
  return further ? after : edge;
}

type Condition = {
  readonly field?: string;
  readonly is: FilterDescription['is'];
  readonly atMs?: number;
  readonly fits: (record: JsonObject) => boolean;
};

/** The filters of one parameter; `undefined`: the parameter is missing, or says what the vendor does not understand. */
function readFilters(filters: readonly FilterDescription[], exchange: Exchange, now: Date): Condition[] | undefined {
  const [first] = filters;
  const text = first === undefined ? undefined : readText(exchange, first.parameter);
  if (text === undefined) return filters.some(({ required }) => required) ? undefined : [];
  const matches = filters.map((filter) => ({ filter, value: matchText(filter, text) }));
  const matched = matches.filter(({ value }) => value !== undefined);
  if (matched.length === 0) return undefined;
  const conditions = matched.map(({ filter, value = '' }) => readCondition(filter, value, exchange, now));
  return conditions.includes(undefined) ? undefined : conditions.filter((one) => one !== undefined && one !== 'taken');
}

function matchText({ pattern }: FilterDescription, text: string): string | undefined {
  if (pattern === undefined) return text;
  const found = new RegExp(pattern).exec(text);
  return found === null ? undefined : (found[1] ?? text);
}

function readCondition(
  filter: FilterDescription,
  value: string,
  exchange: Exchange,
  now: Date,
): Condition | 'taken' | undefined {
  const { field, is, unit, below, oldestDays } = filter;
  if (unit === 'text') return field === undefined ? 'taken' : textCondition(field, is, value);
  const atMs = instantOf(value, unit);
  if (Number.isNaN(atMs)) return undefined;
  if (oldestDays !== undefined && atMs < now.getTime() - oldestDays * dayMs) return undefined;
  const limit = below === undefined ? undefined : readText(exchange, below);
  if (limit !== undefined && atMs >= instantOf(limit, unit)) return undefined;
  if (field === undefined) return 'taken';
  return { field, is, atMs, fits: (record) => compares(readInstant(record[field]), is, atMs) };
}

function instantOf(text: string, unit: FilterDescription['unit']): number {
  if (unit === 'iso') return /^\d{4}-\d\d-\d\d/.test(text) ? readInstant(text) : Number.NaN;
  return /^\d+$/.test(text) ? Number(text) * (unit === 'seconds' ? 1000 : 1) : Number.NaN;
}

function textCondition(field: string, is: FilterDescription['is'], value: string): Condition {
  const words = is === 'in' ? value.split(',') : [value];
  const known = new Set(words.map((word) => word.trim().toLowerCase()));
  return { field, is, fits: (record) => known.has(asText(record[field] ?? null).toLowerCase()) };
}

function compares(value: number, is: FilterDescription['is'], atMs: number): boolean {
  switch (is) {
    case '>':
      return value > atMs;
    case '>=':
      return value >= atMs;
    case '<':
      return value < atMs;
    case '<=':
      return value <= atMs;
    case '=':
    case 'in':
      return value === atMs;
    default:
      return is satisfies never;
  }
}

function holdBack({ heldBackSeconds }: Selection, { description }: Collection, now: Date): Condition[] {
  const { order } = description;
  if (heldBackSeconds === 0 || order === undefined) return [];
  const atMs = now.getTime() - heldBackSeconds * 1000;
  return [{ field: order, is: '<=', atMs, fits: (record) => readInstant(record[order]) <= atMs }];
}

function hides({ hides: fields, showsWith }: Selection, exchange: Exchange): (record: JsonObject) => boolean {
  if (fields === undefined || showsWith.some((name) => readParameter(exchange, name) !== undefined)) return () => false;
  const entries = Object.entries(fields);
  return (record) => entries.some(([field, values]) => values.includes(asText(record[field] ?? (null as JsonValue))));
}

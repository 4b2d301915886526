import { ExpressionError, type Site } from '../expression-error.ts';
import { HandOver } from '../hand-over.ts';
import { enterSideBySide } from './evaluation.ts';
import { append, createSequence, fillEmpty, isArray, type List } from './sequence.ts';
import type { Tuple } from './tuples.ts';

/** Sets a field as the data says it, also one called `__proto__`. */
export function setField(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    (target as { [name: string]: unknown })[key] = value;
  }
}

/** `[a, b]` of items whose own lists are spread; an item that is itself `[…]` is not. */
export function joinItem(items: List, value: unknown): List {
  if (value === undefined) return items;
  if (!isArray(value)) {
    items.push(value);
    return items;
  }
  // As concat does it: holes stay holes, marks are dropped.
  return items.concat(value);
}

/** `[a]` of one item: its own list, copied, or a list of it. */
export function listOf(value: unknown): List {
  if (value === undefined) return [];
  return isArray(value) ? value.slice() : [value];
}

/** `[[a], b]`: an item that is itself constructed. */
export function pushItem(items: List, value: unknown): List {
  if (value !== undefined) items.push(value);
  return items;
}

/** Marks an array a path must not flatten. */
export function constructed(items: List): List {
  Object.defineProperty(items, 'cons', { enumerable: false, configurable: false, value: true });
  return items;
}

export type PairOf<Names> = readonly [
  key: (item: unknown, names: Names) => unknown,
  value: (item: unknown, names: Names) => unknown,
];

type Entry = { data: unknown; pair: number };

/** `items{key: value}`: groups items by key, then works out one value for each group. */
export function group(input: unknown, pairs: readonly PairOf<undefined>[], site: Site, weight: number): object {
  const items = groupable(input);
  const entries = new Map<string, Entry>();
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    pairs.forEach(([keyOf], pair) => {
      enterGroup(entries, keyOf(item, undefined), item, pair, site);
    });
  }
  enterSideBySide(entries.size, weight);
  const result = {};
  for (const [key, entry] of inKeyOrder(entries)) {
    const value = pairs[entry.pair]?.[1](entry.data, undefined);
    if (value !== undefined) setField(result, key, value);
  }
  return result;
}

function groupable(input: unknown): List {
  const items = isArray(input) ? input : createSequence(input);
  if (items.tupleStream === true || (typeof input === 'object' && input !== null && (input as List).tupleStream)) {
    throw new HandOver('Tuples meet a group outside their path.');
  }
  if (items.length === 0) fillEmpty(items);
  return items;
}

/** `items{key: value}` over tuples: a group's values are those of its tuples together. */
export function groupTuples(input: List, pairs: readonly PairOf<Tuple>[], site: Site, weight: number): object {
  const entries = new Map<string, Entry>();
  for (const tuple of input as Tuple[]) {
    pairs.forEach(([keyOf], pair) => {
      enterGroup(entries, keyOf(tuple['@'], tuple), tuple, pair, site);
    });
  }
  enterSideBySide(entries.size, weight);
  const result = {};
  for (const [key, entry] of inKeyOrder(entries)) {
    const names = reduceTuples(entry.data as Tuple | Tuple[]); // only tuples were entered
    const context = names['@'];
    delete names['@'];
    const value = pairs[entry.pair]?.[1](context, names);
    if (value !== undefined) setField(result, key, value);
  }
  return result;
}

function enterGroup(entries: Map<string, Entry>, key: unknown, item: unknown, pair: number, site: Site): void {
  if (key === undefined) return;
  if (typeof key !== 'string') throw new ExpressionError('T1003', site, { value: key });
  if (key === '_jsonata_lambda' || key === '_jsonata_function')
    throw new ExpressionError('D1013', site, { value: key });
  const entry = entries.get(key);
  if (entry === undefined) entries.set(key, { data: item, pair });
  else if (entry.pair !== pair) throw new ExpressionError('D1009', site, { value: key });
  else entry.data = append(entry.data, item);
}

/** Objects list keys that are whole numbers first, and so do the interpreter's groups. */
function inKeyOrder(entries: Map<string, Entry>): Iterable<[string, Entry]> {
  const first = entries.keys().next();
  if (first.done === true || entries.size === 1) return entries;
  const order: { [key: string]: Entry } = Object.create(null) as { [key: string]: Entry };
  for (const [key, entry] of entries) order[key] = entry;
  return Object.entries(order);
}

function reduceTuples(tuples: Tuple | Tuple[]): Tuple {
  if (!Array.isArray(tuples)) return tuples;
  const result = Object.assign(Object.create(null) as Tuple, tuples[0]);
  for (const tuple of tuples.slice(1)) {
    for (const name of Object.keys(tuple)) result[name] = append(result[name], tuple[name]);
  }
  return result;
}

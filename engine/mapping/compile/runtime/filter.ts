import { HandOver } from '../hand-over.ts';
import type { Site } from '../expression-error.ts';
import { isNumeric, truthy } from './kinds.ts';
import { asSequence, collapse, createSequence, isArray, type List } from './sequence.ts';
import type { Tuple } from './tuples.ts';

export type Predicate = (item: unknown) => unknown;

/** `items[predicate]`: the items it holds for, or whose place it names. */
export function filter(input: unknown, predicate: Predicate, site?: Site): List {
  const items = filterable(input);
  const kept = createSequence();
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    keepSelected(kept, item, index, items.length, predicate(item), site);
  }
  return kept;
}

/** {@link filter} by a predicate that is a plain yes or no. */
export function filterWhere(input: unknown, predicate: Predicate): List {
  return asSequence(keptWhere(input, predicate));
}

/** {@link filterWhere} without the marks of a result, for steps to go on with. */
export function keptWhere(input: unknown, predicate: Predicate): List {
  const items = filterable(input);
  const kept: List = [];
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (predicate(item) === true) kept.push(item);
  }
  return kept;
}

/** `items[2]`: the item at a place, counted from the end if negative. */
export function filterAt(input: unknown, place: number): List {
  const items = filterable(input);
  const index = Math.floor(place);
  const item = items[index < 0 ? items.length + index : index];
  if (isArray(item)) return item;
  return item === undefined ? createSequence() : createSequence(item);
}

/** {@link filterAt}, collapsed. */
export function itemAt(input: unknown, place: number): unknown {
  const index = Math.floor(place);
  if (!isArray(input)) {
    refuseTuples(input);
    return index === 0 || index === -1 ? input : undefined;
  }
  const items = filterable(input);
  const item = items[index < 0 ? items.length + index : index];
  return isArray(item) ? collapse(item) : item;
}

/** Whether there is anything in what {@link filterWhere} keeps, for a predicate that never fails. */
export function anyWhere(input: unknown, predicate: Predicate): boolean {
  if (!isArray(input)) {
    refuseTuples(input);
    return input !== undefined && predicate(input) === true;
  }
  const items = filterable(input);
  let kept = 0;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    // One that is nothing collapses to nothing; two are a list.
    if (predicate(item) === true && (item !== undefined || ++kept > 1)) return true;
  }
  return false;
}

/** {@link filter} over tuples, whose names the predicate may use. */
export function filterTuples(
  input: Tuple[] & List,
  predicate: (item: unknown, tuple: Tuple) => unknown,
  site?: Site,
): Tuple[] & List {
  const kept = createSequence();
  kept.tupleStream = true;
  for (let index = 0; index < input.length; index++) {
    const tuple = input[index] as Tuple; // a tuple stream holds tuples only
    keepSelected(kept, tuple, index, input.length, predicate(tuple['@'], tuple), site);
  }
  return kept as Tuple[] & List; // only tuples were kept
}

/** {@link filterAt} over tuples. */
export function filterTuplesAt(input: Tuple[] & List, place: number): Tuple[] & List {
  const index = Math.floor(place);
  const tuple = input[index < 0 ? input.length + index : index];
  const kept = tuple === undefined ? createSequence() : createSequence(tuple);
  kept.tupleStream = true;
  return kept as Tuple[] & List; // only a tuple was kept
}

function filterable(input: unknown): List {
  if (isArray(input)) {
    if (input.tupleStream === true) throw new HandOver('Tuples meet a filter outside their path.');
    return input;
  }
  refuseTuples(input);
  return createSequence(input);
}

function refuseTuples(input: unknown): void {
  if (typeof input === 'object' && input !== null && (input as List).tupleStream) {
    throw new HandOver('The data has the key "tupleStream".');
  }
}

function keepSelected(
  kept: List,
  item: unknown,
  index: number,
  length: number,
  selected: unknown,
  site: Site | undefined,
): void {
  if (typeof selected === 'boolean') {
    if (selected) kept.push(item);
  } else if (isNumeric(selected, site)) {
    if (isPlace(selected, index, length)) kept.push(item);
  } else if (isArray(selected) && selected.every((place) => isNumeric(place, site))) {
    for (const place of selected) if (isPlace(place, index, length)) kept.push(item);
  } else if (truthy(selected, site)) {
    kept.push(item);
  }
}

function isPlace(place: number, index: number, length: number): boolean {
  const floor = Math.floor(place);
  return (floor < 0 ? length + floor : floor) === index;
}

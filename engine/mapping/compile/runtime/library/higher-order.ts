import { ExpressionError } from '../../expression-error.ts';
import { callArgument, takenArguments } from '../apply.ts';
import { HandOver } from '../../hand-over.ts';
import { enter, leave } from '../evaluation.ts';
import { arityOf, type Implementation, Lambda } from '../functions.ts';
import { isNumeric, truthy } from '../kinds.ts';
import { createSequence, type List } from '../sequence.ts';
import { setField } from '../construct.ts';
import { mergeSort } from '../sort.ts';

/** The functions that call functions. The package's own wait for promises, these do not; signatures have been checked. */
export const higherOrder: { readonly [name: string]: Implementation } = {
  map: (list, func) => inside(() => map(list, func)),
  filter: (list, func) => inside(() => filter(list, func)),
  single: (list, func) => (func === undefined ? single(list, func) : inside(() => single(list, func))),
  reduce,
  each: (object, func) => inside(() => each(object, func)),
  sift: (object, func) => inside(() => sift(object, func)),
  sort: (list, comparator) => {
    if (list === undefined) return undefined;
    const items = list as List; // by its signature
    if (comparator === undefined) return sortPlain(items);
    // In a tail position the package gets a function it cannot call this way.
    if (comparator instanceof Lambda && items.length > 1) throw new HandOver('$sort is called in a tail position.');
    return mergeSort(items, (left, right) => Boolean(callArgument(comparator, [left, right])));
  },
};

/** An error after the first call counts as one inside it: the interpreter reports it where that call left its mark. */
function inside<Result>(run: () => Result): Result {
  enter(1);
  const result = run();
  leave(1);
  return result;
}

function map(list: unknown, func: unknown): unknown {
  if (list === undefined) return undefined;
  const results = createSequence();
  eachItem(list as List, (item, index, whole) => {
    const result = callArgument(func, takenArguments(func, item, index, whole));
    if (result !== undefined) results.push(result);
  });
  return results;
}

function filter(list: unknown, func: unknown): unknown {
  if (list === undefined) return undefined;
  const results = createSequence();
  eachItem(list as List, (item, index, whole) => {
    if (truthy(callArgument(func, takenArguments(func, item, index, whole)))) results.push(item);
  });
  return results;
}

function each(object: unknown, func: unknown): unknown {
  const results = createSequence();
  for (const [key, value] of entriesOf(object)) {
    const result = callArgument(func, takenArguments(func, value, key, object));
    if (result !== undefined) results.push(result);
  }
  return results;
}

function sift(object: unknown, func: unknown): unknown {
  const kept = {};
  for (const [key, value] of entriesOf(object)) {
    if (truthy(callArgument(func, takenArguments(func, value, key, object)))) setField(kept, key, value);
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function eachItem(list: List, visit: (item: unknown, index: number, whole: List) => void): void {
  for (let index = 0; index < list.length; index++) visit(list[index], index, list);
}

function entriesOf(object: unknown): [string, unknown][] {
  return typeof object === 'object' && object !== null ? Object.entries(object) : [];
}

function single(list: unknown, func: unknown): unknown {
  if (list === undefined) return undefined;
  const items = list as List; // by its signature
  let found = false;
  let result: unknown;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (func !== undefined && !truthy(callArgument(func, takenArguments(func, item, index, items)))) continue;
    if (found) throw new ExpressionError('D3138', undefined, { index });
    found = true;
    result = item;
  }
  if (!found) throw new ExpressionError('D3139', undefined);
  return result;
}

function reduce(list: unknown, func: unknown, init: unknown): unknown {
  if (list === undefined) return undefined;
  const items = list as List; // by its signature
  const arity = arityOf(func);
  if (arity < 2) throw new ExpressionError('D3050', undefined, { index: 1 });
  const startsWithFirst = init === undefined && items.length > 0;
  let result = startsWithFirst ? items[0] : init;
  for (let index = startsWithFirst ? 1 : 0; index < items.length; index++) {
    const args = [result, items[index], index, items].slice(0, Math.max(2, Math.min(4, arity)));
    result = callArgument(func, args);
  }
  return result;
}

/** `$sort` of one argument: of numbers or of strings; holes are neither asked nor moved to an end. */
function sortPlain(items: List): unknown {
  if (items.length <= 1) return items;
  // Every item is asked: one beyond the range of JSON is an error wherever it stands.
  const areNumbers = items.filter((item) => !isNumeric(item)).length === 0;
  if (!areNumbers && items.some((item) => typeof item !== 'string')) {
    throw new ExpressionError('D3070', undefined, { index: 1 });
  }
  return mergeSort(items, (left, right) => (left as number) > (right as number)); // alike, as just seen
}

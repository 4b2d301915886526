import { HandOver } from '../hand-over.ts';

/**
 * The interpreter's result lists are arrays with marks on them. The marks decide what a list of none or one collapses to,
 * and what is flattened into what; they are kept under the same names, so that the package's own functions see them.
 */
export type List = unknown[] & {
  sequence?: boolean;
  keepSingleton?: boolean;
  cons?: boolean;
  outerWrapper?: boolean;
  tupleStream?: boolean;
};

export const isArray: (value: unknown) => value is List = Array.isArray;

/** An empty sequence. */
export function createSequence(...first: unknown[]): List {
  const list: List = first.length === 0 ? [] : [first[0]];
  list.sequence = true;
  return list;
}

export function asSequence(items: List): List {
  items.sequence = true;
  return items;
}

/** What an expression's value becomes at its end: a sequence of none is nothing, a sequence of one is its item. */
export function collapse(value: unknown): unknown {
  if (!isArray(value) || value.sequence !== true || value.tupleStream === true) return value;
  if (value.length === 0) return undefined;
  return value.length === 1 && value.keepSingleton !== true ? value[0] : value;
}

/** {@link collapse} for an expression followed by `[]`: a sequence of one stays a list. */
export function collapseKept(value: unknown): unknown {
  if (isArray(value) && value.sequence === true && value.tupleStream !== true) value.keepSingleton = true;
  return collapse(value);
}

/** {@link collapse} for a fresh list of results that has no marks yet. */
export function collapseFresh(items: List): unknown {
  if (items.length > 1) return asSequence(items);
  return items[0];
}

/** The items of a list as `forEach` sees them: an array may have holes. */
export function pushAll(target: unknown[], items: readonly unknown[]): void {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (item !== undefined || index in items) target.push(item);
  }
}

/** Adds a step's result to the results so far: lists are spread, constructed arrays are not. */
export function pushFlat(target: unknown[], result: unknown): void {
  if (isArray(result) && result.cons !== true) pushAll(target, result);
  else target.push(result);
}

/** The value `$` stands for. */
export function contextValue(input: unknown): unknown {
  return typeof input !== 'object' || input === null ? input : collapse(rawContext(input));
}

/** The same before it collapses. The interpreter asks every value for this mark, data with such a key included. */
export function rawContext(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const list = input as List; // or any object: what is asked for is asked of both
  return list.outerWrapper ? list[0] : input;
}

/** A value and the values after it, as `$append` joins them. */
export function append(first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const head = isArray(first) ? first : [first];
  return head.concat(isArray(second) ? second : [second]);
}

/** The context of an object constructor's values: a list is taken as one group. */
export function groupContext(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  if (!isArray(input)) {
    if ((input as List).tupleStream) throw new HandOver('The data has the key "tupleStream".');
    return input;
  }
  if (input.tupleStream === true) throw new HandOver('Tuples meet an object constructor.');
  if (input.length === 0) fillEmpty(input);
  let context: unknown = input[0];
  for (let index = 1; index < input.length; index++) context = append(context, input[index]);
  return context;
}

/**
 * The interpreter makes an empty list it groups a list of nothing. Where that is a list of the data, what else reads it
 * may see the change or not.
 */
export function fillEmpty(list: List): void {
  if (list.sequence !== true) throw new HandOver('An empty list of the data is grouped.');
  list.push(undefined);
}

/** The list a path's first step walks when it is an array constructor. */
export function asInputList(input: unknown): List {
  return isArray(input) ? input : createSequence(input);
}

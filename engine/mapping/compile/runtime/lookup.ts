import { HandOver } from '../hand-over.ts';
import { isFunction } from './kinds.ts';
import {
  asSequence,
  collapse,
  collapseFresh,
  createSequence,
  isArray,
  type List,
  pushAll,
  pushFlat,
} from './sequence.ts';

/** `$lookup`: the value under a key; of a list, those of its items. */
export function lookup(input: unknown, key: string): unknown {
  if (isArray(input)) {
    const found = createSequence();
    for (const item of input) {
      const value = lookup(item, key);
      if (value === undefined) continue;
      if (isArray(value)) pushAll(found, value);
      else found.push(value);
    }
    return found;
  }
  if (typeof input !== 'object' || input === null || isFunction(input) || !Object.hasOwn(input, key)) return undefined;
  return (input as { [name: string]: unknown })[key];
}

/** What a binding holds. */
export function binding(bindings: { readonly [name: string]: unknown }, name: string): unknown {
  return Object.hasOwn(bindings, name) ? bindings[name] : undefined;
}

/** A field of one item that is no plain object, as a step in a path of its own. */
export function fieldAt(item: unknown, key: string): unknown {
  return collapse(lookup(item, key));
}

/** A field's value where a step asks for it. */
export const atValue = collapse;

/** {@link atValue} of a field of the input: nothing that would collapse any further. */
export function atValueOf(value: unknown): unknown {
  return isArray(value) ? settled(collapse(value)) : value;
}

export function fieldItemsOf(value: unknown): unknown {
  return isArray(value) ? fieldItems(value) : value;
}

/** {@link lastValue} of a field of the input: nothing that would collapse any further. */
export function lastValueOf(value: unknown): unknown {
  return isArray(value) ? settled(lastValue(value)) : value;
}

/** Lists that collapse are results, which the data has no more of: one of one item in one of one item. */
function settled(value: unknown): unknown {
  if (collapse(value) !== value) throw new HandOver('The data holds a result that has not collapsed.');
  return value;
}

/** A field name where it is no plain field of a plain object: in the middle of a path. Gives the items to go on with. */
export function fieldStep(items: unknown, key: string): unknown {
  if (!isArray(items)) return fieldItems(lookup(items, key));
  const found: List = [];
  for (let index = 0; index < items.length; index++) {
    const value = collapse(lookup(items[index], key));
    if (value !== undefined) pushFlat(found, value);
  }
  return found;
}

/** The same at a path's end: gives the path's value. */
export function fieldLast(items: unknown, key: string): unknown {
  if (!isArray(items)) return lastValue(lookup(items, key));
  return collapse(lastResult(fieldResults(items, key)));
}

export function fieldResults(items: List, key: string): List {
  const results: List = [];
  for (let index = 0; index < items.length; index++) {
    const value = collapse(lookup(items[index], key));
    if (value !== undefined) results.push(value);
  }
  return results;
}

/** A field's value as the items of the next step. */
export function fieldItems(value: unknown): unknown {
  return asItems(collapse(value));
}

/** The items of a value that a path starts with. */
export function start(value: unknown): unknown {
  return isArray(value) ? listItems(value) : value;
}

/** A single value as the items of the next step: a constructed array is one item, any other array is many. */
export function asItems(value: unknown): unknown {
  return isArray(value) ? listItems(value) : value;
}

function listItems(value: List): List {
  if (value.cons === true) return [value];
  for (let index = 0; index < value.length; index++) {
    if (value[index] === undefined && !(index in value)) return withoutHoles(value);
  }
  return value;
}

function withoutHoles(list: List): List {
  const items: List = [];
  pushAll(items, list);
  return items;
}

/** A single value at a path's end: an array stays the array it is, a sequence is taken apart. */
export function lastValue(value: unknown): unknown {
  if (!isArray(value) || value.sequence !== true) return value;
  return collapseSpread(collapse(value));
}

function collapseSpread(value: unknown): unknown {
  if (!isArray(value)) return value;
  if (value.sequence !== true) return value;
  const copy: List = [];
  pushAll(copy, value);
  return collapseFresh(copy);
}

/** What the results of a path's last step are together, before they collapse. */
export function lastResult(results: List): List {
  const [only] = results;
  if (results.length === 1 && isArray(only) && only.sequence !== true) return only;
  const flat: List = [];
  for (const result of results) pushFlat(flat, result);
  return asSequence(flat);
}

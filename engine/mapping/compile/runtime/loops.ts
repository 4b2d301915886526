import type { Site } from '../expression-error.ts';
import { argument, callBuiltin, own, settle } from './apply.ts';
import { enter, leave } from './evaluation.ts';
import type { Builtin } from './functions.ts';
import { isFunction, truthy } from './kinds.ts';
import { library } from './library/library.ts';
import { createSequence, isArray, type List } from './sequence.ts';
import { setField } from './construct.ts';

/**
 * `$map` and its like over a function written in place. The function takes as many arguments as it names; what is given
 * beyond is not looked at. While it runs an error counts as one inside a function.
 */
type Body = (...args: unknown[]) => unknown;

function items(list: unknown): List {
  return isArray(list) ? list : [argument(list)];
}

export function mapItems(list: unknown, body: Body): unknown {
  if (list === undefined) return undefined;
  const whole = items(list);
  const results = createSequence();
  enter(1);
  for (let index = 0; index < whole.length; index++) {
    const result = body(whole[index], index, whole);
    if (result !== undefined) results.push(result);
  }
  leave(1);
  return results;
}

/** `[$map(list, function)]`. */
export function mapToList(list: unknown, body: Body): List {
  if (list === undefined) return [];
  const whole = items(list);
  const results: List = [];
  enter(1);
  for (let index = 0; index < whole.length; index++) {
    const result = body(whole[index], index, whole);
    if (result !== undefined) results.push(result);
  }
  leave(1);
  const [only] = results;
  // A list of one collapses to it, and a list in a list is spread.
  return results.length === 1 && isArray(only) ? only.slice() : results;
}

export function filterItems(list: unknown, body: Body): unknown {
  if (list === undefined) return undefined;
  const whole = items(list);
  const results = createSequence();
  enter(1);
  for (let index = 0; index < whole.length; index++) {
    const item = whole[index];
    if (truthy(body(item, index, whole))) results.push(item);
  }
  leave(1);
  return results;
}

export function reduceItems(list: unknown, body: Body, init: unknown): unknown {
  if (list === undefined) return undefined;
  const whole = items(list);
  const startsWithFirst = init === undefined && whole.length > 0;
  let result = startsWithFirst ? whole[0] : init;
  enter(1);
  for (let index = startsWithFirst ? 1 : 0; index < whole.length; index++) {
    result = body(result, whole[index], index, whole);
  }
  leave(1);
  return result;
}

export function eachField(object: unknown, body: Body, site: Site): unknown {
  if (!isFields(object)) return theLongWay('each', object, body, site);
  const results = createSequence();
  enter(1);
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue;
    const result = body(object[key], key, object);
    if (result !== undefined) results.push(result);
  }
  leave(1);
  return results;
}

export function siftFields(object: unknown, body: Body, site: Site): unknown {
  if (!isFields(object)) return theLongWay('sift', object, body, site);
  let kept: { [name: string]: unknown } | undefined;
  enter(1);
  for (const key in object) {
    if (!Object.hasOwn(object, key)) continue;
    const value = object[key];
    if (!truthy(body(value, key, object))) continue;
    kept ??= new Fields();
    if (key === '__proto__') setField(kept, key, value);
    else kept[key] = value;
  }
  leave(1);
  return kept;
}

/** A plain object. The engine learns from the first ones how many fields to set room aside for. */
export const Fields = function () {
  // No fields yet.
} as unknown as new () => { [name: string]: unknown };
Fields.prototype = Object.prototype;

function isFields(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !isArray(value) && !isFunction(value);
}

function theLongWay(name: 'each' | 'sift', object: unknown, body: Body, site: Site): unknown {
  const builtin = library.get(name) as Builtin; // named in the library's own list
  return callBuiltin(builtin, [object, own(body)], null, site);
}

/** The same for bodies that end in a call. */
const settling =
  (body: Body, context: unknown): Body =>
  (first, second, third, fourth) =>
    settle(body(first, second, third, fourth), context);

export const mapItemsSettled = (list: unknown, body: Body, _site: Site, context: unknown): unknown =>
  mapItems(list, settling(body, context));

export const mapToListSettled = (list: unknown, body: Body, _site: Site, context: unknown): List =>
  mapToList(list, settling(body, context));

export const filterItemsSettled = (list: unknown, body: Body, _site: Site, context: unknown): unknown =>
  filterItems(list, settling(body, context));

export const reduceItemsSettled = (list: unknown, body: Body, init: unknown, _site: Site, context: unknown): unknown =>
  reduceItems(list, settling(body, context), init);

export const eachFieldSettled = (object: unknown, body: Body, site: Site, context: unknown): unknown =>
  eachField(object, settling(body, context), site);

export const siftFieldsSettled = (object: unknown, body: Body, site: Site, context: unknown): unknown =>
  siftFields(object, settling(body, context), site);

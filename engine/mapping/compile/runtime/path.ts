import { listOf } from './construct.ts';
import { anyWhere, filterWhere, type Predicate } from './filter.ts';
import { asItems, lastResult } from './lookup.ts';
import { HandOver } from '../hand-over.ts';
import { asSequence, collapse, createSequence, isArray, type List, pushFlat } from './sequence.ts';

/**
 * Paths walk items: `undefined` is none, an array is many, any other value is one.
 * A step's function gives the step's value for one item.
 */
export type Step = (item: unknown) => unknown;

/** A path's first step: an absent context is still one item. */
export function firstStep(context: unknown, step: Step): unknown {
  return isArray(context) ? walk(context, step) : asItems(step(context));
}

export function nextStep(items: unknown, step: Step): unknown {
  if (items === undefined) return undefined;
  return isArray(items) ? walk(items, step) : asItems(step(items));
}

function walk(items: List, step: Step): List {
  const found: List = [];
  for (let index = 0; index < items.length; index++) {
    const result = step(items[index]);
    if (result !== undefined) pushFlat(found, result);
  }
  return found;
}

/** The last step's results as one list, before it collapses. A path of one step comes from a context, not from items. */
export function lastStep(items: unknown, step: Step): List {
  if (items === undefined) return createSequence();
  return lastOf(items, step);
}

/** {@link lastStep} for a step that ends in a filter: what it gives is a list made for it. */
export function lastFiltered(items: unknown, step: (item: unknown) => List): List {
  if (items === undefined) return createSequence();
  return isArray(items) ? lastOf(items, step) : step(items);
}

/** `[path]`: what {@link lastStep} finds, as a plain list of its own. */
export function stepList(items: unknown, step: Step): List {
  if (items === undefined) return [];
  const results: List = [];
  let hasList = false;
  const walked = isArray(items) ? items : [items];
  for (let index = 0; index < walked.length; index++) {
    const result = step(walked[index]);
    if (result === undefined) continue;
    hasList ||= isArray(result);
    results.push(result);
  }
  return hasList ? listOf(collapse(lastResult(results))) : results;
}

/** Whether {@link lastStep} finds anything for a step that filters what it gives by a predicate that never fails. */
export function anyStepWhere(items: unknown, step: Step, predicate: Predicate): boolean {
  if (items === undefined) return false;
  if (!isArray(items)) return anyWhere(step(items), predicate);
  return collapse(lastStep(items, (item) => filterWhere(step(item), predicate))) !== undefined;
}

export function onlyStep(context: unknown, step: Step): List {
  return lastOf(context, step);
}

/** {@link onlyStep} for a step that ends in a filter: what it gives is a list made for it. */
export function onlyFiltered(context: unknown, step: (item: unknown) => List): List {
  return isArray(context) ? lastOf(context, step) : step(context);
}

/** A path that is one value which does not depend on an item. */
export function onlyValue(value: unknown): List {
  return lastResult(value === undefined ? [] : [value]);
}

function lastOf(items: unknown, step: Step): List {
  const results: List = [];
  if (isArray(items)) {
    for (let index = 0; index < items.length; index++) {
      const result = step(items[index]);
      if (result !== undefined) results.push(result);
    }
  } else {
    const result = step(items);
    if (result !== undefined) results.push(result);
  }
  return lastResult(results);
}

/** Marks a path's list as one that stays a list when it has one item. */
export function keepList(result: List): List {
  const list = result.cons === true && result.sequence !== true ? createSequence(result) : result;
  if (list.sequence === true) list.keepSingleton = true;
  return list;
}

/** What a path that starts with an array constructor goes on with. */
export function constructedItems(value: unknown): unknown {
  if (isArray(value)) return value;
  if (typeof value === 'string') return value === '' ? undefined : value.split('');
  if (typeof value === 'object') throw new HandOver('A path starts with one item of a constructed array.');
  return undefined;
}

export function isEmptyList(value: unknown): boolean {
  return isArray(value) && value.length === 0;
}

/** Items as a list that has been through a step already. */
export function itemList(items: unknown): List {
  if (items === undefined) return createSequence();
  return isArray(items) ? items : createSequence(items);
}

/** The end of a path whose last step sorted. */
export function sortedResult(items: List): List {
  return items.length > 1 ? items : asSequence(items.slice());
}

import { ExpressionError, type Site } from '../expression-error.ts';
import type { List } from './sequence.ts';
import type { Tuple } from './tuples.ts';

/** One term of an order-by clause. */
export type Term = { key: (item: unknown, tuple?: Tuple) => unknown; descending: boolean };

/** `items^(terms)`. */
export function sortBy(items: List, terms: readonly Term[], site: Site): List {
  return mergeSort(items, (left, right) => isAfter(left, right, undefined, undefined, terms, site));
}

/** {@link sortBy} over tuples, whose names the terms may use. */
export function sortTuples(tuples: List, terms: readonly Term[], site: Site): List {
  return mergeSort(tuples, (left, right) => {
    const [leftTuple, rightTuple] = [left as Tuple, right as Tuple]; // a tuple stream holds tuples only
    return isAfter(leftTuple['@'], rightTuple['@'], leftTuple, rightTuple, terms, site);
  });
}

function isAfter(
  left: unknown,
  right: unknown,
  leftTuple: Tuple | undefined,
  rightTuple: Tuple | undefined,
  terms: readonly Term[],
  site: Site,
): boolean {
  for (const { key, descending } of terms) {
    const order = compareKeys(key(left, leftTuple), key(right, rightTuple), descending, site);
    if (order !== 0) return order === 1;
  }
  return false;
}

/** Nothing comes last, also in descending order. */
function compareKeys(left: unknown, right: unknown, descending: boolean, site: Site): -1 | 0 | 1 {
  if (left === undefined) return right === undefined ? 0 : 1;
  if (right === undefined) return -1;
  if (!isOrdered(left) || !isOrdered(right)) {
    throw new ExpressionError('T2008', site, { value: isOrdered(left) ? right : left });
  }
  if (typeof left !== typeof right) throw new ExpressionError('T2007', site, { value: left, value2: right });
  if (left === right) return 0;
  return left < right !== descending ? -1 : 1;
}

function isOrdered(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Stable; asks in the interpreter's order, so that the same pair is the first to fail. Short lists come back as they are. */
export function mergeSort(items: List, isAfterOf: (left: unknown, right: unknown) => boolean): List {
  if (items.length <= 1) return items;
  const middle = Math.floor(items.length / 2);
  const left = mergeSort(items.slice(0, middle), isAfterOf);
  const right = mergeSort(items.slice(middle), isAfterOf);
  const merged: List = [];
  let fromLeft = 0;
  let fromRight = 0;
  while (fromLeft < left.length && fromRight < right.length) {
    if (isAfterOf(left[fromLeft], right[fromRight])) merged.push(right[fromRight++]);
    else merged.push(left[fromLeft++]);
  }
  while (fromLeft < left.length) merged.push(left[fromLeft++]);
  while (fromRight < right.length) merged.push(right[fromRight++]);
  return merged;
}

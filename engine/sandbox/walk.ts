import type { JsonObject } from '../records.ts';
import type { Collection } from './collection.ts';
import { readInstant } from './instant.ts';
import type { Order } from './sandbox-description.ts';

/** Where a record stands in an order: by its time, then by when it came to be. In the stored order the first is 0. */
export type Place = { readonly key: number; readonly index: number };

export type Step = { readonly index: number; readonly place: Place; readonly record: JsonObject };

/**
 * The records of a collection after a place. Made records lie in time as they lie in number, so a place is found by
 * halving; the few that were changed are sorted in between.
 */
export function* walk(collection: Collection, order: Order, after: Place | undefined): Generator<Step> {
  if (order === 'stored') {
    for (let index = (after?.index ?? -1) + 1; index < collection.size(); index += 1) {
      if (collection.has(index)) yield { index, place: { key: 0, index }, record: collection.record(index) };
    }
    return;
  }
  const sign = order === 'ascending' ? 1 : -1;
  const moved = collection.changes
    .changed()
    .filter((index) => collection.has(index))
    .map((index) => stepAt(collection, index))
    .filter(({ place }) => after === undefined || sign * compare(place, after) > 0)
    .sort((a, b) => sign * compare(a.place, b.place));
  let next = 0;
  for (const step of madeRecords(collection, sign, after)) {
    for (let one = moved[next]; one !== undefined && sign * compare(one.place, step.place) < 0; one = moved[next]) {
      yield one;
      next += 1;
    }
    yield step;
  }
  yield* moved.slice(next);
}

function* madeRecords(collection: Collection, sign: 1 | -1, after: Place | undefined): Generator<Step> {
  const end = collection.startSize;
  let index = sign === 1 ? firstAfter(collection, after) : firstAfter(collection, after, true) - 1;
  for (; index >= 0 && index < end; index += sign) {
    if (!collection.has(index) || collection.changes.isChanged(index)) continue;
    yield stepAt(collection, index);
  }
}

/** The first made record beyond a place; with `from`, at the place or beyond. */
function firstAfter(collection: Collection, after: Place | undefined, from = false): number {
  if (after === undefined) return from ? collection.startSize : 0;
  let [low, high] = [0, collection.startSize];
  while (low < high) {
    const middle = (low + high) >> 1;
    const compared = compare(stepAt(collection, middle, true).place, after);
    if (from ? compared >= 0 : compared > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

function stepAt(collection: Collection, index: number, asMade = false): Step {
  const record = collection.record(index, asMade);
  return { index, place: { key: keyOf(collection, record), index }, record };
}

function keyOf({ description }: Collection, record: JsonObject): number {
  return readInstant(record[description.order ?? description.key]);
}

function compare(a: Place, b: Place): number {
  return a.key - b.key || a.index - b.index;
}

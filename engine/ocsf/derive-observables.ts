import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { layoutOf } from './layout.ts';
import { newObject } from './new-object.ts';
import { type Spot, spotIn } from './observable-spot.ts';
import { setKey } from './plain-value.ts';

/**
 * Parts of a record that are not searched. `metadata` is about the record and not about what it tells; `enrichments`
 * come from outside the event (their `src_url` is the informant's address); `observables` point at the rest; and
 * `unmapped` has no types to go by.
 */
const notSearched = new Set(['metadata', 'enrichments', 'observables', 'unmapped']);

/**
 * Sets `observables`: those the record has, then one for every value whose type or attribute OCSF declares
 * observable, one per array item, in the order of the record. An entry that says the same twice is left out.
 *
 * @see facts of OCSF: of several definitions the most general wins; objects carry no value and get no entry
 */
export function deriveObservables(record: JsonObject, plan: ClassPlan): JsonObject {
  if (!plan.shape.byName.has('observables')) return record;
  const own = record.observables ?? [];
  if (!Array.isArray(own)) return record;
  const given = new Map(own.map((one, index) => [keyOf(one) ?? String(index), one]));
  const search: Search = {
    captions: plan.observableCaptions,
    observables: [...given.values()],
    told: new Set(given.keys()),
  };
  for (const attribute of layoutOf(record, plan.shape).observable) {
    const value = record[attribute.name];
    if (value !== undefined && !notSearched.has(attribute.name))
      searchAttribute(attribute, value, spotIn(plan.firstSpot, attribute), own.length > 0, search);
  }
  if (search.observables.length === 0) return record;
  return withAttribute(record, plan.shape, 'observables', search.observables);
}

type Search = {
  readonly captions: ClassPlan['observableCaptions'];
  /** Those found so far. */
  readonly observables: JsonValue[];
  /** The keys of those that may come again. */
  readonly told: Set<string>;
};

/** `mayRepeat`: several ways lead to this spot, so that a value may come twice. */
function searchAttribute(
  attribute: AttributePlan,
  value: JsonValue,
  spot: Spot,
  mayRepeat: boolean,
  search: Search,
): void {
  if (!attribute.isArray || !Array.isArray(value)) {
    searchValue(attribute, value, spot, mayRepeat, search);
    return;
  }
  for (const item of value) searchValue(attribute, item, spot, mayRepeat || value.length > 1, search);
}

function searchValue(
  { shape, observable }: AttributePlan,
  value: JsonValue,
  spot: Spot,
  mayRepeat: boolean,
  search: Search,
): void {
  if (shape !== undefined) {
    if (!isJsonObject(value)) return;
    for (const attribute of layoutOf(value, shape).observable) {
      const inner = value[attribute.name];
      if (inner !== undefined) searchAttribute(attribute, inner, spotIn(spot, attribute), mayRepeat, search);
    }
  } else if (observable !== undefined && typeof value !== 'object') {
    tell(spot.name, observable, String(value), mayRepeat, search);
  }
}

function tell(name: string, typeId: number, value: string, mayRepeat: boolean, search: Search): void {
  if (mayRepeat) {
    const key = keyFor(name, typeId, value);
    if (search.told.has(key)) return;
    search.told.add(key);
  }
  const caption = search.captions.get(typeId);
  search.observables.push(
    caption === undefined ? { name, type_id: typeId, value } : { name, type: caption, type_id: typeId, value },
  );
}

function keyOf(observable: JsonValue): string | undefined {
  if (!isJsonObject(observable)) return undefined;
  const { name, type_id: typeId, value } = observable;
  if (typeof name === 'string' && typeof typeId === 'number' && typeof value === 'string')
    return keyFor(name, typeId, value);
  return JSON.stringify([name, typeId, value]);
}

/** As unmistakable as JSON, without its escapes. */
function keyFor(name: string, typeId: number, value: string): string {
  return `${typeId} ${name.length} ${name}${value}`;
}

/**
 * The record, which is in the order of its class, with one attribute more at its place in that order, or with another
 * value for it.
 */
export function withAttribute(record: JsonObject, shape: ShapePlan, name: string, value: JsonValue): JsonObject {
  const place = placeOf(name, shape);
  const keys = Object.keys(record);
  const last = keys.findLastIndex((key) => placeOf(key, shape) < place);
  const output = newObject();
  for (let index = 0; index <= last; index++) copy(keys[index], record, output);
  output[name] = value;
  for (let index = last + 1; index < keys.length; index++) if (keys[index] !== name) copy(keys[index], record, output);
  return output;
}

/** What the class does not know comes last. */
function placeOf(key: string, { byName }: ShapePlan): number {
  return byName.get(key)?.index ?? Infinity;
}

function copy(key: string | undefined, from: JsonObject, to: JsonObject): void {
  const value = key === undefined ? undefined : from[key];
  if (key !== undefined && value !== undefined) setKey(to, key, value);
}

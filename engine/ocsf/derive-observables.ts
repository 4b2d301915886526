import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { AttributePlan, ClassPlan, ShapePlan } from './class-plan.ts';
import { layoutOf } from './layout.ts';
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
  const observables = new Map(own.map((one, index) => [keyOf(one) ?? String(index), one]));
  const found: Found = (name, typeId, value) => {
    const key = keyFor(name, typeId, value);
    if (observables.has(key)) return;
    const caption = plan.observableCaptions.get(typeId);
    observables.set(
      key,
      caption === undefined ? { name, type_id: typeId, value } : { name, type: caption, type_id: typeId, value },
    );
  };
  for (const attribute of layoutOf(record, plan.shape).observable) {
    const { name } = attribute;
    if (!notSearched.has(name)) search(attribute, record[name], name, found);
  }
  if (observables.size === 0) return record;
  return withAttribute(record, plan.shape, 'observables', [...observables.values()]);
}

type Found = (name: string, typeId: number, value: string) => void;

function search(attribute: AttributePlan, value: JsonValue | undefined, path: string, found: Found): void {
  if (value === undefined) return;
  if (attribute.isArray && Array.isArray(value)) {
    for (const item of value) searchOne(attribute, item, path, found);
  } else {
    searchOne(attribute, value, path, found);
  }
}

function searchOne(attribute: AttributePlan, value: JsonValue, path: string, found: Found): void {
  if (attribute.shape !== undefined) {
    if (!isJsonObject(value)) return;
    for (const inner of layoutOf(value, attribute.shape).observable)
      search(inner, value[inner.name], `${path}.${inner.name}`, found);
  } else if (attribute.observable !== undefined && typeof value !== 'object') {
    found(path, attribute.observable, String(value));
  }
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
  const place = shape.byName.get(name)?.index ?? Infinity;
  const output: JsonObject = {};
  let isSet = false;
  for (const key of Object.keys(record)) {
    if (!isSet && (shape.byName.get(key)?.index ?? Infinity) >= place) {
      output[name] = value;
      isSet = true;
    }
    const one = record[key];
    if (key !== name && one !== undefined) setKey(output, key, one);
  }
  if (!isSet) output[name] = value;
  return output;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { type AttributePlan, attributeAt, type ShapePlan } from './class-plan.ts';

/**
 * What stands in a record where an observable's `name` points: every item of every array on the way, or the one item
 * of an index. The name is a dotted path; `x.y`, `x[].y` and `x[0].y` are all in use.
 */
export function valuesAt(record: JsonObject, name: string): JsonValue[] {
  let values: JsonValue[] = [record];
  for (const part of name.split('.')) {
    const [, key = part, index] = /^([^[]+)\[(\d*)\]$/.exec(part) ?? [];
    values = values.flatMap((value) => itemsOf(isJsonObject(value) ? value[key] : undefined, index));
  }
  return values;
}

/** The attribute that an observable's `name` points at; `undefined` if the class has none there. */
export function observedAttribute(shape: ShapePlan, name: string): AttributePlan | undefined {
  return attributeAt(shape, name.replaceAll(/\[\d*\]/g, ''));
}

function itemsOf(value: JsonValue | undefined, index: string | undefined): JsonValue[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [value];
  if (index === undefined || index === '') return value;
  const item = value[Number(index)];
  return item === undefined ? [] : [item];
}

import type { Option, Value } from '../../../engine/mapping/check/value.ts';
import type { JsonObject, JsonValue } from '../../../engine/records.ts';

/** Whether something that came out is among what a value says may come out. */
export function admits({ options, absent }: Value, got: unknown): boolean {
  return got === undefined ? absent : options.some((option) => admitsOption(option, got));
}

function admitsOption(option: Option, got: unknown): boolean {
  switch (option.kind) {
    case 'any':
      return true;
    case 'null':
      return got === null;
    case 'boolean':
    case 'number':
    case 'string':
      return typeof got === option.kind && (option.literal === undefined || option.literal === got);
    case 'function':
      return typeof got === 'function';
    case 'array':
      if (option.loose && admits(option.items, got)) return true;
      if (!Array.isArray(got) || got.length < option.min || (option.loose && got.length < 2)) return false;
      return got.every((item) => admits(option.items, item));
    case 'object':
      if (typeof got !== 'object' || got === null || Array.isArray(got)) return false;
      if (option.source !== undefined) return true;
      return admitsFields(option, new Map(Object.entries(got)));
    default:
      return option satisfies never;
  }
}

function admitsFields({ fields, open }: Option & { kind: 'object' }, got: ReadonlyMap<string, unknown>): boolean {
  const isKnown = [...got.keys()].every((name) => open || fields.has(name));
  return isKnown && [...fields].every(([name, { value }]) => admits(value, got.get(name)));
}

/** The shape that some values have in common, as JSON Schema. */
export function shapeOf(values: readonly JsonValue[]): JsonObject {
  const objects = values.filter(isObject);
  const items = values.filter((value) => Array.isArray(value)).flat();
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const properties = names.map((name) => [name, shapeOf(objects.flatMap((object) => ofName(object, name)))] as const);
  return {
    type: [...new Set(values.map(typeOf))],
    ...(objects.length > 0 && {
      properties: Object.fromEntries(properties),
      required: names.filter((name) => objects.every((object) => Object.hasOwn(object, name))),
    }),
    ...(items.length > 0 && { items: shapeOf(items) }),
  };
}

function ofName(object: JsonObject, name: string): JsonValue[] {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return value === undefined ? [] : [value];
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

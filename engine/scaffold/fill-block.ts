import type { JsonObject, JsonValue } from '../records.ts';
import { asList, asObject, textsOf } from './kinds.ts';

/** Gives the text of one required key, where the schema takes any text. */
export type FillText = (key: string, schema: JsonObject) => string;

/** The smallest block that a branch of the descriptor's schema takes: its required keys, each with a value that fits. */
export function fillBlock(branch: JsonObject, definitions: JsonObject, text: FillText): JsonObject {
  const properties = asObject(branch.properties);
  const keys = textsOf(branch.required);
  return Object.fromEntries(keys.map((key) => [key, fillValue(key, asObject(properties[key]), definitions, text)]));
}

function fillValue(key: string, schema: JsonObject, definitions: JsonObject, text: FillText): JsonValue {
  const { $ref: reference } = schema;
  if (typeof reference === 'string') {
    return fillValue(key, asObject(definitions[reference.replace('#/$defs/', '')]), definitions, text);
  }
  const [first] = asList(schema.enum);
  const [choice] = [...asList(schema.oneOf), ...asList(schema.anyOf)];
  const fixed = schema.const ?? schema.default ?? first;
  if (fixed !== undefined) return fixed;
  if (choice !== undefined)
    return fillValue(key, { ...schema, ...asObject(choice), oneOf: [], anyOf: [] }, definitions, text);
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, Number(schema.minimum ?? 1));
  if (schema.type === 'boolean') return true;
  if (schema.type === 'object') return fillObject(key, schema, definitions, text);
  if (schema.type !== 'array') return text(key, schema);
  return Number(schema.minItems ?? 0) === 0 ? [] : [fillValue(key, asObject(schema.items), definitions, text)];
}

/** A union on `kind` takes its first kind. */
function fillObject(key: string, schema: JsonObject, definitions: JsonObject, text: FillText): JsonObject {
  const own = fillBlock(schema, definitions, text);
  const branch = asList(schema.allOf)
    .map(asObject)
    .find((one) => asObject(asObject(asObject(one.if).properties).kind).const === own.kind);
  const filled = branch === undefined ? own : { ...own, ...fillBlock(asObject(branch.then), definitions, text) };
  const isMap = Object.keys(filled).length === 0 && Number(schema.minProperties ?? 0) > 0;
  return isMap ? { [key]: fillValue(key, asObject(schema.additionalProperties), definitions, text) } : filled;
}

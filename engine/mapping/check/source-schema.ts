import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';

/** The part of a JSON Schema that the check reads. Without `types` the value may be anything. */
export type SourceSchema = {
  readonly types: readonly SourceType[];
  /** The fields that are declared, and whether there may be others. */
  readonly fields?: ReadonlyMap<string, SourceSchema>;
  readonly required: ReadonlySet<string>;
  /** What other fields hold, where there may be some. */
  readonly others?: SourceSchema;
  readonly items?: SourceSchema;
};

/** A place in the source record; items of an array share the place of their array. */
export type SourceField = { readonly schema: SourceSchema; readonly path: string };

export type SourceType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

const typeNames: readonly SourceType[] = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'];

/** With one of these, a schema may say more than is read here. */
const unread = ['$ref', '$dynamicRef', 'oneOf', 'anyOf', 'allOf', 'const', 'not', 'if', 'patternProperties'];

const unknown: SourceSchema = { types: [], required: new Set() };

/**
 * Reads a JSON Schema: `type`, `properties`, `required`, `items`, `additionalProperties`.
 *
 * An object that lists properties has these and no others, unless `additionalProperties` is true or a schema: a list
 * that lets any name pass could find no mistyped one. What is not understood may be anything.
 */
export function readSourceSchema(schema: JsonValue | undefined): SourceSchema {
  if (!isJsonObject(schema) || unread.some((keyword) => schema[keyword] !== undefined)) return unknown;
  const types = typesOf(schema);
  if (types === undefined) return unknown;
  const { properties, required, items, additionalProperties: others } = schema;
  return {
    types,
    required: new Set(Array.isArray(required) ? required.filter((name) => typeof name === 'string') : []),
    ...(isJsonObject(properties) && { fields: new Map(Object.entries(properties).map(readField)) }),
    ...(others !== undefined && others !== false && { others: readSourceSchema(others) }),
    ...(isJsonObject(items) && { items: readSourceSchema(items) }),
  };
}

function readField([name, schema]: readonly [string, JsonValue]): [string, SourceSchema] {
  return [name, readSourceSchema(schema)];
}

/** Whether the schema lists every field there is. */
export function isListed(schema: SourceSchema): schema is SourceSchema & { fields: ReadonlyMap<string, SourceSchema> } {
  return schema.fields !== undefined && schema.others === undefined;
}

function typesOf({ type, properties }: JsonObject): readonly SourceType[] | undefined {
  if (type === undefined) return properties === undefined ? undefined : ['object'];
  const names = Array.isArray(type) ? type : [type];
  const known = typeNames.filter((name) => names.includes(name));
  return known.length === names.length ? known : undefined;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';

export type PlainValue = string | number | boolean | null;

/** A key that a schema has: what it says of the value, and whether it must stand. */
export type SchemaKey = { readonly name: string; readonly schema: JsonObject; readonly isRequired: boolean };

/**
 * The schemas that hold for the value at a path: `$ref`, `allOf` and alternatives are followed, `if` is decided by the
 * data as it stands. Of all keywords only those of our own schemas are known.
 */
export function schemasAt(schema: JsonObject, root: unknown, path: readonly string[]): JsonObject[] {
  let schemas = expand(schema, schema, root);
  let data = root;
  for (const step of path) {
    data = valueOf(data, step);
    const inner = schemas.flatMap((each) => innerSchemas(each, step));
    schemas = inner.flatMap((each) => expand(each, schema, data));
  }
  return schemas;
}

/** The keys that may stand in a block; `root` is the schema that references lead into. */
export function keysOf(schemas: readonly JsonObject[], root: JsonObject): SchemaKey[] {
  const keys = new Map<string, SchemaKey>();
  for (const schema of schemas) {
    for (const [name, own] of Object.entries(objectOf(schema['properties']))) {
      const before = keys.get(name);
      const isRequired = before?.isRequired === true || listOf(schema['required']).includes(name);
      keys.set(name, { name, schema: { ...resolve(objectOf(own), root), ...before?.schema }, isRequired });
    }
  }
  return [...keys.values()];
}

/** The values that may stand, where the schema lists them. */
export function valuesOf(schemas: readonly JsonObject[]): PlainValue[] {
  const all = schemas.flatMap((schema) => [
    ...listOf(schema['enum']),
    ...(schema['const'] === undefined ? [] : [schema['const']]),
    ...(schema['type'] === 'boolean' ? [true, false] : []),
  ]);
  return [...new Set(all.filter((value) => value === null || typeof value !== 'object'))];
}

/** What a `kind` of a union means: the description of its branch. */
export function branchText(schema: JsonObject, owners: readonly JsonObject[], kind: JsonValue): string | undefined {
  for (const owner of owners) {
    for (const branch of listOf(owner['allOf']).map(objectOf)) {
      const asked = objectOf(objectOf(objectOf(branch['if'])['properties'])['kind']);
      const { description } = resolve(objectOf(branch['then']), schema);
      if (asked['const'] === kind && typeof description === 'string') return description;
    }
  }
  return undefined;
}

function expand(schema: JsonObject, root: JsonObject, data: unknown): JsonObject[] {
  const own = resolve(schema, root);
  const { then, else: otherwise } = own;
  const decided = own['if'] === undefined ? undefined : holds(objectOf(own['if']), data) ? then : otherwise;
  const inner = [...['allOf', 'oneOf', 'anyOf'].flatMap((word) => listOf(own[word])), decided ?? {}];
  return [own, ...inner.map(objectOf).flatMap((each) => (isEmpty(each) ? [] : expand(each, root, data)))];
}

function isEmpty(schema: JsonObject): boolean {
  return Object.keys(schema).length === 0;
}

/** What stands beside `$ref` is said of this place. */
function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  const { $ref: reference, ...own } = schema;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  const target = reference
    .slice(2)
    .split('/')
    .reduce<JsonObject>((at, step) => objectOf(at[step]), root);
  return { ...resolve(target, root), ...own };
}

function innerSchemas(schema: JsonObject, step: string): JsonObject[] {
  const named = objectOf(schema['properties'])[step];
  if (named !== undefined) return [objectOf(named)];
  if (isJsonObject(schema['items']) && /^\d+$/.test(step)) return [schema['items']];
  return isJsonObject(schema['additionalProperties']) ? [schema['additionalProperties']] : [];
}

function holds(condition: JsonObject, data: unknown): boolean {
  const { properties, required, not } = condition;
  const isFit = Object.entries(objectOf(properties)).every(([name, asked]) => {
    const value = valueOf(data, name) as PlainValue | undefined; // a block or list is none of the allowed values either
    const allowed = valuesOf([objectOf(asked)]);
    return value === undefined || allowed.length === 0 || allowed.includes(value);
  });
  const hasAll = listOf(required).every((name) => typeof name === 'string' && valueOf(data, name) !== undefined);
  return isFit && hasAll && (not === undefined || !holds(objectOf(not), data));
}

function valueOf(data: unknown, step: string): unknown {
  return typeof data === 'object' && data !== null ? Object.getOwnPropertyDescriptor(data, step)?.value : undefined;
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

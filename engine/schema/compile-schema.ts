import type { ValidateFunction } from 'ajv';
import { compileWithAjv } from './ajv.ts';
import { findCompiled } from './compiled-schemas.ts';

/** One way in which a value breaks its schema. */
export type SchemaViolation = {
  /** JSON Pointer to the value that is wrong; for a missing or unknown property, to the object around it. */
  readonly pointer: string;
  /** The JSON Schema keyword that failed, for example `required`. */
  readonly keyword: string;
  readonly message: string;
  /** What the keyword asked for, for example `{ missingProperty: 'name' }`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The value at `pointer`. */
  readonly value?: unknown;
  /** Where in the schema; tells a violation inside a branch of `anyOf` or `oneOf` from one of its own. */
  readonly schemaPath: string;
  /** For an unknown property: those the block knows. */
  readonly known?: readonly string[];
  /** For a missing property: what the schema says it is. For a wrong value: what the value is for. */
  readonly about?: string;
};

export type CheckSchema = (value: unknown) => readonly SchemaViolation[];

/**
 * Turns a JSON Schema into a check that gives every violation, in the order of the schema.
 *
 * Draft 2020-12, unless `$schema` says draft-07. `related` are the schemas that `$ref` may lead to, found by their
 * `$id`. One that was compiled at build is loaded from there; any other is compiled when the first value comes, which
 * takes a quarter of a second for a large one. An unknown keyword, a `$ref` to
 * nowhere or another mistake in the schema is thrown: it is ours, not the value's.
 */
export function compileSchema(schema: object, related: readonly object[] = []): CheckSchema {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= findCompiled({ schema, related }) ?? compileWithAjv(schema, related);
    return violationsOf(validate, value);
  };
}

/** The check that a compiled schema makes of a value. */
export function violationsOf(validate: ValidateFunction, value: unknown): readonly SchemaViolation[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => ({
    pointer: error.instancePath,
    keyword: error.keyword,
    message: error.message ?? error.keyword,
    params: error.params,
    value: error.data,
    schemaPath: error.schemaPath,
    ...(error.keyword === 'additionalProperties' && { known: knownProperties(error.parentSchema) }),
    ...aboutOf(error.parentSchema, error.params['missingProperty']),
  }));
}

function knownProperties(schema: { readonly [keyword: string]: unknown } | undefined): string[] {
  const properties = schema?.['properties'];
  return hasKeys(properties) ? Object.keys(properties) : [];
}

function aboutOf(schema: { readonly [keyword: string]: unknown } | undefined, missing: unknown): { about?: string } {
  const inner = schema?.['properties'];
  const described = typeof missing !== 'string' ? schema : hasKeys(inner) ? inner[missing] : undefined;
  return hasKeys(described) && typeof described['description'] === 'string' ? { about: described['description'] } : {};
}

/** Lists too: this room knows no JSON nouns, and a schema that compiled has none here. */
function hasKeys(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

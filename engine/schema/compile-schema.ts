import { Ajv, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

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

/** Words that our schemas carry for people and programs, and that forbid nothing. `x-…` may be used freely as well. */
const annotations = ['help', 'secret', 'choices', 'sets', 'traps', 'unit', 'hint', 'markdownDescription'];

/**
 * Turns a JSON Schema into a check that gives every violation, in the order of the schema.
 *
 * Draft 2020-12, unless `$schema` says draft-07. `related` are the schemas that `$ref` may lead to, found by their
 * `$id`. Compiling waits for the first value, as a large schema takes half a second. An unknown keyword, a `$ref` to
 * nowhere or another mistake in the schema is thrown: it is ours, not the value's.
 */
export function compileSchema(schema: object, related: readonly object[] = []): CheckSchema {
  let validate: ReturnType<Ajv['compile']> | undefined;
  return (value) => {
    validate ??= compile(schema, related);
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
  };
}

function knownProperties(schema: { readonly [keyword: string]: unknown } | undefined): string[] {
  const properties = schema?.['properties'];
  return isObject(properties) ? Object.keys(properties) : [];
}

function aboutOf(schema: { readonly [keyword: string]: unknown } | undefined, missing: unknown): { about?: string } {
  const inner = schema?.['properties'];
  const described = typeof missing !== 'string' ? schema : isObject(inner) ? inner[missing] : undefined;
  return isObject(described) && typeof described['description'] === 'string' ? { about: described['description'] } : {};
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function compile(schema: object, related: readonly object[]): ReturnType<Ajv['compile']> {
  const options: Options = {
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { regExp: Object.assign(patientRegExp, { code: 'new RegExp' }) },
  };
  const ajv = isDraft07(schema) ? new Ajv(options) : new Ajv2020(options);
  formats.default(ajv);
  for (const word of new Set([...annotations, ...freeWords([schema, ...related])])) {
    if (ajv.getKeyword(word) === false) ajv.addKeyword(word);
  }
  for (const other of related) ajv.addSchema(other);
  return ajv.compile(schema);
}

/** On a hostile text of megabytes a pattern may exhaust the stack, which V8 throws; such a text does not match. */
function patientRegExp(pattern: string, flags: string) {
  const expression = new RegExp(pattern, flags);
  const test = (text: string): boolean => {
    try {
      return expression.test(text);
    } catch {
      return false;
    }
  };
  // ajv keeps patterns by their text: without one of its own, each would be taken for the first.
  return { test, toString: () => expression.toString() };
}

function isDraft07(schema: object): boolean {
  return '$schema' in schema && typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
}

function freeWords(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(key.startsWith('x-') ? [key] : []), ...freeWords(inner)]);
}

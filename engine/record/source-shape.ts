import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { Kind } from './kinds.ts';

const formats: Readonly<Record<string, Kind>> = {
  uuid: 'guid',
  email: 'email',
  'idn-email': 'email',
  hostname: 'host',
  'idn-hostname': 'host',
  ipv4: 'ip',
  ipv6: 'ip',
  uri: 'url',
  iri: 'url',
  'uri-reference': 'url',
  'date-time': 'time',
  date: 'time',
};

/** What a JSON Schema says about the value at the end of `steps`, a path inside a row where `*` is any item. */
export function kindByShape(
  shape: JsonValue | undefined,
  steps: readonly string[],
  value: JsonValue,
): Kind | undefined {
  for (const schema of schemasAt(shape, steps)) {
    const { enum: allowed, const: only, format } = schema;
    if (Array.isArray(allowed) && allowed.includes(value)) return 'word';
    if (only !== undefined && only === value) return 'word';
    const kind = typeof format === 'string' ? formats[format] : undefined;
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Whether the schema gives the value as an example, as it does with words that may become more. */
export function isExample(shape: JsonValue | undefined, steps: readonly string[], value: JsonValue): boolean {
  return schemasAt(shape, steps).some(({ examples }) => Array.isArray(examples) && examples.includes(value));
}

function schemasAt(schema: JsonValue | undefined, steps: readonly string[]): JsonObject[] {
  if (!isJsonObject(schema)) return [];
  const unions = [schema['anyOf'], schema['oneOf'], schema['allOf']].flatMap((union) =>
    Array.isArray(union) ? union : [],
  );
  const inner = unions.flatMap((each) => schemasAt(each, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return [schema, ...inner];
  const { properties, items, additionalProperties } = schema;
  const named = isJsonObject(properties) ? properties[step] : undefined;
  const next = step === '*' ? (items ?? additionalProperties) : (named ?? additionalProperties);
  return [...schemasAt(next, rest), ...inner];
}

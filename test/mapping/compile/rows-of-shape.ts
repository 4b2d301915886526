import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../engine/records.ts';

/**
 * Rows of a declared shape as a vendor may send them on a bad day: most values are what the shape promises, others are
 * missing, null, of another type, huge, of odd scripts, or words that no enumeration has; and there are unknown fields.
 */
export function rowsOf(shape: JsonObject): fc.Arbitrary<JsonObject> {
  // Through JSON and back, as it would come over the wire: no -0, no odd prototypes.
  return objectOf(shape, true).map((row) => JSON.parse(JSON.stringify(row)) as JsonObject); // made of JSON
}

const words = ['', 'unknownFutureValue', 'none', 'toString', '__proto__', 'constructor', 'length', 'sequence', '0'];
const textOfAnyScript = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('Ω≈ç√', '日本語', '👩‍👩‍👧', '\u0000', 'a\u0301', '\ud83d', '"\\\n', '#EXT#@', '$', '`x`'),
);
const huge = fc.constantFrom('x'.repeat(5000), '9'.repeat(400), `${'a.'.repeat(200)}b`);
const oddNumber = fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, 5e-324);
const otherType: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, '', 'yes', 0, 42, [], {}, [null], [[]], ['a', 'a'], [{ a: 1 }, 2], {
    a: [1],
  }),
  textOfAnyScript,
  oddNumber,
);
const unknownFields = fc.dictionary(
  fc.oneof(fc.constantFrom('extra', '@odata.type', 'two words', 'x.y'), textOfAnyScript),
  otherType,
  {
    maxKeys: 2,
  },
);

function objectOf({ properties }: JsonObject, isRow = false): fc.Arbitrary<JsonObject> {
  const fields = Object.entries(isObject(properties) ? properties : {}).map(
    ([name, schema]) => [name, valueOf(isObject(schema) ? schema : {})] as const,
  );
  // A field that is left out is not there at all, though its type says it may be undefined.
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
  return isRow ? fc.tuple(unknownFields, known).map(([more, row]) => ({ ...more, ...row })) : known;
}

function valueOf(schema: JsonObject): fc.Arbitrary<JsonValue> {
  return fc.oneof({ weight: 12, arbitrary: promised(schema) }, { weight: 1, arbitrary: otherType });
}

function promised(schema: JsonObject): fc.Arbitrary<JsonValue> {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'object'];
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: unknown, schema: JsonObject): fc.Arbitrary<JsonValue> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.oneof({ weight: 4, arbitrary: fc.nat() }, { weight: 1, arbitrary: oddNumber });
    case 'array':
      return fc.array(valueOf(isObject(schema.items) ? schema.items : {}), { maxLength: 4 });
    case 'object':
      return objectOf(schema);
    default:
      return textOf(schema);
  }
}

function textOf({ format, examples }: JsonObject): fc.Arbitrary<JsonValue> {
  if (format === 'date-time') return fc.oneof({ weight: 6, arbitrary: time }, { weight: 1, arbitrary: brokenTime });
  const known = Array.isArray(examples)
    ? examples
    : ['kim@acme.example', 'Kim', '10.0.26100.1', 'Windows 11', 'iPad13,1'];
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: textOfAnyScript },
    { weight: 1, arbitrary: huge },
  );
}

const time = fc
  .tuple(fc.integer({ min: 631_152_000, max: 3_786_912_000 }), fc.constantFrom('', '.1', '.123', '.1234567'))
  .map(([seconds, decimals]) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}${decimals}Z`);
const brokenTime = fc.constantFrom(
  '',
  '0001-01-01T00:00:00Z',
  '2026-13-01T00:00:00Z',
  'yesterday',
  '2026-02-30T00:00:00Z',
);

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { JsonObject, JsonValue } from '../../records.ts';
import type { SourceShape } from '../feed-draft.ts';
import { flatSchema } from './flat-schema.ts';
import type { OpenDocument } from './open-document.ts';

/** Deep and wide enough for any row; what lies beyond, or holds itself, may be anything. */
const deepest = 5;
const mostFields = 500;

type Inside = {
  /** The schemas that this one lies in. */
  readonly above: readonly JsonObject[];
  /** Fields told so far, of the whole row. */
  readonly count: { fields: number };
};

/** The shape of a row, free of `$ref` and alternatives, so that a mapping can be checked against it. */
export function sourceShape(document: OpenDocument, row: JsonValue | undefined): SourceShape {
  const { properties, required } = flatSchema(document, row);
  const inside: Inside = { above: [document.resolve(row)], count: { fields: 0 } };
  const fields = Object.entries(properties).map(([name, schema]): [string, JsonObject] => [
    name,
    shapeOf(document, schema, inside),
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(fields),
    required: required.filter((name) => name in properties),
  };
}

function shapeOf(document: OpenDocument, value: JsonValue | undefined, { above, count }: Inside): JsonObject {
  const { types, isNullable, properties, required, items, format, isOpen } = flatSchema(document, value);
  if (types.length === 0) return {};
  count.fields += 1;
  const told = isNullable ? [...types, 'null'] : [...types];
  const [first = ''] = told;
  const type = { type: told.length === 1 ? first : told };
  const schema = document.resolve(value);
  const inside = { above: [...above, schema], count };
  if (types.includes('array')) {
    return {
      ...type,
      ...(items !== undefined && above.length < deepest && { items: shapeOf(document, items, inside) }),
    };
  }
  if (!types.includes('object')) return { ...type, ...(format !== undefined && { format }) };
  const names = Object.keys(properties);
  const isFar = above.includes(schema) || above.length >= deepest || count.fields > mostFields;
  if (names.length === 0 || isFar) return { ...type, additionalProperties: true };
  return {
    ...type,
    properties: Object.fromEntries(names.map((name) => [name, shapeOf(document, properties[name], inside)])),
    ...(required.length > 0 && { required: required.filter((name) => name in properties) }),
    ...(isOpen && { additionalProperties: true }),
  };
}

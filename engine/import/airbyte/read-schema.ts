import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { inside, isThere, itemsOf, lost, pass, type Place, textOf } from '../place.ts';

/** Deep and wide enough for any row; what lies beyond may be anything. */
const deepest = 6;

/** The shape of a row from a schema loader; `undefined` where the manifest does not hold it. */
export function readSchema(place: Place): JsonObject | undefined {
  const [first, ...others] = itemsOf(place);
  for (const other of others) lost(other, 'Of several schema loaders only the first is carried.');
  if (first === undefined) return undefined;
  const type = textOf(inside(first, 'type'));
  if (type === 'InlineSchemaLoader') {
    const schema = inside(first, 'schema');
    pass(schema);
    return isJsonObject(schema.value) ? shapeOf(schema.value) : undefined;
  }
  if (isThere(first)) {
    lost(
      first,
      `The shape of a row lies outside the manifest (${type ?? 'a loader without a type'}).`,
      'Copy it to sources/<stream>.schema.json.',
    );
  }
  return undefined;
}

/** The keywords that a source shape knows, of a JSON Schema of any draft. */
export function shapeOf(schema: JsonObject): JsonObject | undefined {
  const shape = shapeAt(schema, 0);
  return isJsonObject(shape.properties) ? { ...shape, type: 'object', required: shape.required ?? [] } : undefined;
}

function shapeAt(schema: JsonObject, depth: number): JsonObject {
  const types = [schema.type].flat().filter((type): type is string => typeof type === 'string');
  const told = [...types.filter((type) => type !== 'null'), ...types.filter((type) => type === 'null')];
  const { format, items, properties, required } = schema;
  const isDeep = depth >= deepest;
  return {
    ...(told.length > 0 && { type: told.length === 1 ? (told[0] ?? '') : told }),
    ...(typeof format === 'string' && { format }),
    ...(isJsonObject(items) && !isDeep && { items: shapeAt(items, depth + 1) }),
    ...(isJsonObject(properties) && !isDeep && { properties: mapObject(properties, (one) => shapeAt(one, depth + 1)) }),
    ...(told.includes('object') && (!isJsonObject(properties) || isDeep) && { additionalProperties: true }),
    ...(Array.isArray(required) && !isDeep && { required: required.filter((name) => typeof name === 'string') }),
  };
}

function mapObject(object: JsonObject, change: (value: JsonObject) => JsonValue): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, isJsonObject(value) ? change(value) : {}]),
  );
}

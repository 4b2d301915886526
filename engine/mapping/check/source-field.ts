import { isListed, type SourceField, type SourceSchema, type SourceType } from './source-schema.ts';
import { anything, join, one, type Origin, present, type Value, withAbsent } from './value.ts';

/** The path of the source record itself. */
export const rootPath = '';

export function pathTo(parent: string, name: string): string {
  return parent === rootPath ? name : `${parent}.${name}`;
}

/** What stands at a place of the source record. */
export function sourceValue(schema: SourceSchema, path: string, isOptional = false): Value {
  if (schema.types.length === 0) return present(anything);
  return join(schema.types.map((type) => typedValue(type, schema, { by: 'source', at: 0, path, isOptional })));
}

function typedValue(type: SourceType, schema: SourceSchema, origin: Origin): Value {
  const { path = rootPath } = origin;
  switch (type) {
    case 'object':
      return one({ kind: 'object', fields: new Map(), open: true, source: { schema, path }, origin });
    case 'array': {
      const items = schema.items === undefined ? present(anything) : sourceValue(schema.items, path);
      return one({ kind: 'array', items, loose: false, min: 0, origin });
    }
    case 'integer':
      return one({ kind: 'number', origin });
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return one({ kind: type, origin });
    default:
      return type satisfies never;
  }
}

/** A field of a part of the source record; `undefined` if the shape says that there is none. */
export function sourceFieldValue({ schema, path }: SourceField, name: string): Value | undefined {
  const field = schema.fields?.get(name);
  if (field !== undefined) {
    const isOptional = !schema.required.has(name);
    return withAbsent(sourceValue(field, pathTo(path, name), isOptional), isOptional);
  }
  if (isListed(schema)) return undefined;
  return schema.others === undefined ? anything : withAbsent(sourceValue(schema.others, pathTo(path, name)));
}

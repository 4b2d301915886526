import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';

/** A field of the source record: its dotted path, and the JSON Pointer of the block of the shape that declares it. */
export type DeclaredField = { readonly path: string; readonly name: string; readonly pointer: string };

/** Every field that a shape declares, the inner ones behind the outer. */
export function declaredFields(shape: JsonObject, pointer = '', parent = ''): DeclaredField[] {
  if (isJsonObject(shape.items)) return declaredFields(shape.items, `${pointer}/items`, parent);
  const { properties } = shape;
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, inner]) => {
    const path = parent === '' ? name : `${parent}.${name}`;
    const field = { path, name, pointer: `${pointer}/properties` };
    return [field, ...(isJsonObject(inner) ? declaredFields(inner, `${field.pointer}/${name}`, path) : [])];
  });
}

/** Notes the dotted path of each field of a row, and whether it holds anything; items of a list share their path. */
export function noteFields(value: JsonValue, noted: Map<string, boolean>, parent = ''): void {
  if (Array.isArray(value)) for (const item of value) noteFields(item, noted, parent);
  if (!isJsonObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    const path = parent === '' ? name : `${parent}.${name}`;
    noted.set(path, noted.get(path) === true || inner !== null);
    noteFields(inner, noted, path);
  }
}

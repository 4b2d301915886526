import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../engine/records.ts';

const schemasDir = join(import.meta.dirname, '../../schemas');
const forAuthors = ['descriptor', 'errors', 'setup', 'sandbox', 'dispatch', 'record', 'source'];

describe('the schemas that an editor knows', () => {
  it.each(forAuthors)('say what each key of %s means', async (name) => {
    const schema = JSON.parse(await readFile(join(schemasDir, `${name}.schema.json`), 'utf8')) as JsonObject;

    const keys = keysIn(schema, schema, '');

    expect(keys.filter(({ isTold }) => !isTold).map(({ path }) => path)).toEqual([]);
  });

  it('have keys in great number', async () => {
    const schema = JSON.parse(await readFile(join(schemasDir, 'descriptor.schema.json'), 'utf8')) as JsonObject;

    expect(keysIn(schema, schema, '').length).toBeGreaterThan(150);
  });
});

type Key = { readonly path: string; readonly isTold: boolean };

/** Every key of every block; the `kind` of a branch is told where the kinds are listed, and `if` tells nothing. */
function keysIn(node: JsonValue | undefined, root: JsonObject, path: string): Key[] {
  if (Array.isArray(node)) return node.flatMap((each, index) => keysIn(each, root, `${path}/${index}`));
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([word, value]) => {
    if (['if', 'enum', 'const', 'default', 'required', 'examples'].includes(word)) return [];
    if (word !== 'properties' || !isObject(value)) return keysIn(value, root, `${path}/${word}`);
    return Object.entries(value).flatMap(([key, schema]) => {
      const at = `${path}/properties/${key}`;
      const isTold = (key === 'kind' && path.includes('allOf')) || isDescribed(schema, root);
      return [{ path: at, isTold }, ...keysIn(schema, root, at)];
    });
  });
}

function isDescribed(schema: JsonValue, root: JsonObject): boolean {
  if (!isObject(schema)) return false;
  if (typeof schema['description'] === 'string') return true;
  const { $ref: reference } = schema;
  if (typeof reference !== 'string') return false;
  const steps = reference.slice(2).split('/');
  const target = steps.reduce<JsonValue | undefined>((node, step) => (isObject(node) ? node[step] : undefined), root);
  return target !== undefined && isDescribed(target, root);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileSchema, violationsOf } from '../../engine/schema/compile-schema.ts';
import { findCompiled, type SchemaSet, writeCompiled } from '../../engine/schema/compiled-schemas.ts';
import { prepareClass } from '../../engine/ocsf/prepare-class.ts';

const root = join(import.meta.dirname, '..', '..');
const feed = join(root, 'integrations', 'microsoft-entra-mfa');
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const yaml = (name: string): unknown => parse(readFileSync(join(feed, name), 'utf8'), { merge: true });
const own = (name: string): SchemaSet => ({ schema: json('schemas', name) as object, related: [] });
const [record] = json(
  ...['integrations', 'microsoft-entra-mfa', 'cases', 'user-registration-details', 'documented-example'],
  'expected.json',
) as unknown[]; // one record for each row of the case

describe('a schema compiled at build', () => {
  const folder = emptyFolder();
  const sets: { readonly [name: string]: SchemaSet } = {
    descriptor: own('descriptor.schema.json'),
    errors: own('errors.schema.json'),
    sandbox: own('sandbox.schema.json'),
  };
  const good: { readonly [name: string]: unknown } = {
    descriptor: yaml('integration.yaml'),
    errors: yaml('errors.yaml'),
    sandbox: yaml(join('sandbox', 'sandbox.yaml')),
    'OCSF class': record,
  };
  let all: { readonly [name: string]: SchemaSet };

  beforeAll(async () => {
    const { schemas } = await prepareClass(join(root, 'schemas'), '1.5.0', 'user_inventory', ['cloud']);
    all = { ...sets, 'OCSF class': schemas };
    await writeCompiled(Object.values(all), folder);
  });

  it.each(Object.keys(good))('finds in a %s, sound or broken, what the schema itself finds', (name) => {
    const { schema, related } = all[name] ?? fail(name);
    const validate = findCompiled({ schema, related }, folder) ?? fail(name);
    const check = compileSchema(schema, related);

    expect(violationsOf(validate, good[name])).toEqual([]);
    const broken = brokenForms(good[name]);
    for (const value of broken) expect(violationsOf(validate, value)).toEqual(check(value));
    expect(broken.filter((value) => check(value).length > 0).length).toBeGreaterThan(20);
  });

  it('finds that a text which exhausts a pattern does not match it', async () => {
    const set = { schema: { type: 'string', pattern: '^(([a-z]|[a-z][a-z-]*[a-z])[.])*[a-z]$' }, related: [] };
    const place = emptyFolder();
    await writeCompiled([set], place);

    const validate = findCompiled(set, place) ?? fail('pattern');

    expect(violationsOf(validate, 'a.b')).toEqual([]);
    expect(violationsOf(validate, 'a.'.repeat(5_000_000))).toMatchObject([{ keyword: 'pattern' }]);
  });

  it('is never taken for one that differs in a word', async () => {
    const place = emptyFolder();
    await writeCompiled([{ schema: { type: 'string' }, related: [] }], place);

    expect(findCompiled({ schema: { type: 'string' }, related: [] }, place)).toBeDefined();
    expect(findCompiled({ schema: { type: 'number' }, related: [] }, place)).toBeUndefined();
    expect(findCompiled({ schema: { type: 'string' }, related: [{ $id: 'x' }] }, place)).toBeUndefined();
  });

  it('is not compiled again by the next build, is by a newer compiler, and goes with its schema', async () => {
    const place = emptyFolder();
    const set = { schema: { type: 'string' }, related: [] };
    await writeCompiled([set], place);
    const file = join(place, readdirSync(place)[0] ?? fail('file'));
    const { mtimeMs } = statSync(file);
    const text = readFileSync(file, 'utf8');

    await writeCompiled([set], place);
    expect(statSync(file).mtimeMs).toBe(mtimeMs);

    writeFileSync(file, '// Made by another one.\n');
    await writeCompiled([set], place);
    expect(readFileSync(file, 'utf8')).toBe(text);

    await writeCompiled([], place);
    expect(readdirSync(place)).toEqual([]);
  });
});

/** The value with each of its parts taken away, of another type, or with a stranger beside it; some three hundred. */
function brokenForms(value: unknown): unknown[] {
  const places = placesIn(value);
  const step = Math.max(1, Math.floor(places.length / 100));
  return places
    .filter((_, index) => index % step === 0)
    .flatMap((path) => [
      changed(value, path, (owner, key) => {
        if (Array.isArray(owner)) owner.splice(Number(key), 1);
        else Reflect.deleteProperty(owner, key);
      }),
      changed(value, path, (owner, key) => Reflect.set(owner, key, { nobody: 'knows this' })),
      changed(value, path, (owner, key) => Reflect.set(owner, key, -0.5)),
    ]);
}

function placesIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...placesIn(inner).map((path) => [key, ...path])]);
}

function changed(value: unknown, path: readonly string[], change: (owner: object, key: string) => unknown): unknown {
  const copy: unknown = structuredClone(value);
  let owner = copy as object; // each step of a path leads through an object or array
  for (const key of path.slice(0, -1)) owner = Reflect.get(owner, key) as object;
  change(owner, path.at(-1) ?? fail('path'));
  return copy;
}

/** An empty folder from which the modules find ajv's runtime, as they do in `dist`. */
function emptyFolder(): string {
  const above = mkdtempSync(join(tmpdir(), 'sluice-compiled-'));
  symlinkSync(join(root, 'node_modules'), join(above, 'node_modules'));
  return join(above, 'compiled');
}

function fail(what: string): never {
  throw new Error(`The test has no ${what}.`);
}

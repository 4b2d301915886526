import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandManifest } from '../../bin/write-manifest.ts';
import { findCompiled } from '../../engine/schema/compiled-schemas.ts';
import { shippedSchemas } from '../../schemas/compile.ts';

const root = join(import.meta.dirname, '..', '..');
const compiled = join(root, 'dist', 'engine', 'schema', 'compiled');

describe('what the build leaves for quick starts', () => {
  it('has the check of every schema and every class that is shipped', async () => {
    const shipped = await shippedSchemas(join(root, 'integrations'), join(root, 'schemas'));
    const missing = shipped.filter((set) => findCompiled(set, compiled) === undefined);

    expect(shipped.length).toBeGreaterThan(7);
    expect(missing.map(({ schema }) => ('title' in schema ? schema.title : schema))).toEqual([]);
  });

  it('has a list of the commands that says of each what the command says of itself', async () => {
    const written: unknown = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'));

    expect(written).toEqual(JSON.parse(JSON.stringify(await commandManifest(root))));
  });
});

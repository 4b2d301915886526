import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ClassFacts } from '../../engine/ocsf/facts.ts';
import { loadRelease } from '../../engine/ocsf/release.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import { schemaFiles } from '../../schemas/ocsf/schema-files.ts';
import { example, type ExampleName, schemasDir } from './examples.ts';

const versions = ['1.1.0', '1.3.0', '1.5.0', '1.8.0'];

describe.each(versions)('schemas/ocsf/%s', (version) => {
  const dir = join(schemasDir, 'ocsf', version);

  it('holds the very JSON Schemas that its facts give', async () => {
    const release = await loadRelease(schemasDir, version);
    const classes: ClassFacts[] = [];
    for (const name of Object.keys(release.classes)) classes.push(await release.classFacts(name));

    const made = schemaFiles(release, release.objects, classes);

    expect(readdirSync(join(dir, 'json-schema')).sort()).toEqual([...made.keys()].sort());
    for (const [name, text] of made) expect(readFileSync(join(dir, 'json-schema', name), 'utf8'), name).toBe(text);
  });

  it('gives every schema an id of its own, with release and profiles', () => {
    const files = readdirSync(join(dir, 'json-schema'));

    const ids = files.map((name) => committed(version, name).$id);

    expect(new Set(ids).size).toBe(files.length);
    expect(ids).toContain(`https://schemas.sluice.example/ocsf/${version}/user_inventory+cloud.schema.json`);
  });
});

describe('the committed schemas alone', () => {
  it.each<[ExampleName, string]>([
    ['user-registration', 'user_inventory+cloud'],
    ['credential-usage', 'user_inventory'],
    ['device', 'inventory_info'],
    ['registration-counts', 'base_event'],
  ])('accept %s as %s', (name, schema) => {
    const [, profile] = schema.split('+');
    const objects = profile === undefined ? 'objects' : `objects+${profile}`;
    const check = compileSchema(committed('1.5.0', `${schema}.schema.json`), [
      committed('1.5.0', `${objects}.schema.json`),
    ]);

    expect(check(example(name))).toEqual([]);
    expect(check({ ...example(name), invented: true })).toMatchObject([{ keyword: 'additionalProperties' }]);
  });
});

function committed(version: string, name: string): { readonly $id: string } {
  const path = join(schemasDir, 'ocsf', version, 'json-schema', name);
  return JSON.parse(readFileSync(path, 'utf8')) as { $id: string }; // generated, with an id
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalPath } from '../../engine/permissions/path-parts.ts';
import { readVendorCatalogue } from '../../engine/permissions/vendor-catalogue.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import { schemasDir } from '../support/scratch-integration.ts';

describe('a vendor catalogue', async () => {
  const vendors = await readdir(join(schemasDir, 'vendors'), { withFileTypes: true });
  const names = vendors.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const schema = JSON.parse(await readFile(join(schemasDir, 'vendor-catalogue.schema.json'), 'utf8')) as object; // our own
  const check = compileSchema(schema);

  it('is refused by name where there is none, with those there are', async () => {
    await expect(readVendorCatalogue(schemasDir, 'microsoft-grahp')).rejects.toMatchObject({
      code: 'descriptor/unknown-reference',
      hint: 'Did you mean "microsoft-graph"?',
    });
  });

  it.each(names)('of %s is of the published form', async (name) => {
    expect(check(await readVendorCatalogue(schemasDir, name))).toEqual([]);
  });

  it.each(names)('of %s lists each path once, however its values are called', async (name) => {
    const { entries } = await readVendorCatalogue(schemasDir, name);
    const paths = entries.flatMap((entry) => entry.paths.map(canonicalPath));

    expect(paths.length).toBeGreaterThan(100);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it.each(names)('of %s calls nothing the least that does not open the path', async (name) => {
    const { entries } = await readVendorCatalogue(schemasDir, name);
    const strange = entries
      .flatMap(({ application, delegated }) => [application, delegated])
      .flatMap((openers) => openers?.least.filter((least) => !openers.any.includes(least)) ?? []);

    expect(strange).toEqual([]);
  });
});

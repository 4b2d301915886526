import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../engine/descriptor/read-descriptor.ts';
import { checkMapping } from '../../../engine/mapping/check/check-mapping.ts';
import type { JsonObject } from '../../../engine/records.ts';
import { shapeOf } from './admits.ts';
import { schemasDir, targetOf } from './planted.ts';

const integrations = join(schemasDir, '..', 'integrations');
const folders = readdirSync(integrations)
  .map((name) => join(integrations, name))
  .filter((folder) => existsSync(join(folder, 'integration.yaml')));

describe.each(folders)('the mappings of %s', async (folder) => {
  const { descriptor } = await readDescriptor(folder, schemasDir);
  const streams = (descriptor?.streams ?? []).filter(({ ocsf }) => ocsf.class !== '');

  it.each(streams)('have nothing wrong: $name', async ({ mapping, ocsf }) => {
    const text = readFileSync(join(folder, 'mappings', mapping), 'utf8');
    const target = await targetOf({ ...ocsf, className: ocsf.class });

    expect(checkMapping(text, mapping, target)).toEqual([]);
  });

  it.each(streams)('fit the rows of their golden cases: $name', async ({ name, mapping, ocsf, drop }) => {
    const text = readFileSync(join(folder, 'mappings', mapping), 'utf8');
    const target = await targetOf({ ...ocsf, className: ocsf.class });
    const isDropped = (field: string) => Object.keys(drop).some((key) => field.startsWith(key.replace(/\*$/, '')));
    const rows = goldenRows(join(folder, 'cases', name)).map((row) => {
      return Object.fromEntries(Object.entries(row).filter(([field]) => !isDropped(field)));
    });

    expect(rows.length).toBeGreaterThan(0);
    expect(checkMapping(text, mapping, target, { source: shapeOf(rows) })).toEqual([]);
  });
});

function goldenRows(cases: string): JsonObject[] {
  const files = readdirSync(cases).map((name) => join(cases, name, 'source.json'));
  return files.filter((file) => existsSync(file)).flatMap(rowsIn);
}

/** A saved answer holds its rows under `value`, or is one row itself. */
function rowsIn(file: string): JsonObject[] {
  const body: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const rows: unknown[] = isObject(body) && Array.isArray(body.value) ? body.value : [body];
  return rows.filter(isObject);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../engine/descriptor/read-descriptor.ts';
import { checkMapping } from '../../../engine/mapping/check/check-mapping.ts';
import { variantsOf } from '../../../engine/run/dispatch.ts';
import { schemasDir, targetOf } from './planted.ts';

const integrations = join(schemasDir, '..', 'integrations');
const folders = readdirSync(integrations)
  .map((name) => join(integrations, name))
  .filter((folder) => existsSync(join(folder, 'integration.yaml')));

describe.each(folders)('the mappings of %s', async (folder) => {
  const { descriptor } = await readDescriptor(folder, schemasDir);
  const streams = (descriptor?.streams ?? []).flatMap(variantsOf).filter(({ ocsf }) => ocsf.class !== '');

  it.each(streams)('have nothing wrong: $mapping', async ({ mapping, ocsf }) => {
    const text = readFileSync(join(folder, 'mappings', mapping), 'utf8');
    const target = await targetOf({ ...ocsf, className: ocsf.class });

    expect(checkMapping(text, mapping, target)).toEqual([]);
  });
});

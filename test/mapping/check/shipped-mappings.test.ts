import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../engine/descriptor/read-descriptor.ts';
import { checkMapping } from '../../../engine/mapping/check/check-mapping.ts';
import { variantsOf } from '../../../engine/run/dispatch.ts';
import { readStreamMapping } from '../../../engine/run/read-stream-mapping.ts';
import { schemasDir, targetOf } from './planted.ts';

const integrations = join(schemasDir, '..', 'integrations');
const folders = readdirSync(integrations)
  .map((name) => join(integrations, name))
  .filter((folder) => existsSync(join(folder, 'integration.yaml')));

describe.each(folders)('the mappings of %s', async (folder) => {
  const { descriptor } = await readDescriptor(folder, schemasDir);
  const streams = (descriptor?.streams ?? []).flatMap(variantsOf).filter(({ ocsf }) => ocsf.class !== '');

  it.each(streams)('have nothing wrong: $mapping', async (stream) => {
    const { text, file } = await readStreamMapping(folder, stream);
    const target = await targetOf({ ...stream.ocsf, className: stream.ocsf.class });

    expect(checkMapping(text, file, target)).toEqual([]);
  });
});

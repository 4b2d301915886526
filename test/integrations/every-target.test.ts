import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listIntegrations } from '../../engine/index.ts';
import { findCases, readCaseInput } from '../../engine/run/case-folders.ts';
import { caseOutput } from '../../engine/run/case-output.ts';
import { loadIntegration } from '../../engine/run/integrations.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { schemasDir, shippedPlaces } from '../support/scratch-integration.ts';

const releases = (await readdir(join(schemasDir, 'ocsf'), { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const feeds = (await listIntegrations(shippedPlaces)).map(({ folder }) => folder);

describe.each(feeds.map((folder) => [basename(folder), folder] as const))('every case of %s', (_, folder) => {
  it.each(releases)('is valid in OCSF %s, and loses no record that its own release takes', async (release) => {
    const integration = await loadIntegration(shippedPlaces, folder);
    const faults: string[] = [];
    let records = 0;

    for (const { stream, folder: caseFolder } of await findCases(integration)) {
      const input = await readCaseInput(caseFolder);
      const own = await caseOutput(integration, stream, input, schemasDir);
      const target = await caseOutput(integration, stream, input, schemasDir, release);
      records += target.records.length;
      if (own.records.length !== target.records.length) faults.push(`${caseFolder}: other rows are rejected`);
      for (const record of target.records)
        faults.push(...independentCheck(release, record).map((fault) => `${caseFolder}: ${fault}`));
    }

    expect(faults).toEqual([]);
    expect(records).toBeGreaterThan(0);
  });
});

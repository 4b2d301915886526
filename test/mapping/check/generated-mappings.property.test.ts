import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMapping } from '../../../engine/mapping/check/check-mapping.ts';
import { loadMapping } from '../../../engine/mapping/load-mapping.ts';
import { createRecordChecker } from '../../../engine/ocsf/check-record.ts';
import { loadRelease } from '../../../engine/ocsf/release.ts';
import { prepareClass } from '../../../engine/ocsf/prepare-class.ts';
import { targetClass } from '../../../engine/ocsf/target-class.ts';
import { contextOf } from '../../ocsf/examples.ts';
import { canBeGenerated, generatedRecord } from './generated-record.ts';
import { schemasDir } from './planted.ts';
import { printedMapping } from './printed-mapping.ts';

const versions = readdirSync(join(schemasDir, 'ocsf'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.each(versions)('a correct mapping for OCSF %s', (version) => {
  it('is accepted by the engine, and the check is silent', async () => {
    const { classes } = await loadRelease(schemasDir, version);
    const names = fc.sample(fc.constantFrom(...Object.keys(classes)), 8);

    for (const className of new Set([...names, 'user_inventory', 'inventory_info'])) {
      await proveSilent(version, className, 8, 'and accepted');
    }
  }, 120_000);

  it('of any class leaves the check silent', async () => {
    const { classes } = await loadRelease(schemasDir, version);

    for (const className of Object.keys(classes)) await proveSilent(version, className, 2, 'silent only');
  }, 120_000);
});

async function proveSilent(
  version: string,
  className: string,
  runs: number,
  how: 'and accepted' | 'silent only',
): Promise<void> {
  const profiles = await someProfiles(version, className);
  const { plan } = await prepareClass(schemasDir, version, className, profiles);
  if (!canBeGenerated(plan)) return;
  const request = { schemasDir, nativeVersion: version, targetVersion: version, className, profiles };
  const checker = how === 'silent only' ? undefined : await createRecordChecker(request);

  await fc.assert(
    fc.asyncProperty(fc.gen(), async (choose) => {
      const record = generatedRecord(choose, plan);
      fc.pre(record !== undefined);
      const { text, row, source } = printedMapping(choose, record);
      const file = `${className}.jsonata`;

      if (checker !== undefined) {
        const candidate = await loadMapping(text, file).evaluate(row, {});
        expect(plain(candidate), text).toEqual(record);
        expect(checker.check(candidate, contextOf('device')), text).toMatchObject({ kind: 'accepted' });
      }
      expect(checkMapping(text, file, targetClass(plan), { bindings: {} }), text).toEqual([]);
      expect(checkMapping(text, file, targetClass(plan), { source, bindings: {} }), text).toEqual([]);
    }),
    { numRuns: runs, endOnFailure: true },
  );
}

async function someProfiles(version: string, className: string): Promise<string[]> {
  const { profiles = [] } = await (await loadRelease(schemasDir, version)).classFacts(className);
  return fc.sample(fc.subarray([...profiles]), 1)[0] ?? [];
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

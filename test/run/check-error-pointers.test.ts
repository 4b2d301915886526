import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../engine/descriptor/read-descriptor.ts';
import { checkErrorPointers } from '../../engine/run/check-error-pointers.ts';
import { readSandboxFile } from '../../engine/run/check-sandbox.ts';
import { acmeDescriptor, schemasDir, scratchIntegration, shippedPlaces } from '../support/scratch-integration.ts';

const sandbox = 'errors: { body: { error: { code: "{code}", message: "{message}" } } }\n';

async function issuesIn(folder: string) {
  const { descriptor, errorsFile } = await readDescriptor(folder, schemasDir);
  if (descriptor === undefined) throw new TypeError('The descriptor has mistakes.');
  return checkErrorPointers(descriptor, errorsFile, await readSandboxFile(folder, undefined));
}

async function issuesOf(files: { readonly [path: string]: string }) {
  const places = await scratchIntegration('acme', { 'integration.yaml': acmeDescriptor(), ...files });
  return issuesIn(join(places.integrationsDirs[0] ?? '', 'acme'));
}

describe('pointers of the error catalogue', () => {
  it('that find nothing in what the stand-in vendor answers are told at their line', async () => {
    const errors = 'source:\n  message: [/error/message]\n  code: [/errors/code, /code]\n';

    expect(await issuesOf({ 'errors.yaml': errors, 'sandbox/sandbox.yaml': sandbox })).toMatchObject([
      { code: 'descriptor/pointer-finds-nothing', severity: 'warning', at: { line: 3, column: 3 } },
    ]);
  });

  it('are sound when one of several finds something', async () => {
    const errors = 'source: { code: [/error/inner/*/code, /error/code] }\n';

    expect(await issuesOf({ 'errors.yaml': errors, 'sandbox/sandbox.yaml': sandbox })).toEqual([]);
  });

  it('are taken as they are without a stand-in vendor', async () => {
    expect(await issuesOf({ 'errors.yaml': 'source: { code: [/errors/code] }\n' })).toEqual([]);
  });

  it('are sound in the shipped feed', async () => {
    expect(await issuesIn(join(shippedPlaces.integrationsDirs[0] ?? '', 'microsoft-entra-mfa'))).toEqual([]);
  });
});

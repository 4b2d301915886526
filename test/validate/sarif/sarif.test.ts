import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarifFailure, sarifLog } from '../../../bin/print/sarif.ts';
import type { Issue } from '../../../engine/index.ts';

const schema = JSON.parse(await readFile(join(import.meta.dirname, 'sarif-schema-2.1.0.json'), 'utf8')) as object; // a JSON Schema
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const isSarif = ajv.compile(schema);

const entry = { means: 'A key too much.', act: 'Take `this` one.', link: 'page.md#descriptor-unknown-key' };
const tool = { version: '1.2.3', homepage: undefined, entries: new Map([['descriptor/unknown-key', entry]]) };
const published = {
  ...tool,
  homepage: 'https://acme.example/sluice',
  entries: new Map([
    ['descriptor/unknown-key', { ...entry, link: 'https://acme.example/page#descriptor-unknown-key' }],
  ]),
};
const mistyped: Issue = {
  code: 'descriptor/unknown-key',
  severity: 'error',
  message: '"paginaton" is not a key.',
  hint: 'Did you mean "pagination"?',
  at: { file: 'my feeds/acme/integration.yaml', line: 3, column: 5, length: 9 },
};
const placeless: Issue = { code: 'descriptor/not-found', severity: 'warning', message: 'Nothing is there.' };

/** What is written, read again as a reader of SARIF would. */
function asLog(log: object): Log {
  const written = JSON.parse(JSON.stringify(log)) as Log; // as the schema is about to say
  expect(isSarif(written), JSON.stringify(isSarif.errors)).toBe(true);
  return written;
}

describe('a SARIF log', () => {
  it.each([
    ['without issues', []],
    ['with an issue', [mistyped]],
    ['with an issue that has no place', [placeless]],
    ['with the same code twice', [mistyped, mistyped, placeless]],
  ])('fits the schema of SARIF 2.1.0 %s', (_, issues) => {
    expect(asLog(sarifLog(issues, tool)).runs[0]?.results).toHaveLength(issues.length);
    expect(asLog(sarifLog(issues, published)).runs).toHaveLength(1);
  });

  it('is not just taken by that schema whatever it holds', () => {
    expect(isSarif({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  it('places an issue by a relative address, line, and columns of which the last is behind the word', () => {
    const [result] = asLog(sarifLog([mistyped], tool)).runs[0]?.results ?? [];

    expect(result).toMatchObject({
      ruleId: 'descriptor/unknown-key',
      level: 'error',
      message: { text: '"paginaton" is not a key. Did you mean "pagination"?' },
    });
    expect(result?.locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'my%20feeds/acme/integration.yaml' },
      region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 14 },
    });
  });

  it('has one rule a code, with the help of the page of codes', () => {
    const { driver } = asLog(sarifLog([mistyped, mistyped], published)).runs[0]?.tool ?? {};

    expect(driver).toMatchObject({ name: 'Sluice', version: '1.2.3' });
    expect(driver?.rules).toEqual([
      {
        id: 'descriptor/unknown-key',
        shortDescription: { text: 'A key too much.' },
        help: { text: 'A key too much. Take this one.', markdown: 'A key too much. Take `this` one.' },
        helpUri: 'https://acme.example/page#descriptor-unknown-key',
      },
    ]);
  });

  it('tells of a run that could not be', () => {
    const failure = { exitCode: 2, code: 'descriptor/not-found', message: 'There is no such integration.' } as const;

    const [run] = asLog(sarifFailure(failure, tool)).runs;

    expect(run?.results).toEqual([]);
    expect(run?.invocations?.[0]).toMatchObject({ executionSuccessful: false, exitCode: 2 });
  });
});

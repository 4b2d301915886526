import { describe, expect, it } from 'vitest';
import { describeCases } from '../../../bin/print/cases.ts';
import { describeFailure } from '../../../bin/print/failure.ts';
import { describeSandbox } from '../../../bin/print/sandbox.ts';
import { describeValidations } from '../../../bin/print/validations.ts';
import type { CaseResult, Issue } from '../../../engine/index.ts';

const wrongType: Issue = {
  code: 'ocsf/wrong-type',
  severity: 'error',
  message: 'A number where a string must be.',
  pointer: '/user/uid',
};

describe('golden cases in words', () => {
  const passing: CaseResult = { integration: 'acme', stream: 'people', name: 'guest', passed: true, differences: [] };

  it('give one line a failing case with its differences, and a count', () => {
    const differences = ['/user/uid: expected "1", got 1'];

    const text = describeCases([passing, { ...passing, name: 'admin', passed: false, differences }]);

    expect(text).toBe('failed  acme/people/admin\n  /user/uid: expected "1", got 1\n1 case passed, 1 failed');
  });

  it('say that there are none, rather than that all passed', () => {
    expect(describeCases([])).toContain('There are no cases');
  });
});

describe('validation in words', () => {
  const entries = new Map([
    ['ocsf/wrong-type', { means: 'A type.', act: 'Change it.', link: 'page.md#ocsf-wrong-type' }],
  ]);

  it('tells once where each code is explained', () => {
    const text = describeValidations(
      [{ integration: 'acme', folder: 'acme', issues: [wrongType, wrongType], ownedUp: [] }],
      entries,
    );

    expect(text).toContain('\n\nMore on these:\n  page.md#ocsf-wrong-type\n\nacme: 2 errors');
  });

  it('tells every issue, then a verdict an integration; a warning does not make it invalid', () => {
    const warning: Issue = { ...wrongType, severity: 'warning' };
    const validations = [
      { integration: 'acme', folder: 'acme', issues: [wrongType, warning], ownedUp: [] },
      { integration: 'other', folder: 'other', issues: [warning], ownedUp: [] },
    ];

    const text = describeValidations(validations, entries);

    expect(text.split('\n').slice(-2)).toEqual(['acme: 1 error, 1 warning', 'other: valid, 1 warning']);
  });

  it('tells the limits that a descriptor owns up to, and does not count them as warnings', () => {
    const limit = { stream: 'people', message: 'Retired on 2025-08-01.' };

    const text = describeValidations([{ integration: 'acme', folder: 'acme', issues: [], ownedUp: [limit] }], entries);

    expect(text.trim()).toBe('acme: valid\n  people: Retired on 2025-08-01.');
  });
});

describe('a failure in words', () => {
  it('tells every issue it stands for before itself', () => {
    const text = describeFailure({
      exitCode: 2,
      code: 'descriptor/wrong-value',
      message: 'The descriptor has 1 error.',
      issues: [wrongType],
    });

    expect(text).toBe(
      '/user/uid error ocsf/wrong-type A number where a string must be.\n\nerror descriptor/wrong-value The descriptor has 1 error.',
    );
  });
});

describe('a sandbox in words', () => {
  it('gives a line to paste, quoted for the shell where needed', () => {
    const connection = { tenantId: 'contoso.example', clientSecret: "it's secret" };

    const text = describeSandbox('acme', { origin: 'http://127.0.0.1:4000', connection, changes: [] });

    expect(text).toContain(
      `npx sluice run acme --no-rate-limit --set tenantId=contoso.example --set 'clientSecret=it'\\''s secret'`,
    );
  });
});

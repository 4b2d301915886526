import { describe, expect, it } from 'vitest';
import { describeCoverage } from '../../../bin/print/coverage.ts';
import type { IntegrationCoverage } from '../../../engine/index.ts';

const file = 'integrations/acme/mappings/people.jsonata';
const at = (line: number, column: number) => ({ file, line, column });
const none = { exercised: 0, total: 0 };
const people: IntegrationCoverage['mappings'][number] = {
  streams: ['people'],
  file,
  percent: 72.7,
  exercised: 8,
  total: 11,
  byKind: {
    branch: { exercised: 3, total: 4 },
    operand: none,
    'table-row': { exercised: 0, total: 2 },
    function: none,
    field: { exercised: 5, total: 5 },
  },
  gaps: [
    { kind: 'table-row', at: at(3, 5), message: '"sms" is never looked up.', what: 'sms' },
    { kind: 'table-row', at: at(3, 15), message: '"push" is never looked up.', what: 'push' },
    { kind: 'branch', at: at(7, 22), message: 'No case comes here.', what: '"nobody"\u001B[2J' },
  ],
};
const acme: IntegrationCoverage = {
  integration: 'acme',
  exercised: 8,
  total: 11,
  percent: 72.7,
  floor: 90,
  mappings: [people],
  issues: [{ code: 'case/low-coverage', severity: 'error', message: 'Too little.', hint: 'Add cases.' }],
};

describe('the coverage of an integration', () => {
  it('is told by gap with its place, by mapping, in total, and against what is asked for', () => {
    expect(describeCoverage([acme])).toBe(
      `people: 3 parts no case exercises
  ${file}:3:5 Never looked up: "sms", "push".
  ${file}:7:22 No case comes here. "nobody"\uFFFD[2J

mapping  branches  operands  table rows  functions  fields  exercised
people        3/4         -         0/2          -     5/5     72.7 %
acme: 72.7 % exercised by its cases (8 of 11, 90 % asked for)

error case/low-coverage Too little.
  Add cases.`,
    );
  });
});

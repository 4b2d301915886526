import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../../bin/print/issue.ts';

const mistyped = {
  code: 'descriptor/unknown-key',
  severity: 'error',
  message: '"paginaton" is not a key of a stream.',
  hint: 'Did you mean "pagination"?',
} as const;

describe('an issue in words', () => {
  it('shows place, line, mark and advice', () => {
    const file = fileOf('streams:\n  people:\n    paginaton:\n');

    const text = describeIssue({ ...mistyped, at: { file, line: 3, column: 5, length: 9 } });

    expect(text).toBe(
      [
        `${file}:3:5 error descriptor/unknown-key "paginaton" is not a key of a stream.`,
        '    3 |     paginaton:',
        '      |     ^^^^^^^^^',
        '  Did you mean "pagination"?',
      ].join('\n'),
    );
  });

  it('stands without its frame when the file is gone', () => {
    const text = describeIssue({ ...mistyped, at: { file: '/nowhere/integration.yaml', line: 3, column: 5 } });

    expect(text).toBe(
      [
        '/nowhere/integration.yaml:3:5 error descriptor/unknown-key "paginaton" is not a key of a stream.',
        '  Did you mean "pagination"?',
      ].join('\n'),
    );
  });

  it('never shows a line of a connection file, which may hold a secret', () => {
    const file = fileOf('clientSecret: hunter2\n');

    const text = describeIssue({
      code: 'connection/wrong-value',
      severity: 'error',
      message: 'clientSecret is given in clear.',
      at: { file, line: 1, column: 15, length: 7 },
    });

    expect(text).not.toContain('hunter2');
  });

  it('never shows a line of a descriptor that holds a secret', () => {
    const file = fileOf('auth: { kind: bearer, token: hunter2 }\n');

    const text = describeIssue({
      code: 'descriptor/secret-in-clear',
      severity: 'error',
      message: 'This looks like a secret in clear.',
      at: { file, line: 1, column: 30, length: 7 },
    });

    expect(text).not.toContain('hunter2');
  });

  it('shows only the stretch around the place of a very long line', () => {
    const file = fileOf(`${'a'.repeat(5000)}HERE${'b'.repeat(5000)}`);

    const text = describeIssue({ ...mistyped, at: { file, line: 1, column: 5001, length: 4 } });

    const [, shown = '', marks = ''] = text.split('\n');
    expect(shown.length).toBeLessThan(120);
    expect(shown.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('names the pointer of a record that has no file', () => {
    const text = describeIssue({
      code: 'ocsf/wrong-type',
      severity: 'warning',
      message: 'uid is a number.',
      pointer: '/user/uid',
    });

    expect(text).toBe('/user/uid warning ocsf/wrong-type uid is a number.');
  });

  it('keeps where, what and which on the first line, and the rest of a long message below', () => {
    const text = describeIssue({ code: 'run/usage', severity: 'error', message: 'Two things:\none\ntwo' });

    expect(text).toBe('error run/usage Two things:\n  one\n  two');
  });

  it('lets no escape sequence from outside reach the terminal', () => {
    const text = describeIssue({ ...mistyped, message: 'The source said "\u001b[2J\u009b31mgone".' });

    expect(text).not.toMatch(/[\u001b\u009b]/);
  });
});

function fileOf(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-issue-')), 'integration.yaml');
  writeFileSync(file, text);
  return file;
}

import { describe, expect, it } from 'vitest';
import { annotations } from '../../../bin/print/annotations.ts';
import type { Issue } from '../../../engine/index.ts';

const mistyped: Issue = {
  code: 'descriptor/unknown-key',
  severity: 'error',
  message: '"paginaton" is not a key.',
  at: { file: 'feeds/acme/integration.yaml', line: 3, column: 5, length: 9 },
};

describe('annotations of GitHub Actions', () => {
  it('are one command a line, with file, line, columns and code', () => {
    expect(annotations([mistyped, { ...mistyped, severity: 'warning' }])).toBe(
      [
        '::error file=feeds/acme/integration.yaml,line=3,endLine=3,col=5,endColumn=14,title=descriptor/unknown-key::"paginaton" is not a key.',
        '::warning file=feeds/acme/integration.yaml,line=3,endLine=3,col=5,endColumn=14,title=descriptor/unknown-key::"paginaton" is not a key.',
        '',
      ].join('\n'),
    );
  });

  it('are nothing at all where nothing is wrong', () => {
    expect(annotations([])).toBe('');
  });

  it('cannot be broken out of by a message, and keep its lines and the hint', () => {
    const text = annotations([{ ...mistyped, message: '100%\r\n::set-output name=a::b', hint: 'Stop.' }]);

    expect(text).toMatch(/::100%25%0A::set-output name=a::b%0AStop\.\n$/);
    expect(text.match(/\n/g)).toHaveLength(1);
  });

  it('cannot be broken out of by the name of a file', () => {
    const text = annotations([{ ...mistyped, at: { file: 'a,line=9:\n::error::b.yaml', line: 1, column: 1 } }]);

    expect(text).toMatch(/^::error file=a%2Cline=9%3A%0A%3A%3Aerror%3A%3Ab\.yaml,line=1,/);
  });

  it('need no place', () => {
    expect(annotations([{ code: 'run/usage', severity: 'error', message: 'No.' }])).toBe(
      '::error title=run/usage::No.\n',
    );
  });
});

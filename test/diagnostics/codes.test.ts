import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codes } from '../../engine/diagnostics/codes.ts';

describe('the codes of issues and errors', async () => {
  const page = await readFile(join(import.meta.dirname, '../../engine/diagnostics/README.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (?:<a id="([^"]+)"><\/a>)?`([^`]+)` \| (.+?) \| (.+) \|$/gm)].map(
    ([, anchor, code = '', means, act]) => ({ anchor, code, means, act }),
  );

  it('are documented, each with its meaning and what to do, and nothing else is', () => {
    expect(rows.map(({ code, means }) => [code, means])).toEqual(Object.entries(codes));
    expect(rows.filter(({ act }) => (act ?? '').length < 10)).toEqual([]);
  });

  it('have an anchor each, which links lead to', () => {
    expect(rows.map(({ anchor }) => anchor)).toEqual(rows.map(({ code }) => code.replace('/', '-')));
  });
});

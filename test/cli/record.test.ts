import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch-integration.ts';
import { feed, sluice } from './sluice.ts';

describe('sluice record', () => {
  it.each([
    ['a kind there is none of', ['--as', 'model=persom'], 'Did you mean "person"?'],
    ['a field without a kind', ['--as', 'model'], 'FIELD=KIND'],
    ['a name that is no folder name', ['--case', '../x'], 'joined by hyphens'],
    ['a stream that there is not', ['--stream', 'device'], 'Did you mean "devices"?'],
  ])('ends with exit code 2 for %s', async (_, flags, advice) => {
    const { exitCode, stdout, stderr } = await sluice(['record', feed, '--sandbox', ...flags]);

    expect(stderr).toContain(advice);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('writes a case, tells what became of each field, and does not write over it', async () => {
    const out = await scratchFolder();
    const line = [
      'record',
      feed,
      '--sandbox',
      '--scale',
      '100',
      '--stream',
      'devices',
      '--out',
      out,
      '--case',
      'from-the-sandbox',
    ];

    const { exitCode, stdout, stderr } = await sluice(line);
    const again = await sluice(line);
    const replaced = await sluice([...line, '--replace', '--limit', '2', '--json']);

    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/\/value\/\*\/deviceId +guid +[0-9a-f-]{36}/);
    expect(stderr).toMatch(/\/value\/\*\/trustType +word \(kept\) +\w/);
    expect(readdirSync(`${out}/devices/from-the-sandbox`)).toEqual(['expected.json', 'source.json']);
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('--replace');
    expect(JSON.parse(replaced.stdout)).toMatchObject({ written: true, cases: [{ stream: 'devices', rows: 2 }] });
  });

  it('tells a stream without rows, and writes nothing for it', async () => {
    const out = await scratchFolder();

    const { exitCode, stderr } = await sluice([
      'record',
      feed,
      '--sandbox',
      '--scale',
      '100',
      '--stream',
      'user-credential-usage-details',
      '--out',
      out,
    ]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('not recorded');
    expect(existsSync(`${out}/user-credential-usage-details`)).toBe(false);
  });
});

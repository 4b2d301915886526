import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, sluice } from './sluice.ts';

describe('sluice new', () => {
  it('asks nothing without a terminal, and writes into ./integrations unless told', async () => {
    const cwd = emptyFolder();

    const { exitCode, stdout, stderr } = await sluice(['new', 'acme'], { cwd });

    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('integrations/acme  valid, 1 case passed');
    expect(readdirSync(join(cwd, 'integrations', 'acme'))).toContain('integration.yaml');
  });

  it('writes into the folder of --integrations, which the commands it tells next then work with', async () => {
    const cwd = emptyFolder();

    const { stderr } = await sluice(['new', 'acme', '--auth', 'api-key', '--integrations', 'feeds'], { cwd });
    const told = [...stderr.matchAll(/npx sluice (.+?)(?: &&|$)/gm)].map(([, words = '']) => words.split(' '));

    expect(told.map(([command]) => command)).toEqual(['preview', 'validate', 'test']);
    for (const words of told.slice(0, 2)) expect((await sluice(words, { cwd })).exitCode).toBe(0);
    expect((await sluice(told[2] ?? [], { cwd })).stderr).toContain('1 case passed');
  });

  it('tells a machine the folder, its files and that all is well', async () => {
    const cwd = emptyFolder();

    const { exitCode, stdout } = await sluice(['new', 'acme', '--dir', 'feeds', '--json'], { cwd });

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      integration: 'acme',
      folder: join(cwd, 'feeds', 'acme'),
      streams: [{ stream: 'people', class: 'user_inventory' }],
      issues: [],
      cases: [{ passed: true }],
    });
  });

  it('writes nothing for a class that does not exist', async () => {
    const cwd = emptyFolder();

    const { exitCode, stderr } = await sluice(['new', 'acme', '--class', 'authentcation'], { cwd });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "authentication"?');
    expect(existsSync(join(cwd, 'integrations'))).toBe(false);
  });
});

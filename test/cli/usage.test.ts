import { describe, expect, it } from 'vitest';
import { emptyFolder, sluice } from './sluice.ts';

describe('a mistyped command line ends with exit code 2, advice on standard error, and nothing on standard output', () => {
  it.each([
    ['an unknown command', ['lst'], 'Did you mean "list"?'],
    ['an unknown flag', ['run', 'acme', '--strem', 'people'], 'Did you mean --stream?'],
    ['a missing integration', ['run'], 'sluice run --help'],
    ['a number that is none', ['run', 'acme', '--limit', 'many'], '--limit'],
    ['a limit of nothing', ['run', 'acme', '--limit', '0'], 'greater than or equal to 1'],
    ['a property without a value', ['run', 'acme', '--set', 'tenantId'], 'KEY=VALUE'],
    ['a sandbox option without a sandbox', ['run', 'acme', '--scale', '10'], '--sandbox'],
    ['a sandbox and an account', ['run', 'acme', '--sandbox', '--connection', 'c.yaml'], '--connection'],
    ['every stream and one stream', ['run', 'acme', '--all-streams', '--stream', 'people'], '--stream'],
    ['two sources of a preview', ['preview', 'acme', 'people', '--sandbox', '--source', 'a.json'], '--source'],
    ['an unknown integration', ['run', 'microsoft-entra-mfs'], 'Did you mean "microsoft-entra-mfa"?'],
    ['an integration far from any', ['explain', 'xyzzy'], 'microsoft-entra-mfa'],
    [
      'a stream the integration does not have',
      ['preview', 'microsoft-entra-mfa', 'device', '--sandbox'],
      'Did you mean "devices"?',
    ],
    ['a folder of integrations that is not there', ['list', '--integrations', 'nowhere'], 'nowhere'],
  ])('%s', async (_, args, advice) => {
    const { exitCode, stdout, stderr } = await sluice(args);

    expect(stderr).toContain(advice);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('records and a report cannot both have standard output', async () => {
    const { exitCode, stdout, stderr } = await sluice(
      ['run', 'microsoft-entra-mfa', '--sandbox', '--out', '-', '--json'],
      {
        cwd: emptyFolder(),
      },
    );

    expect(exitCode).toBe(2);
    expect(stderr).toContain('both want standard output');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'run/usage' } });
  });

  it('never repeats a value that may be a secret', async () => {
    const { stderr } = await sluice(['run', 'microsoft-entra-mfa', '--set', 'hunter2']);

    expect(stderr).not.toContain('hunter2');
  });

  it('tells a machine the same on standard output, as JSON', async () => {
    const { exitCode, stdout, stderr } = await sluice(['explain', 'microsoft-entra-mfs', '--json']);

    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'descriptor/not-found',
        message: 'There is no integration "microsoft-entra-mfs".',
        hint: 'Did you mean "microsoft-entra-mfa"?',
      },
    });
    expect(stderr).toContain('There is no integration');
  });
});

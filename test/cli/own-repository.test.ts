import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newIntegration } from '../../engine/index.ts';
import { schemasDir, scratchFolder } from '../support/scratch-integration.ts';
import { repository } from './sluice.ts';

type Workflow = { jobs: { feeds: { steps: { name?: string; uses?: string; run?: string }[] } } };
type Hooks = { repos: { hooks: { entry: string; files: string; pass_filenames: boolean }[] }[] };

const page = await readFile(join(repository, 'integrations', 'README.md'), 'utf8');
const workflow = parse(blockOf('.github/workflows/feeds.yml')) as Workflow; // the shape is what the tests go through
const [hook] = (parse(blockOf('.pre-commit-config.yaml')) as Hooks).repos[0]?.hooks ?? [];
const steps = workflow.jobs.feeds.steps.filter(({ run }) => run !== undefined);

describe('the workflow of integrations/README.md, as written', () => {
  it('installs, validates, tests and checks the guides', () => {
    expect(steps.map(({ name }) => name)).toEqual(['Install', 'Validate', 'Test', 'Check the guides']);
    expect(steps[0]?.run).toBe('npm ci');
  });

  it('is green for a feed that sluice new has written', async () => {
    const repo = await ownRepository();

    // The install step is replaced: ownRepository() links the working tree where npm ci would put the published package.
    for (const { run = '' } of steps.slice(1)) expect(await bash(run, repo)).toMatchObject({ exitCode: 0 });
  });

  it('is red for a feed with a mistake, which it marks at its line', async () => {
    const repo = await ownRepository();
    await misspell(repo);

    const { exitCode, stdout } = await bash(steps[1]?.run ?? '', repo);

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^::error file=feeds\/acme\/integration\.yaml,line=\d+/m);
  });
});

describe('the pre-commit hook of integrations/README.md, as written', () => {
  it('looks at every file of a feed', () => {
    expect('feeds/acme/mappings/people.jsonata').toMatch(new RegExp(hook?.files ?? '$^'));
    expect(hook?.pass_filenames).toBe(false);
  });

  it('lets a sound feed pass, and stops one with a mistake', async () => {
    const repo = await ownRepository();

    const sound = await bash(hook?.entry ?? '', repo);
    await misspell(repo);
    const faulty = await bash(hook?.entry ?? '', repo);

    expect(sound.exitCode, sound.stderr).toBe(0);
    expect(sound.stderr).toContain('1 case passed');
    expect(faulty.exitCode).toBe(1);
    expect(faulty.stderr).toContain('Did you mean "pagination"?');
  });
});

function blockOf(file: string): string {
  const [, text = ''] =
    new RegExp(`^\`\`\`yaml file=${file.replaceAll('.', '\\.')}\\n(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  return text;
}

/** A repository with one feed and Sluice installed from the working tree. */
async function ownRepository(): Promise<string> {
  const repo = await scratchFolder();
  await writeFile(join(repo, 'package.json'), '{ "private": true, "devDependencies": { "sluice": "*" } }');
  await mkdir(join(repo, 'node_modules', '.bin'), { recursive: true });
  await symlink(repository, join(repo, 'node_modules', 'sluice'));
  await symlink(join(repository, 'bin', 'run.js'), join(repo, 'node_modules', '.bin', 'sluice'));
  await newIntegration({ name: 'acme', dir: join(repo, 'feeds'), schemasDir });
  return repo;
}

async function misspell(repo: string): Promise<void> {
  const file = join(repo, 'feeds', 'acme', 'integration.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('    pagination:', '    paginaton:'));
}

type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** As a runner of workflows does: a line of bash, in the root of the repository. */
function bash(line: string, cwd: string): Promise<Ended> {
  const env = { ...process.env, PATH: `${join(cwd, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  return new Promise((resolve) => {
    execFile('bash', ['-eo', 'pipefail', '-c', line], { cwd, env }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

import { execFile } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { referencePage } from '../schemas/generate-reference.ts';
import { scratchFolder } from './support/scratch-integration.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const pages = (
  await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root })
).stdout
  .trim()
  .split('\n');

const read = (page: string) => readFile(join(root, page), 'utf8');

/** The fenced blocks of a page: what stands behind the fence, and the text. */
async function blocks(page: string): Promise<{ info: string; text: string }[]> {
  return [...(await read(page)).matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
    info: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

async function commands(page: string): Promise<string[]> {
  const texts = (await blocks(page)).filter(({ info }) => info === 'sh').map(({ text }) => text);
  return texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line.startsWith('npx sluice '));
}

async function sluice(command: string, cwd: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const words = command.replace(/^npx sluice /, '').split(/\s+/);
  try {
    return { code: 0, ...(await run(process.execPath, [join(root, 'bin/run.js'), ...words], { cwd })) };
  } catch (cause) {
    return cause as { code: number; stdout: string; stderr: string }; // what execFile rejects with
  }
}

describe.each(pages)('%s', (page) => {
  it('links to files that exist', async () => {
    const targets = [...(await read(page)).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');

    const missing: string[] = [];
    for (const target of targets) {
      await access(join(root, dirname(page), target)).catch(() => missing.push(target));
    }

    expect(missing).toEqual([]);
  });
});

describe('the commands of the README', async () => {
  const given = await commands('README.md');
  const complete = given.filter((command) => !command.includes('…'));
  const withAccount = given.filter((command) => command.includes('…'));

  it('are there', () => {
    expect(complete.length).toBeGreaterThanOrEqual(2);
    expect(withAccount.length).toBeGreaterThanOrEqual(2);
  });

  it.each(complete)('%s works as pasted', async (command) => {
    const { code, stderr } = await sluice(
      `${command}${command.includes(' run ') ? ` --out ${await scratchFolder()}` : ''}`,
      root,
    );

    expect(stderr).not.toBe('');
    expect(code).toBe(0);
  });

  it.each(withAccount)('%s names flags that its help knows', async (command) => {
    const { stdout, stderr } = await sluice(`${command.split(/\s+/).slice(0, 3).join(' ')} --help`, root);

    for (const flag of command.match(/--[a-z-]+/g) ?? []) expect(`${stdout}${stderr}`).toContain(flag);
  });
});

describe('the walk of integrations/README.md', () => {
  it('leads from nothing to a passing case', async () => {
    const dir = await scratchFolder();
    for (const { info, text } of await blocks('integrations/README.md')) {
      const [, path] = /file=(\S+)/.exec(info) ?? [];
      if (path === undefined) continue;
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
    const walk = await commands('integrations/README.md');

    const outcomes = [];
    for (const command of walk) outcomes.push({ command, ...(await sluice(command, dir)) });

    expect(walk.length).toBeGreaterThanOrEqual(4);
    expect(outcomes.at(-1)?.stderr).toContain('1 case passed');
    expect(outcomes.filter(({ code }) => code !== 0)).toEqual([]);
    const records = JSON.parse((await sluice(`${walk[0] ?? ''} --json`, dir)).stdout) as {
      record?: object;
      issues: object[];
    }[];
    expect(records).toMatchObject([
      { record: { user: { uid: 'p-1', has_mfa: true }, unmapped: { team: 'Blue' } }, issues: [] },
      { record: { user: { uid: 'p-2', has_mfa: false } }, issues: [] },
    ]);
  });
});

describe('integrations/REFERENCE.md', () => {
  it('says what the schemas say', async () => {
    const schema = async (name: string) =>
      JSON.parse(await read(`schemas/${name}`)) as Parameters<typeof referencePage>[0];

    expect(await read('integrations/REFERENCE.md')).toBe(
      referencePage(await schema('descriptor.schema.json'), await schema('errors.schema.json')),
    );
  });
});

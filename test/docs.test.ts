import { execFile } from 'node:child_process';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { referencePage } from '../schemas/generate-reference.ts';
import { type Ended, ended, repository, sluice, startSluice } from './cli/sluice.ts';
import { scratchFolder } from './support/scratch-integration.ts';

type Schema = Parameters<typeof referencePage>[0];

const walkPage = 'integrations/README.md';
const listed = await promisify(execFile)('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: repository,
});
const pages = listed.stdout.trim().split('\n');
const shellLines = (await Promise.all(pages.map(linesOf))).flat();
const commands = shellLines.filter(({ line }) => wordsOf(line) !== undefined);

/** A line that a reader must complete first, or that wants an account. */
const toComplete = /…|<[^>]+>|env:|file:|--connection/;
const pasted = commands.filter(({ page, line }) => page !== walkPage && !toComplete.test(line));

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', async () => {
    const targets = [...(await read(page)).matchAll(/\]\((?!https?:)([^)\s]+)/g)].map((match) => match[1] ?? '');

    const missing: string[] = [];
    for (const target of targets) if (!(await exists(page, target))) missing.push(target);

    expect(missing).toEqual([]);
  });
});

describe('the shell blocks of the pages', () => {
  it('hold only lines that a test here looks at', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> };
    const known = /^(export [A-Z_]+=|npm (?:run )?(\S+))/;

    const strange = shellLines.filter(({ line }) => {
      const [, setting, script] = known.exec(line) ?? [];
      return wordsOf(line) === undefined && (setting === undefined || (script !== undefined && !(script in scripts)));
    });

    expect(strange).toEqual([]);
  });

  it('show commands to paste, and commands for a real account, on the first page', () => {
    const ofReadme = commands.filter(({ page }) => page === 'README.md').map(({ line }) => toComplete.test(line));

    expect(ofReadme.filter((complete) => !complete).length).toBeGreaterThanOrEqual(2);
    expect(ofReadme.filter((complete) => complete).length).toBeGreaterThanOrEqual(2);
  });

  it.each(commands.map(inTitle))('%s: %s names flags that its help knows', async (_page, line) => {
    const words = wordsOf(line) ?? [];

    const { stdout, stderr, exitCode } = await sluice([words[0] ?? '', '--help']);

    expect(exitCode, stderr).toBe(0);
    const known = stdout.match(/--[a-z][a-z-]*/g) ?? [];
    for (const word of words.filter((each) => each.startsWith('--'))) expect(known).toContain(word.split('=')[0]);
  });

  it.each(pasted.map(inTitle))('%s: %s works as pasted', async (_page, line) => {
    const { stdout, stderr, exitCode } = await paste(wordsOf(line) ?? []);

    expect(`${stdout}${stderr}`).not.toBe('');
    expect([0, 1], stderr).toContain(exitCode);
  });
});

describe(`the walk of ${walkPage}`, () => {
  it('leads from nothing to a passing case', async () => {
    const dir = await layOutWalk();
    const walk = commands
      .filter(({ page, line }) => page === walkPage && !toComplete.test(line))
      .map(({ line }) => wordsOf(line) ?? []);

    const outcomes = [];
    for (const words of walk) outcomes.push({ words, ...(await sluice(words, { cwd: dir })) });

    const commandsOfWalk = ['new', 'preview', 'validate', 'test', 'preview', 'validate', 'test', 'test', 'test'];
    expect(walk.map(([command]) => command)).toEqual(commandsOfWalk);
    expect(outcomes.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(outcomes[3]?.stderr).toContain('1 case passed');
    expect(outcomes.at(-1)?.stderr).toContain('1 case passed');
  });

  it('gives the records and the rejection that the page promises', async () => {
    const dir = await layOutWalk();
    const walk = commands.filter(({ page }) => page === walkPage).map(({ line }) => wordsOf(line) ?? []);
    const preview = walk.find(([command, integration]) => command === 'preview' && integration === 'acme');

    const good = await previewed([...(preview ?? []), '--json'], dir);
    const source = join(dir, 'wrong.json');
    await writeFile(source, JSON.stringify({ data: [row({}), row({ mfa: 'yes' }), row({ updated: '2026-13-04' })] }));
    const wrong = await previewed(
      ['preview', 'acme', 'people', '--source', source, '--integrations', 'my-feeds', '--json'],
      dir,
    );

    expect(good).toMatchObject([
      { record: { user: { uid: 'p-1', has_mfa: true }, unmapped: { team: 'Blue' } }, issues: [] },
      { record: { user: { uid: 'p-2', has_mfa: false } }, issues: [] },
    ]);
    expect(wrong.map(({ issues }) => issues.map(({ code, pointer }) => [code, pointer]))).toEqual([
      [],
      [['ocsf/wrong-type', '/user/has_mfa']],
      [['ocsf/wrong-type', '/time']],
    ]);
  });
});

describe('integrations/REFERENCE.md', async () => {
  const page = await read('integrations/REFERENCE.md');
  const descriptor = await schema('descriptor.schema.json');
  const errors = await schema('errors.schema.json');
  const setup = await schema('setup.schema.json');

  it('says what the schemas say (npm run generate:reference)', () => {
    expect(page).toBe(referencePage(descriptor, errors, setup));
  });

  it('gives every key a value and a meaning', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| `'));

    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((line) => !/^\| `[^`]+` \| \S.* \| \S.* \|$/.test(line))).toEqual([]);
  });

  it('shows each kind of each union', () => {
    const kinds = Object.entries(descriptor.$defs ?? {}).flatMap(([name, { allOf = [] }]) =>
      allOf.map(({ if: when }) => `### ${name}: ${String(when.properties?.['kind']?.const)}\n`),
    );

    expect(kinds).toContain('### pagination: cursor\n');
    expect(kinds.filter((heading) => !page.includes(heading))).toEqual([]);
  });
});

/** Printed whole; vitest cuts `$line` short. */
function inTitle({ page, line }: { page: string; line: string }): [string, string] {
  return [page, line];
}

function read(page: string): Promise<string> {
  return readFile(join(repository, page), 'utf8');
}

async function schema(name: string): Promise<Schema> {
  return JSON.parse(await read(`schemas/${name}`)) as Schema; // our own file
}

/** The fenced blocks of a page: what stands behind the fence, and the text. */
async function blocks(page: string): Promise<{ info: string; text: string }[]> {
  return [...(await read(page)).matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
    info: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** The lines of a page's shell blocks, without comments; a line broken by a backslash is one line. */
async function linesOf(page: string): Promise<{ page: string; line: string }[]> {
  return (await blocks(page))
    .filter(({ info }) => info === 'sh')
    .flatMap(({ text }) => text.replace(/\\\n\s*/g, '').split('\n'))
    .map((line) => ({ page, line: line.replace(/(^|\s+)#.*$/, '').trim() }))
    .filter(({ line }) => line !== '');
}

/** What follows the name of the command; the rest of a pipe is not ours to test. `undefined` for another program. */
function wordsOf(line: string): string[] | undefined {
  const [, words] = /^(?:npx sluice|node bin\/run\.js)\s+(.*?)(?:\s+[|>].*)?$/.exec(line) ?? [];
  return words?.split(/\s+/);
}

async function exists(page: string, target: string): Promise<boolean> {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  try {
    await access(join(repository, file));
    return heading === undefined || headingsOf(await read(file)).includes(heading);
  } catch {
    return false;
  }
}

/** Anchors as GitHub makes them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Runs a command as it stands, but into a scratch folder, at a small scale, and stopped where it would serve for ever. */
async function paste(words: readonly string[]): Promise<Ended> {
  const small = words.map((word, index) => (words[index - 1] === '--scale' ? '100' : word));
  if (words[0] === 'run' && !words.includes('--out')) return sluice([...small, '--out', await scratchFolder()]);
  if (words[0] !== 'sandbox') return sluice(small);
  const serving = startSluice(small);
  serving.stderr?.once('data', () => serving.kill('SIGINT'));
  return ended(serving);
}

/** A folder with the files of the walk as the page shows them. */
async function layOutWalk(): Promise<string> {
  const dir = await scratchFolder();
  for (const { info, text } of await blocks(walkPage)) {
    const [, path] = /file=(\S+)/.exec(info) ?? [];
    if (path === undefined) continue;
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
  return dir;
}

type Previewed = { record?: object; issues: { code: string; pointer?: string }[] };

async function previewed(words: readonly string[], cwd: string): Promise<Previewed[]> {
  return JSON.parse((await sluice(words, { cwd })).stdout) as Previewed[]; // the shape is what is asserted
}

function row(fields: object): object {
  return { id: 'p-3', login: 'ada@acme.example', name: 'Ada Brook', mfa: true, updated: null, ...fields };
}

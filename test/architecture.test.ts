import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** ARCHITECTURE.md, "Which way imports go", as a table: room → the rooms it may import from, itself aside. */
const below = ['records', 'descriptor', 'schema', 'diagnostics', 'durable-file', 'json-pointer'];
const mayImport: { readonly [room: string]: readonly string[] } = {
  bin: ['index'],
  index: ['editor', 'run', 'guide', 'descriptor', 'diagnostics', 'json-pointer'],
  editor: ['run', 'mapping', 'ocsf', ...below],
  run: [
    ...['auth', 'fetch', 'mapping', 'ocsf', 'permissions'],
    ...['sink', 'state', 'derive'],
    ...['record', 'sandbox', 'scaffold', 'import', 'guide'],
    ...below,
  ],
  auth: below,
  fetch: below,
  mapping: below,
  ocsf: below,
  permissions: below,
  sink: below,
  state: below,
  derive: below,
  record: below,
  sandbox: below,
  scaffold: below,
  import: below,
  guide: below,
  descriptor: ['records', 'schema', 'diagnostics', 'json-pointer'],
  records: ['diagnostics'],
  schema: ['diagnostics'],
  diagnostics: [],
  // Writes a file so that a crash leaves the old or the new one: state and manifest both need it, and know no one else.
  'durable-file': [],
  // Reads and writes the pointers by which descriptors, issues and records name a value: most rooms need it.
  'json-pointer': ['records'],
  schemas: ['ocsf', 'permissions', ...below],
};

/** Each third-party package enters in one room. */
const packageRooms: { readonly [name: string]: readonly string[] } = {
  yaml: ['descriptor'],
  scslre: ['descriptor'],
  ajv: ['schema'],
  'ajv-formats': ['schema'],
  got: ['fetch'],
  'http-link-header': ['fetch'],
  'csv-parse': ['fetch'],
  fflate: ['fetch'],
  oauth4webapi: ['auth'],
  jose: ['auth'],
  jsonata: ['mapping'],
  'p-limit': ['run'],
  piscina: ['run'],
  canonicalize: ['run'],
  'fastest-levenshtein': ['diagnostics'],
  '@apidevtools/json-schema-ref-parser': ['scaffold'],
  '@oclif/core': ['bin'],
  listr2: ['bin'],
  'cli-table3': ['bin'],
  chokidar: ['bin'],
  'node-sarif-builder': ['bin'],
  '@inquirer/prompts': ['bin'],
  'vscode-languageserver': ['bin'],
  'vscode-languageserver-textdocument': ['bin'],
};

const root = join(import.meta.dirname, '..');

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  return entries.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** engine/fetch/send.ts → fetch; engine/records.ts → records; bin/commands/run.ts → bin */
function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'engine' ? second.replace(/\.ts$/, '') : top;
}

type Import = { readonly file: string; readonly target: string };

async function imports(): Promise<Import[]> {
  const files = (await Promise.all(['bin', 'engine', 'schemas'].map(sourceFiles))).flat();
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8');
      const targets = [...text.matchAll(/(?:^import|^export|^\} from|(?<!')\bfrom|\bimport\()\s*'([^'\n]+)'/gm)].map(
        (match) => match[1] ?? '',
      );
      return targets.map((target) => ({ file, target }));
    }),
  );
  return found.flat();
}

describe('imports', async () => {
  const all = await imports();

  it('are found at all', () => {
    expect(all.length).toBeGreaterThan(200);
  });

  it('go downwards only, and never between neighbours', () => {
    const wrong = all
      .filter(({ target }) => target.startsWith('.'))
      .map(({ file, target }) => ({
        file,
        target,
        from: roomOf(file),
        to: roomOf(relative(root, join(root, dirname(file), target))),
      }))
      .filter(({ from, to }) => from !== to && !(mayImport[from] ?? []).includes(to))
      .map(({ file, target }) => `${file} imports ${target}`);

    expect(wrong).toEqual([]);
  });

  it('bring each package in through one room', () => {
    const wrong = all
      .filter(({ target }) => !target.startsWith('.') && !target.startsWith('node:'))
      .filter(({ file, target }) => {
        const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? '');
        return !(packageRooms[name] ?? []).includes(roomOf(file));
      })
      .map(({ file, target }) => `${file} imports ${target}`);

    expect(wrong).toEqual([]);
  });
});

describe('the engine', () => {
  it('has no line about a vendor', async () => {
    const files = await sourceFiles('engine');
    const texts = await Promise.all(
      files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })),
    );

    const told = texts
      .filter(({ text }) => /microsoft|entra\b|azure|graph\.|aadsts|okta|crowdstrike|tenable|\bduo\b/i.test(text))
      .map(({ file }) => file);

    expect(told).toEqual([]);
  });
});

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { JsonValue } from '../records.ts';
import type { CaseInput } from './case-output.ts';
import { type Integration, streamNamed } from './integrations.ts';

/** The golden case of a stream: a folder with `source.json` or `rows.json`, and what is expected. */
export type CaseFolder = { readonly stream: Stream; readonly folder: string };

/** All cases of an integration, by stream and name: `cases/<stream>/<case-name>/`. */
export async function findCases({ descriptor, folder }: Integration): Promise<CaseFolder[]> {
  const root = join(folder, 'cases');
  const found: CaseFolder[] = [];
  for (const streamName of await subfolders(root)) {
    const stream = streamNamed(descriptor, streamName);
    for (const name of await subfolders(join(root, streamName)))
      found.push({ stream, folder: join(root, streamName, name) });
  }
  return found;
}

export async function readCaseInput(folder: string): Promise<CaseInput> {
  const rows = await readJson(join(folder, 'rows.json'));
  const source = await readJson(join(folder, 'source.json'));
  if (rows !== undefined) return { rows };
  if (source !== undefined) return { source };
  throw new CannotRunError('case/unreadable', `${folder} has neither source.json nor rows.json.`, {
    hint: 'Save an answer of the vendor as source.json.',
  });
}

/** `undefined` where there is no such file. */
export async function readJson(path: string): Promise<JsonValue | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonValue; // what JSON.parse gives is JSON
  } catch (cause) {
    throw new CannotRunError(
      'case/unreadable',
      `${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
    );
  }
}

async function subfolders(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const kinds = await Promise.all(
    names.map(async (name) => ({ name, isFolder: (await stat(join(folder, name))).isDirectory() })),
  );
  return kinds
    .filter(({ isFolder }) => isFolder)
    .map(({ name }) => name)
    .sort();
}

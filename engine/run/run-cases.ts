import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Stream } from '../descriptor/descriptor.ts';
import { CannotRunError, EngineError } from '../diagnostics/engine-error.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import type { JsonValue } from '../records.ts';
import { type CaseOutput, caseOutput } from './case-output.ts';
import { differences } from './differences.ts';
import { findIntegrations, type Integration, loadIntegration, streamNamed } from './integrations.ts';
import type { CaseResult, CasesRequest } from './requests.ts';

/** Runs the golden cases of the integrations: `cases/<stream>/<case-name>/` with `source.json` (or `rows.json`) and what is expected. */
export async function runCases({ places, integrations, update }: CasesRequest): Promise<CaseResult[]> {
  const names = integrations ?? [...(await findIntegrations(places)).keys()];
  const results: CaseResult[] = [];
  for (const name of names) {
    const integration = await loadIntegration(places, name);
    for (const { stream, folder } of await findCases(integration)) {
      results.push(await runCase(integration, stream, folder, places.schemasDir, update === true));
    }
  }
  return results;
}

type CaseFolder = { readonly stream: Stream; readonly folder: string };

async function findCases({ descriptor, folder }: Integration): Promise<CaseFolder[]> {
  const root = join(folder, 'cases');
  const found: CaseFolder[] = [];
  for (const streamName of await subfolders(root)) {
    const stream = streamNamed(descriptor, streamName);
    for (const name of await subfolders(join(root, streamName)))
      found.push({ stream, folder: join(root, streamName, name) });
  }
  return found;
}

async function runCase(
  integration: Integration,
  stream: Stream,
  folder: string,
  schemasDir: string,
  update: boolean,
): Promise<CaseResult> {
  const result = { integration: integration.descriptor.name, stream: stream.name, name: basename(folder) };
  try {
    const output = await outputOf(integration, stream, folder, schemasDir);
    const found = [
      ...(await compareFile(join(folder, 'expected.json'), output.records, update)),
      ...(await compareFile(join(folder, 'expected-issues.json'), output.rejected, update)),
    ];
    const rewritten = update && found.length > 0;
    return {
      ...result,
      passed: rewritten || found.length === 0,
      differences: found,
      ...(rewritten ? { rewritten: true } : {}),
    };
  } catch (cause) {
    if (!(cause instanceof MappingFailure) && !(cause instanceof EngineError)) throw cause;
    return { ...result, passed: false, differences: [cause.message] };
  }
}

/** A missing file is an empty list. With `update` the file is rewritten where it differs, and removed where nothing is left. */
async function compareFile(path: string, got: readonly unknown[], update: boolean): Promise<string[]> {
  const expected = (await readJson(path)) ?? [];
  const plain = JSON.parse(JSON.stringify(got)) as JsonValue[]; // JSON out and in is JSON
  const found = differences(expected, plain, basename(path));
  if (!update || found.length === 0) return found;
  if (plain.length === 0) await rm(path, { force: true });
  else await writeFile(path, `${JSON.stringify(plain, null, 2)}\n`);
  return found;
}

async function outputOf(
  integration: Integration,
  stream: Stream,
  folder: string,
  schemasDir: string,
): Promise<CaseOutput> {
  const rows = await readJson(join(folder, 'rows.json'));
  const source = await readJson(join(folder, 'source.json'));
  if (rows !== undefined) return caseOutput(integration, stream, { rows }, schemasDir);
  if (source !== undefined) return caseOutput(integration, stream, { source }, schemasDir);
  throw new CannotRunError('case/unreadable', `${folder} has neither source.json nor rows.json.`, {
    hint: 'Save an answer of the vendor as source.json.',
  });
}

async function readJson(path: string): Promise<JsonValue | undefined> {
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

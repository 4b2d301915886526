import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { CannotRunError, EngineError } from '../diagnostics/engine-error.ts';
import { splitRows } from '../fetch/split-rows.ts';
import { MappingFailure } from '../mapping/load-mapping.ts';
import type { JsonObject, JsonValue, Outcome } from '../records.ts';
import { createDerivedSources } from './derived-sources.ts';
import { differences } from './differences.ts';
import { findIntegrations, type Integration, loadIntegration, streamNamed } from './integrations.ts';
import { createRowMapper, type RunFacts } from './map-row.ts';
import { mapRows } from './map-rows.ts';
import type { CaseResult, CasesRequest } from './requests.ts';
import { standInConnection } from './stand-in-connection.ts';

/** What a case is mapped with, so that it gives the same record every time and everywhere. */
const caseTime = new Date('2026-03-04T05:06:07.000Z');
const caseReceivedAt = new Date(caseTime.getTime() + 1000);

/** What a case gives: the accepted records in order, and the rows that were rejected. */
export type CaseOutput = { readonly records: readonly JsonObject[]; readonly rejected: readonly RejectedRow[] };

type RejectedRow = {
  readonly row: number;
  readonly issues: readonly { readonly code: string; readonly pointer: string }[];
};

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
    const output = await caseOutput(integration, stream, folder, schemasDir);
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

/** Maps a case's source, or computes the stream from a case's rows. */
async function caseOutput(
  integration: Integration,
  stream: Stream,
  folder: string,
  schemasDir: string,
): Promise<CaseOutput> {
  const facts = caseFacts(integration.descriptor);
  const rows = await readJson(join(folder, 'rows.json'));
  const source = await readJson(join(folder, 'source.json'));
  if (rows === undefined && source === undefined) {
    throw new CannotRunError('case/unreadable', `${folder} has neither source.json nor rows.json.`, {
      hint: 'Save an answer of the vendor as source.json.',
    });
  }
  const origin = { integration: integration.descriptor.name, stream: stream.name, page: 1 };
  const derived = rows === undefined || stream.derive === undefined ? {} : { derivedFrom: stream.derive.from };
  const taken =
    rows === undefined
      ? splitRows(stream.records, source ?? null)
      : await derivedRows(integration.descriptor, stream, rows, facts);
  const mapper = await createRowMapper(integration, stream, schemasDir, facts);
  const mapped = await mapRows(taken, mapper, { ...origin, ...derived }, { receivedAt: caseReceivedAt, url: '' });
  const outcomes = mapped.map(({ outcome }) => outcome);
  return {
    records: outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.record] : [])),
    rejected: outcomes.flatMap((outcome) => (outcome.kind === 'rejected' ? [rejectedRow(outcome)] : [])),
  };
}

async function derivedRows(
  descriptor: Descriptor,
  stream: Stream,
  rows: JsonValue,
  facts: RunFacts,
): Promise<unknown[]> {
  const derived = createDerivedSources(descriptor, [stream], facts);
  for (const row of Array.isArray(rows) ? rows : []) {
    // A case's rows are the objects that a run would feed.
    await derived.feed(stream.derive?.from ?? '', row as JsonObject);
  }
  return (await derived.records(stream.name)) ?? [];
}

function rejectedRow({ origin, issues }: Outcome & { kind: 'rejected' }): RejectedRow {
  return { row: origin.row, issues: issues.map(({ code, pointer }) => ({ code, pointer: pointer ?? '' })) };
}

function caseFacts(descriptor: Descriptor): RunFacts {
  return { runId: 'case', startedAt: caseTime, now: () => caseReceivedAt, ...standInConnection(descriptor) };
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

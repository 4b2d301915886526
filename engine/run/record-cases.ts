import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Descriptor } from '../descriptor/descriptor.ts';
import { resolveConnection } from '../descriptor/resolve-connection.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { formOf } from '../record/forms.ts';
import { type Leak, pseudonymise, type Pseudonymised } from '../record/pseudonymise.ts';
import type { JsonValue } from '../records.ts';
import { caseOutput, caseTime } from './case-output.ts';
import { type Capture, captureStream, type NotCaptured } from './capture-stream.ts';
import { type Integration, loadIntegration } from './integrations.ts';
import { openSource, type Source } from './open-source.ts';
import { type Decisions, readDecisions } from './record-decisions.ts';
import { fieldFacts } from './recorded-fields.ts';
import type { RecordedCase, RecordReport, RecordRequest } from './requests.ts';
import { selectStreams } from './run-integration.ts';
import { standInConnection } from './stand-in-connection.ts';

/**
 * Captures an answer of each stream as a golden case, with everything that is anybody's replaced.
 *
 * Nothing is written while a field cannot be classified, or while anything of the answers would be left: then
 * `written` is false, and `unclassified` or `leaks` say where. Streams the source does not give are in `notRecorded`.
 */
export async function recordCases(request: RecordRequest): Promise<RecordReport> {
  const integration = await loadIntegration(request.places, request.integration);
  const { descriptor, folder } = integration;
  const streams = selectStreams(descriptor, request.streams === undefined ? {} : { streams: request.streams });
  const out = request.outDir ?? join(folder, 'cases');
  const folders = new Map(streams.map(({ name }) => [name, join(out, name, request.caseName)]));
  if (!request.replace) await refuseToOverwrite([...folders.values()]);
  const decisions = await readDecisions(integration, request.decisions, request.places.schemasDir);
  const connection = await resolveConnection(descriptor, request.connection);
  const source = openSource(descriptor, connection, { pace: request.pace, signal: request.signal });
  try {
    await source.authorise();
    const read: (Capture | NotCaptured)[] = [];
    for (const stream of streams) read.push(await captureStream(stream, source, request));
    const captures = read.filter((each) => 'rows' in each);
    const notRecorded = read.filter((each) => 'reason' in each);
    return { ...(await recordCaptures(integration, captures, { request, source, decisions, folders })), notRecorded };
  } finally {
    source.close();
  }
}

type Recording = {
  readonly request: RecordRequest;
  readonly source: Source;
  readonly decisions: Decisions;
  readonly folders: ReadonlyMap<string, string>;
};

async function recordCaptures(
  integration: Integration,
  captures: readonly Capture[],
  { request, source, decisions, folders }: Recording,
): Promise<Omit<RecordReport, 'notRecorded'>> {
  const { schemasDir } = request.places;
  const captured = [];
  for (const capture of captures) {
    const facts = await fieldFacts(integration, capture, decisions, schemasDir);
    captured.push({ stream: capture.stream.name, document: capture.document, facts });
  }
  const made = pseudonymise(captured, {
    key: randomBytes(32),
    clock: caseTime,
    connectionValues: connectionValues(integration.descriptor, source),
    secrets: source.secrets(),
    publicText: await publicText(integration),
  });
  const drafts = [];
  for (const [index, capture] of captures.entries()) {
    const document = made.documents[index] ?? null;
    const folder = folders.get(capture.stream.name) ?? '';
    drafts.push(await draftCase(integration, capture, document, { folder, name: request.caseName, schemasDir, made }));
  }
  const leaks = [...made.leaks, ...drafts.flatMap(({ leaks: found }) => found)];
  const written = made.unclassified.length === 0 && leaks.length === 0 && drafts.length > 0;
  if (written) for (const { files, recorded } of drafts) await writeCase(recorded.folder, files);
  return {
    integration: integration.descriptor.name,
    written,
    cases: drafts.map(({ recorded }) => ({ ...recorded, folder: shortPath(recorded.folder) })),
    fields: made.fields,
    unclassified: made.unclassified,
    leaks,
  };
}

type Draft = {
  readonly recorded: RecordedCase;
  readonly files: ReadonlyMap<string, JsonValue>;
  readonly leaks: readonly Leak[];
};

type DraftSettings = {
  readonly folder: string;
  readonly name: string;
  readonly schemasDir: string;
  readonly made: Pseudonymised;
};

/** What the mapping makes of the case goes the same way as `sluice test --update` would write it, and is searched as well. */
async function draftCase(
  integration: Integration,
  { stream, from, rows }: Capture,
  document: JsonValue,
  { folder, name, schemasDir, made }: DraftSettings,
): Promise<Draft> {
  const isDerived = stream !== from;
  const output = await caseOutput(
    integration,
    stream,
    isDerived ? { rows: document } : { source: document },
    schemasDir,
  );
  const expected = JSON.parse(JSON.stringify({ records: output.records, rejected: output.rejected })) as {
    records: JsonValue[];
    rejected: JsonValue[];
  }; // JSON out and in is JSON
  const files = new Map<string, JsonValue>([[isDerived ? 'rows.json' : 'source.json', document]]);
  if (expected.records.length > 0) files.set('expected.json', expected.records);
  if (expected.rejected.length > 0) files.set('expected-issues.json', expected.rejected);
  return {
    files,
    leaks: [...files].slice(1).flatMap(([file, value]) => made.findLeaks(value, stream.name, file)),
    recorded: {
      stream: stream.name,
      name,
      folder,
      files: [...files.keys()],
      rows: rows.length,
      records: output.records.length,
      rejected: output.rejected.length,
      ...(isDerived ? { derivedFrom: from.name } : {}),
    },
  };
}

async function refuseToOverwrite(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const exists = await stat(folder).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    throw new CannotRunError('record/case-exists', `There is a case at ${shortPath(folder)} already.`, {
      hint: 'Give another name with --case, or --replace to write over it.',
    });
  }
}

async function writeCase(folder: string, files: ReadonlyMap<string, JsonValue>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, value] of files) await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** Values of the connection that the descriptor does not name itself, each with what a case has in its place. */
function connectionValues(descriptor: Descriptor, { connection, tenantUid }: Source): Map<string, string | undefined> {
  const standIn = standInConnection(descriptor);
  const values = new Map<string, string | undefined>();
  for (const [name, value] of Object.entries(connection.values)) {
    if (isPublic(descriptor, name, value)) continue;
    const instead = standIn.connection[name];
    values.set(value, formOf(value) === formOf(String(instead)) && instead !== undefined ? String(instead) : undefined);
    if (URL.canParse(value) && new URL(value).hostname.length > 0) values.set(new URL(value).hostname, undefined);
  }
  if (tenantUid !== undefined && !values.has(tenantUid)) values.set(tenantUid, undefined);
  return values;
}

function isPublic({ connection: { properties } }: Descriptor, name: string, value: string): boolean {
  const property = properties[name];
  if (property === undefined || property.secret) return false;
  const choices = Object.values(properties).flatMap((each) => Object.entries(each.choices ?? {}));
  return (
    property.default === value ||
    property.enum?.includes(value) === true ||
    choices.some(([choice, { sets }]) => choice === value || sets[name] === value)
  );
}

/** The feed's own text, which is in git. */
async function publicText({ folder }: Integration): Promise<string> {
  const texts = [await readFile(join(folder, 'integration.yaml'), 'utf8')];
  for (const inside of ['mappings', 'derivations']) {
    const names = await readdir(join(folder, inside)).catch(() => []);
    for (const name of names) texts.push(await readFile(join(folder, inside, name), 'utf8'));
  }
  return texts.join('\n');
}

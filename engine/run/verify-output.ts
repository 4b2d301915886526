import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { prepareClass } from '../ocsf/prepare-class.ts';
import { loadRelease } from '../ocsf/release.ts';
import { isJsonObject, type JsonObject } from '../records.ts';
import { createIdsHash } from '../sink/ids-hash.ts';
import { readManifest, type WrittenByRun } from '../sink/manifest.ts';
import { fileSize } from '../sink/ndjson/line-file.ts';
import type { RunReport } from './run-report.ts';
import type { Places } from './run-request.ts';
import { createSeenKeys } from './seen-keys.ts';
import { recordsFile } from './stream-output.ts';

export type VerifyRequest = { readonly places: Places; readonly dir: string };

/** What a finished output says of itself, and whether that is so. */
export type Verification = {
  readonly dir: string;
  readonly files: readonly VerifiedFile[];
  /** What of the output as a whole is not as it should be. */
  readonly differences: readonly string[];
};

export type VerifiedFile = {
  readonly file: string;
  readonly runs: number;
  readonly records: number;
  /** In words, the first of them; `more` counts the rest. */
  readonly differences: readonly string[];
  readonly more: number;
};

const mostDifferences = 10;

/**
 * Reads a finished output again: every line must be a valid record of its class, no record may come twice in a run, and
 * bytes, counts and ids of each run must be those that manifest and report tell. Throws `run/no-output` where there is
 * no manifest.
 */
export async function verifyOutput({ places, dir }: VerifyRequest): Promise<Verification> {
  const { files } = await readManifest(dir);
  if (Object.keys(files).length === 0) {
    throw new CannotRunError('run/no-output', `${dir} has no manifest.json that tells of a run.`, {
      hint: 'Give the folder that a run had as --out.',
    });
  }
  const verified: VerifiedFile[] = [];
  for (const [file, runs] of Object.entries(files)) {
    verified.push(await verifyFile(join(dir, file), file, runs, places.schemasDir));
  }
  return { dir, files: verified, differences: await againstReport(dir, files) };
}

async function verifyFile(
  path: string,
  file: string,
  runs: readonly WrittenByRun[],
  schemasDir: string,
): Promise<VerifiedFile> {
  const told: string[] = [];
  let more = 0;
  const tell = (difference: string) => {
    if (told.length < mostDifferences) told.push(difference);
    else more += 1;
  };
  const size = await fileSize(path);
  const expected = runs.at(-1)?.to ?? 0;
  if (size === undefined) tell('The file is missing.');
  else if (size !== expected) tell(`It has ${size} bytes, where the manifest tells of ${expected}.`);
  let records = 0;
  let line = 0;
  for (const run of size === undefined ? [] : runs) {
    const seen = createSeenKeys();
    const ids = createIdsHash();
    let ofRun = 0;
    for await (const text of linesOf(path, run)) {
      line += 1;
      ofRun += 1;
      const found = await verifyLine(text, schemasDir);
      if (found.wrong !== undefined) tell(`Line ${line}: ${found.wrong}`);
      if (found.uid === undefined) continue;
      ids.add(found.uid);
      if (!seen.add(found.uid)) tell(`Line ${line}: metadata.uid ${found.uid} came before in the same run.`);
    }
    records += ofRun;
    if (ofRun !== run.records) tell(`Run ${run.runId} wrote ${run.records} records; there are ${ofRun}.`);
    else if (ids.value() !== run.ids) tell(`Run ${run.runId}: the ids of its records are not those it wrote.`);
  }
  return { file, runs: runs.length, records, differences: told, more };
}

async function* linesOf(path: string, { from, to }: WrittenByRun): AsyncGenerator<string> {
  if (to <= from) return;
  const input = createReadStream(path, { start: from, end: to - 1 });
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

type LineFound = { readonly uid?: string; readonly wrong?: string };

async function verifyLine(text: string, schemasDir: string): Promise<LineFound> {
  let record: JsonObject;
  try {
    record = JSON.parse(text) as JsonObject; // what is no object fails with the next line
    if (typeof record !== 'object') return { wrong: 'it is no JSON object.' };
  } catch {
    return { wrong: 'it is not JSON.' };
  }
  const metadata = isJsonObject(record['metadata']) ? record['metadata'] : {};
  const uid = typeof metadata['uid'] === 'string' ? { uid: metadata['uid'] } : {};
  try {
    const [first] = await violations(record, metadata, schemasDir);
    return first === undefined ? uid : { ...uid, wrong: `not valid: ${first}.` };
  } catch (cause) {
    if (!(cause instanceof CannotRunError)) throw cause;
    return { ...uid, wrong: cause.message };
  }
}

async function violations(record: JsonObject, metadata: JsonObject, schemasDir: string): Promise<string[]> {
  const version = typeof metadata['version'] === 'string' ? metadata['version'] : '';
  const profiles = Array.isArray(metadata['profiles']) ? metadata['profiles'].map(String) : [];
  const { classes } = await loadRelease(schemasDir, version);
  const name = Object.keys(classes).find((candidate) => classes[candidate]?.uid === record['class_uid']);
  if (name === undefined) return [`class_uid ${JSON.stringify(record['class_uid'])} is no class of OCSF ${version}`];
  const { checkSchema } = await prepareClass(schemasDir, version, name, profiles, { unknownProfiles: 'leave-out' });
  return checkSchema(record).map(({ pointer, message }) => `${pointer} ${message}`.trim());
}

/** The report tells of the last run only: what it says to have accepted must be the last that the manifest tells. */
async function againstReport(
  dir: string,
  files: { readonly [file: string]: readonly WrittenByRun[] },
): Promise<string[]> {
  let report: RunReport;
  try {
    report = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as RunReport; // written by a run
  } catch {
    return ['report.json is missing or cannot be read.'];
  }
  return report.streams.flatMap(({ stream, accepted, certificate, resumed }) => {
    const runId = resumed?.runId ?? report.runId;
    const written = files[recordsFile(stream)]?.find((run) => run.runId === runId);
    if (written === undefined)
      return accepted === 0 ? [] : [`The report tells of ${accepted} records of ${stream}, the manifest of none.`];
    return [
      ...(written.records === accepted
        ? []
        : [`The report tells of ${accepted} records of ${stream}, the manifest of ${written.records}.`]),
      ...(certificate === undefined || certificate.ids === written.ids
        ? []
        : [`Report and manifest tell of different ids of ${stream}.`]),
    ];
  });
}

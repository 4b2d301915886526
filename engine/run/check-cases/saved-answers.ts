import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stream } from '../../descriptor/descriptor.ts';
import { readJsonFile } from '../../descriptor/json-file.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import { StreamError } from '../../diagnostics/engine-error.ts';
import { shortPath } from '../../diagnostics/short-path.ts';
import { splitRows } from '../../fetch/split-rows.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { answerRecords } from '../answer-records.ts';
import { type FeedFiles, foldersIn } from '../feed-files.ts';

/** What the golden cases of a stream tell of its source. */
export type SavedAnswers = {
  readonly stream: Stream;
  /** The bodies of `source.json`. */
  readonly answers: readonly JsonValue[];
  /** The rows of those answers, and those that cases of streams derived from this one hold in `rows.json`. */
  readonly rows: readonly JsonObject[];
  /** Why an answer gives no rows, for each that gives none. */
  readonly unsplit: readonly string[];
};

/** A larger case may be right, but says nothing more than smaller ones. */
const maxBytes = 1_000_000;

/** Reads the cases of streams. A file that is no JSON is an issue, and left out. */
export async function readSavedAnswers(
  streams: readonly Stream[],
  files: FeedFiles,
): Promise<{ readonly saved: readonly SavedAnswers[]; readonly issues: readonly Issue[] }> {
  const issues: Issue[] = [];
  const read = await Promise.all(streams.map((stream) => readCases(stream, files, issues)));
  const saved = read.map(({ stream, answers }) => {
    const derivedRows = read.filter((other) => other.stream.derive?.from === stream.name).flatMap(({ rows }) => rows);
    const split = answers.map((answer) => rowsOf(stream, answer));
    return {
      stream,
      answers,
      rows: [...split.flatMap(({ rows }) => rows), ...derivedRows.flat()].filter(isJsonObject),
      unsplit: split.flatMap(({ why }) => (why === undefined ? [] : [why])),
    };
  });
  return { saved, issues };
}

async function readCases(stream: Stream, { folder, caseFolders }: FeedFiles, issues: Issue[]) {
  const root = join(folder, 'cases', stream.name);
  const cases = caseFolders.includes(stream.name) ? await foldersIn(root) : [];
  const read = async (file: string) =>
    (await Promise.all(cases.map((name) => readCase(join(root, name, file), issues)))).filter(
      (value) => value !== undefined,
    );
  const [answers, rows] = await Promise.all([read('source.json'), read('rows.json')]);
  return { stream, answers, rows };
}

async function readCase(path: string, issues: Issue[]): Promise<JsonValue | undefined> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined || size > maxBytes) return undefined;
  const file = await readJsonFile(path, shortPath(path));
  issues.push(...file.issues.map((issue) => ({ ...issue, code: 'case/unreadable' as const })));
  return file.value as JsonValue | undefined; // parsed JSON, or nothing
}

function rowsOf(stream: Stream, answer: JsonValue): { rows: readonly JsonValue[]; why?: string } {
  try {
    return { rows: splitRows(answerRecords(stream), answer) };
  } catch (cause) {
    if (!(cause instanceof StreamError)) throw cause;
    return { rows: [], why: cause.message };
  }
}

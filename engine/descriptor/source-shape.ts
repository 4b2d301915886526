import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import type { JsonObject } from '../records.ts';
import { type CheckSchema, compileSchema } from '../schema/compile-schema.ts';
import type { Stream } from './descriptor.ts';
import { readJsonFile } from './json-file.ts';
import type { Locate } from './locate-written.ts';
import { isThere, type OpenTexts } from './open-texts.ts';
import { schemaIssues } from './schema-issues.ts';

/** What is known of the rows of a stream: their shape, unless none is declared or `issues` says what is wrong with it. */
export type SourceShape = {
  readonly shape?: JsonObject;
  /** Where the shape says something: in its file, or in the descriptor. */
  readonly locate: Locate;
  readonly issues: readonly Issue[];
};

/** Reads the shape that a stream declares for its rows; `locate` finds places in `integration.yaml`. */
export async function readSourceShape(
  folder: string,
  stream: Pick<Stream, 'name' | 'source' | 'mapping'>,
  schemasDir: string,
  locate: Locate,
  open?: OpenTexts,
): Promise<SourceShape> {
  const { name, source } = stream;
  const pointer = `/streams/${name}/source`;
  if (typeof source === 'object') {
    const at: Locate = (inner, key) => locate(`${pointer}${inner}`, key);
    const faults = schemaIssues({ file: '', value: source, issues: [], locate: at }, await shapeCheck(schemasDir));
    const issues = faults.map((issue) => ({ ...issue, pointer: `${pointer}${issue.pointer ?? ''}` }));
    return sound(source, issues, at);
  }
  const paths = sourceFiles(stream).map((file) => join(folder, 'sources', file));
  const there = await Promise.all(paths.map((candidate) => isThere(candidate, open)));
  const path = paths.find((_, index) => there[index]);
  if (path === undefined) {
    return {
      locate,
      issues: source === undefined ? [] : [missing(shortPath(join(folder, 'sources', source)), pointer, locate)],
    };
  }
  const file = await readJsonFile(path, shortPath(path), open);
  const faults = file.issues.length > 0 ? file.issues : schemaIssues(file, await shapeCheck(schemasDir));
  return sound(file.value as JsonObject, faults, (inner, key) => file.locate(inner, key)); // an object, or there are faults
}

/** The files under `sources/` that may hold the shape of a stream's rows, of which the first there is counts. */
export function sourceFiles({ name, source, mapping }: Pick<Stream, 'name' | 'source' | 'mapping'>): readonly string[] {
  if (typeof source === 'object') return [];
  // What is mapped by the same mapping has the same shape, unless it says otherwise.
  return source === undefined ? [`${name}.schema.json`, mapping.replace(/\.jsonata$/, '.schema.json')] : [source];
}

function sound(shape: JsonObject, issues: readonly Issue[], locate: Locate): SourceShape {
  return issues.length > 0 ? { locate, issues } : { shape, locate, issues };
}

function missing(file: string, pointer: string, locate: Locate): Issue {
  return {
    code: 'descriptor/unknown-reference',
    severity: 'error',
    message: `The shape of the source is missing: ${file}.`,
    hint: 'Write it: the JSON Schema of one row.',
    at: locate(pointer),
    pointer,
  };
}

let check: Promise<CheckSchema> | undefined;

/** Read once a process. */
function shapeCheck(schemasDir: string): Promise<CheckSchema> {
  check ??= readFile(join(schemasDir, 'source.schema.json'), 'utf8').then(
    (text) => compileSchema(JSON.parse(text) as object), // our own file
  );
  return check;
}

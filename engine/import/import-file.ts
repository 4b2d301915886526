import { readText, parseYaml, type YamlFile } from '../descriptor/yaml-file.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { readManifest } from './airbyte/read-manifest.ts';
import { assemble, type Found } from './assemble.ts';
import { readCollector } from './cribl/read-collector.ts';
import { type Format, formats, guessFormat } from './formats.ts';
import type { Imported } from './imported.ts';
import { reportUnread } from './place.ts';
import { readConnector } from './sentinel/read-connector.ts';

/** No connector is described in more. */
const mostBytes = 8_000_000;

export type ImportedFile = {
  readonly imported: Imported;
  /** In the order of the file: what could not be carried, secrets, what is carried otherwise or not needed. */
  readonly findings: readonly Issue[];
};

const readers: { readonly [Name in Format]: (file: YamlFile) => Found } = {
  airbyte: readManifest,
  sentinel: readConnector,
  cribl: readCollector,
};

/**
 * Reads a file of another tool. Throws a `CannotRunError`: `import/unreadable`, `import/wrong-format`,
 * `import/nothing-to-read`.
 */
export async function importFile(format: Format, path: string): Promise<ImportedFile> {
  const file = await readFile(path);
  refuseOthers(format, file);
  const found = readers[format](file);
  const imported = assemble(found);
  const { sheet } = found.root;
  for (const place of found.readWhole ?? [found.root]) reportUnread(place);
  const findings = [...sheet.findings].sort((one, other) => placeOf(one) - placeOf(other));
  if (imported.streams.length === 0) {
    throw new CannotRunError('import/nothing-to-read', `${path} describes no stream that could be carried.`, {
      hint: 'What could not be carried is told above; begin with "sluice new" instead.',
      issues: findings,
    });
  }
  return { imported, findings };
}

function placeOf({ at }: Issue): number {
  return at === undefined ? 0 : at.line * 100_000 + Math.min(at.column, 99_999);
}

async function readFile(path: string): Promise<YamlFile> {
  const text = await readText(path, path, undefined, mostBytes);
  const file = typeof text === 'string' ? parseYaml(text, path) : text;
  const [first] = file.issues;
  if (first === undefined) return file;
  throw new CannotRunError('import/unreadable', first.message, {
    hint:
      first.code === 'descriptor/yaml-syntax'
        ? 'Mend it at the line shown, or give another file.'
        : 'Give the file of one connector, as YAML or JSON.',
    at: first.at,
  });
}

function refuseOthers(format: Format, { value, file }: YamlFile): void {
  const guess = guessFormat(value);
  if (guess === format) return;
  throw new CannotRunError('import/wrong-format', `${file} is not ${formats[format]}${likeness(guess)}.`, {
    hint: hintFor(guess, format),
  });
}

function likeness(guess: ReturnType<typeof guessFormat>): string {
  if (guess === undefined) return '';
  const words = { openapi: 'an OpenAPI document', sluice: 'a descriptor of Sluice', ...formats };
  return `; it looks like ${words[guess]}`;
}

function hintFor(guess: ReturnType<typeof guessFormat>, format: Format): string {
  if (guess === 'openapi') return 'Read it with: sluice new NAME --openapi FILE';
  if (guess === 'sluice') return 'It needs no import: sluice validate checks it.';
  return guess === undefined ? expected[format] : `Read it with: sluice import ${guess} FILE`;
}

const expected: { readonly [Name in Format]: string } = {
  airbyte: 'A manifest has "type: DeclarativeSource", or "streams" and "check".',
  sentinel:
    'A connector has "kind": "RestApiPoller" with "auth", "request" and "response", alone or in a deployment template.',
  cribl: 'A collector has "collector" with a "conf" that has a "collectUrl".',
};

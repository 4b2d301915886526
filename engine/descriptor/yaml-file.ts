import { readFile, stat } from 'node:fs/promises';
import { Composer, type Document, LineCounter, Parser } from 'yaml';
import type { Issue, Position } from '../diagnostics/issue.ts';
import { decodeText } from './decode-text.ts';
import { type OpenTexts, openText } from './open-texts.ts';
import { rangeFinder } from './yaml-range.ts';
import { aliasFault, tooDeep } from './yaml-limits.ts';
import { syntaxFaults } from './yaml-syntax.ts';

/** No hand-written descriptor comes near this; a larger file is a mistake. */
const maxBytes = 1_000_000;

/** A YAML file as data, with the way back from a JSON Pointer to the line and column. */
export type YamlFile = {
  readonly file: string;
  /** `undefined` where the file cannot be read or parsed at all. */
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** Where the value at `pointer` stands; `key` points at its key, or at that of a key inside it that is too much. */
  readonly locate: (pointer: string, key?: string) => Position;
};

/**
 * How values without quotes are read: as YAML has it, where `007` is the number 7, or each as the text that stands there.
 */
export type PlainValues = 'typed' | 'as-text';

export async function readYamlFile(
  path: string,
  shownAs: string,
  { plain = 'typed', open }: { plain?: PlainValues; open?: OpenTexts | undefined } = {},
): Promise<YamlFile> {
  const text = await readText(path, shownAs, open);
  return typeof text === 'string' ? parseYaml(text, shownAs, plain) : text;
}

/** The text of a file of an integration; or, where it is no such text or too large, why. */
export async function readText(
  path: string,
  shownAs: string,
  open?: OpenTexts,
  most = maxBytes,
): Promise<string | YamlFile> {
  let bytes: Uint8Array;
  try {
    const unsaved = openText(path, open);
    const size = unsaved === undefined ? (await stat(path)).size : Buffer.byteLength(unsaved);
    if (size > most) return tooLarge(shownAs, size, most);
    bytes = unsaved === undefined ? await readFile(path) : Buffer.from(unsaved);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return unreadableFile(shownAs, `${shownAs} cannot be read: ${why}.`, 'Check that it is a file, and its rights.');
  }
  const decoded = decodeText(bytes);
  if ('text' in decoded) return decoded.text;
  const { message, hint, line, column } = decoded.fault;
  return unreadableFile(shownAs, message, hint, { file: shownAs, line, column });
}

/** Parses YAML 1.2 (so `on` and `no` are words, not booleans). */
export function parseYaml(text: string, file: string, plain: PlainValues = 'typed'): YamlFile {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const positionAt = (offset: number, length?: number): Position => {
    const { line, col } = lines.linePos(offset);
    const rest = text.slice(offset, length === undefined ? offset : offset + length);
    const shown = /^[^\r\n]*/.exec(rest)?.[0].length; // a mark does not go on over the end of its line
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      ...(length !== undefined && shown !== undefined && { length: Math.max(shown, 1) }),
    };
  };
  const broken = (code: Issue['code'], faults: readonly { message: string; hint: string; offset: number }[]) => ({
    file,
    value: undefined,
    issues: faults.map(({ message, hint, offset }): Issue => {
      return { code, severity: 'error', message, hint, at: positionAt(offset) };
    }),
    locate: () => positionAt(0),
  });

  const deep = tooDeep(tokens);
  if (deep !== undefined) return broken('descriptor/unreadable', [deep]);
  const composer = new Composer({
    schema: plain === 'typed' ? 'core' : 'failsafe',
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) throw new TypeError('The composer gives a document even for an empty text.');
  const faults = syntaxFaults(document, text, lines);
  if (second !== undefined) faults.push(secondDocument(second));
  if (faults.length > 0) return broken('descriptor/yaml-syntax', faults);
  const alias = aliasFault(document);
  if (alias !== undefined) return broken('descriptor/unreadable', [alias]);

  const rangeOf = rangeFinder(document);
  return {
    file,
    value: document.toJS({ maxAliasCount: -1 }), // counted above
    issues: [],
    locate(pointer, key) {
      const range = rangeOf(pointer, key);
      return positionAt(range?.[0] ?? 0, range === undefined ? undefined : range[1] - range[0]);
    },
  };
}

function secondDocument({ range }: Document.Parsed) {
  const hint = 'Keep one: take this "---" and all below it out, or give it a file of its own.';
  return { message: 'A second YAML document begins here.', hint, offset: range[0] };
}

function tooLarge(file: string, size: number, most: number): YamlFile {
  const message = `${file} has ${size.toLocaleString('en')} bytes; at most ${most.toLocaleString('en')} are read.`;
  return unreadableFile(file, message, 'Take out what is data: answers of the vendor belong into cases.');
}

/** A file that gives nothing but the issue why. */
function unreadableFile(
  file: string,
  message: string,
  hint: string,
  at: Position = { file, line: 1, column: 1 },
): YamlFile {
  const issue: Issue = { code: 'descriptor/unreadable', severity: 'error', message, hint, at };
  return { file, value: undefined, issues: [issue], locate: () => at };
}

import { readFile } from 'node:fs/promises';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Pair } from 'yaml';
import type { Issue, Position } from '../diagnostics/issue.ts';

/** No hand-written descriptor comes near this; a larger file is a mistake. */
const maxBytes = 1_000_000;
/** Enough for honest anchors, too few for an alias bomb. */
const maxAliasCount = 200;

/** A YAML file as data, with the way back from a JSON Pointer to the line and column. */
export type YamlFile = {
  readonly file: string;
  /** `undefined` where the file cannot be read or parsed at all. */
  readonly value: unknown;
  readonly issues: readonly Issue[];
  /** Where the value at `pointer` stands; `key` points at its key, or at that of a key inside it that is too much. */
  locate(pointer: string, key?: string): Position;
};

export async function readYamlFile(path: string, shownAs: string): Promise<YamlFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    return unreadableFile(
      shownAs,
      `${shownAs} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    );
  }
  return parseYaml(text, shownAs);
}

/** Parses YAML 1.2 (so `on` and `no` are words, not booleans). Duplicate keys and tabs are issues, not surprises. */
export function parseYaml(text: string, file: string): YamlFile {
  if (Buffer.byteLength(text) > maxBytes) return unreadableFile(file, `${file} is larger than ${maxBytes} bytes.`);
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, merge: true, prettyErrors: false });
  const positionAt = (offset: number, length?: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), ...(length === undefined ? {} : { length }) };
  };
  const issues: Issue[] = document.errors.map((error) => ({
    code: 'descriptor/yaml-syntax',
    severity: 'error',
    message: `${oneLine(error.message)}.`,
    at: positionAt(error.pos[0]),
  }));
  if (issues.length > 0) return { file, value: undefined, issues, locate: () => positionAt(0) };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount });
  } catch (cause) {
    return unreadableFile(file, `${file}: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
  return {
    file,
    value,
    issues,
    locate(pointer, key) {
      const steps = pointer.split('/').slice(1).map(unescapeStep);
      const range = rangeOf(
        document.contents,
        key === undefined ? steps : [...steps, key],
        key !== undefined,
        document,
      );
      return positionAt(range?.[0] ?? 0, range === undefined ? undefined : range[1] - range[0]);
    },
  };
}

type Range = readonly [start: number, end: number];

/** Follows the steps as far as they lead; the last key found stands for what is missing below it. */
function rangeOf(
  root: Node | null,
  steps: readonly string[],
  wantKey: boolean,
  document: ReturnType<typeof parseDocument>,
): Range | undefined {
  let node: Node | undefined = root ?? undefined;
  let found = rangeOfNode(node);
  for (const [index, step] of steps.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item): item is Pair<Node, Node | null> => isScalar(item.key) && String(item.key.value) === step,
      );
      if (pair === undefined) return found;
      const last = index === steps.length - 1;
      node = pair.value ?? undefined;
      found = (last && wantKey ? undefined : rangeOfScalarOrKey(pair, last)) ?? rangeOfNode(pair.key) ?? found;
    } else if (isSeq(node)) {
      // The parsed tree's items are nodes; its type leaves them open for documents built by hand.
      node = node.items[Number(step)] as Node | undefined;
      found = rangeOfNode(node) ?? found;
    } else {
      return found;
    }
  }
  return found;
}

/** A wrong scalar is shown itself; of a block, its key. */
function rangeOfScalarOrKey(pair: Pair<Node, Node | null>, last: boolean): Range | undefined {
  return last && isScalar(pair.value) ? rangeOfNode(pair.value) : rangeOfNode(pair.key);
}

function rangeOfNode(node: Node | null | undefined): Range | undefined {
  const range = node?.range;
  return range ? [range[0], range[1]] : undefined;
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\.$/, '').trim();
}

/** A file that gives nothing but the issue why. */
export function unreadableFile(file: string, message: string): YamlFile {
  const at: Position = { file, line: 1, column: 1 };
  return {
    file,
    value: undefined,
    issues: [{ code: 'descriptor/unreadable', severity: 'error', message, at }],
    locate: () => at,
  };
}

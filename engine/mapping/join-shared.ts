import { startOf } from './check/place.ts';
import { childrenOf, type Node } from './compile/ast.ts';
import type { JoinedFile } from './joined-text.ts';
import { MappingFailure, mappingFailure } from './mapping-failure.ts';
import { parseText } from './parse-text.ts';
import { positionOf } from './position-of.ts';

/** The text of one file, and how positions name it. */
export type FileText = { readonly text: string; readonly file: string };

/** One text of a mapping and of what it takes from the shared file. */
export type Joined = {
  readonly text: string;
  readonly file: JoinedFile;
  /** What the shared file binds and the mapping takes, directly or by way of another; names without `$`. */
  readonly used: ReadonlySet<string>;
};

/**
 * Puts a mapping into the scope of what a shared file binds: `( $name := …; … )`.
 *
 * What the mapping does not use is left out, so that it costs nothing; blanks stand in its place, and offsets in the
 * shared part are those of the file. Throws a `MappingFailure` where one of both does not parse, or the shared file
 * holds anything but bindings.
 */
export function joinShared(mapping: FileText, shared: FileText): Joined {
  const parts = readShared(shared);
  // A word may also stand in a comment, or be a variable of the mapping's own: what is joined by words tells more exactly.
  const named = taken(
    [...mapping.text.matchAll(/\$(\w+)/g)].map(([, name = '']) => name),
    parts.bindings,
  );
  const joined = join(mapping, shared, parts, named);
  const own = (named.size === 0 ? undefined : lastExpression(joined, parts)) ?? parse(mapping);
  const used = taken(freeNames(own), parts.bindings);
  return used.size === named.size ? joined : join(mapping, shared, parts, used);
}

function join(
  mapping: FileText,
  shared: FileText,
  { bindings, close, mayEndInSemicolon }: Shared,
  used: ReadonlySet<string>,
): Joined {
  const ends = [...bindings.slice(1).map(({ start }) => start), close];
  const kept = bindings.reduce(
    (text, { name, start }, index) => (used.has(name) ? text : blanked(text, start, ends[index] ?? close)),
    shared.text,
  );
  // What stands in place of the last bracket: the mapping follows the last binding.
  const closing = mayEndInSemicolon && used.has(bindings.at(-1)?.name ?? '') ? ';' : ' ';
  const begun = used.size === 0 ? '' : `${kept.slice(0, close)}${closing}`;
  return {
    text: begun === '' ? mapping.text : `${begun}${mapping.text})`,
    file: {
      own: mapping.file,
      shared: shared.file,
      startsAt: begun.length,
      names: bindings.map(({ name }) => name),
    },
    used,
  };
}

/** The mapping in a joined text; `undefined` where that is no row of bindings with one expression behind them. */
function lastExpression({ text, used }: Joined, { bindings }: Shared): Node | undefined {
  try {
    const root = parseText(text);
    const count = bindings.filter(({ name }) => used.has(name)).length;
    return root.type === 'block' && root.expressions.length === count + 1 ? root.expressions.at(-1) : undefined;
  } catch {
    return undefined;
  }
}

/** Names without `$` of what a shared file binds, with where; throws as {@link joinShared} does. */
export function sharedBindings(shared: FileText): readonly { readonly name: string; readonly start: number }[] {
  return readShared(shared).bindings;
}

type Binding = {
  readonly name: string;
  readonly start: number;
  /** The variables that its expression reads. */
  readonly reads: readonly string[];
};

type Shared = {
  readonly bindings: readonly Binding[];
  /** Where its last bracket stands. */
  readonly close: number;
  /** Whether a semicolon may stand there: the last binding need not end in one. */
  readonly mayEndInSemicolon: boolean;
};

/** The mappings of a feed ask for the same file one after the other. */
let last: { readonly of: FileText; readonly shared: Shared } | undefined;

function readShared(file: FileText): Shared {
  if (last?.of.text !== file.text || last.of.file !== file.file) last = { of: file, shared: parseShared(file) };
  return last.shared;
}

function parseShared(shared: FileText): Shared {
  const root = parse(shared);
  const close = /\)(?:\s|\/\*(?:(?!\*\/)[^])*\*\/)*$/.exec(shared.text)?.index;
  if (root.type !== 'block' || close === undefined) throw notBindings(shared, startOf(root, shared.text));
  const bindings = root.expressions.map((node): Binding => {
    if (node.type !== 'bind') throw notBindings(shared, startOf(node, shared.text));
    return { name: node.lhs.value, start: startOf(node, shared.text), reads: [...new Set(freeNames(node.rhs))] };
  });
  return { bindings, close, mayEndInSemicolon: parses(`${shared.text.slice(0, close)};)`) };
}

function notBindings({ text, file }: FileText, at: number): MappingFailure {
  return new MappingFailure({
    code: 'mapping/not-only-bindings',
    severity: 'error',
    message: 'A shared file holds bindings alone; nobody takes what this gives.',
    hint: 'Write ( $name := …; … ), and use $name in the mappings.',
    at: positionOf(text, at + 1, file),
  });
}

/** Of these names what is bound here, and what that takes in its turn. */
function taken(names: Iterable<string>, bindings: readonly Binding[]): Set<string> {
  const found = new Set<string>();
  const take = (name: string): void => {
    if (found.has(name)) return;
    const bound = bindings.filter((binding) => binding.name === name);
    if (bound.length > 0) found.add(name);
    for (const { reads } of bound) for (const inner of reads) take(inner);
  };
  for (const name of names) take(name);
  return found;
}

/** The variables that an expression reads and does not set itself. Where that is uncertain, they count as read. */
function* freeNames(node: Node, own: readonly string[] = []): Generator<string> {
  if (node.type === 'variable' && !own.includes(node.value)) yield node.value;
  const known = node.type === 'lambda' ? [...own, ...node.arguments.map(({ value }) => value)] : own;
  // What a statement of a block sets holds for the statements behind it.
  const set: string[] = [];
  for (const child of childrenOf(node)) {
    const isStatement = node.type === 'block' && node.expressions.includes(child);
    yield* freeNames(child, isStatement ? [...known, ...set] : known);
    if (isStatement && child.type === 'bind') set.push(child.lhs.value);
  }
}

/** The same length and lines without the words. */
function blanked(text: string, start: number, end: number): string {
  return `${text.slice(0, start)}${text.slice(start, end).replace(/[^\n]/g, ' ')}${text.slice(end)}`;
}

function parses(text: string): boolean {
  try {
    parseText(text);
    return true;
  } catch {
    return false;
  }
}

function parse({ text, file }: FileText): Node {
  try {
    return parseText(text);
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

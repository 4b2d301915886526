import jsonata from 'jsonata';
import { startOf } from './check/place.ts';
import { type BindNode, childrenOf, type Node } from './compile/ast.ts';
import type { JoinedFile } from './joined-text.ts';
import { MappingFailure, mappingFailure } from './mapping-failure.ts';
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
  const { bindings, close } = readShared(shared);
  const used = usedNames(parse(mapping), bindings);
  const ends = [...bindings.slice(1).map(({ start }) => start), close];
  const kept = bindings.reduce(
    (text, { name, start }, index) => (used.has(name) ? text : blanked(text, start, ends[index] ?? close)),
    shared.text,
  );
  const begun = used.size === 0 ? '' : `${kept.slice(0, close)}${closing(bindings, used, shared.text, close)}`;
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

/** Names without `$` of what a shared file binds, with where; throws as {@link joinShared} does. */
export function sharedBindings(shared: FileText): readonly { readonly name: string; readonly start: number }[] {
  return readShared(shared).bindings;
}

type Binding = { readonly name: string; readonly start: number; readonly node: BindNode };

/** Its bindings, and where its last bracket stands. */
function readShared(shared: FileText): { bindings: Binding[]; close: number } {
  const root = parse(shared);
  const close = /\)(?:\s|\/\*(?:(?!\*\/)[^])*\*\/)*$/.exec(shared.text)?.index;
  if (root.type !== 'block' || close === undefined) throw notBindings(shared, startOf(root, shared.text));
  const bindings = root.expressions.map((node): Binding => {
    if (node.type !== 'bind') throw notBindings(shared, startOf(node, shared.text));
    return { name: node.lhs.value, start: startOf(node, shared.text), node };
  });
  return { bindings, close };
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

function usedNames(mapping: Node, bindings: readonly Binding[]): Set<string> {
  const used = new Set<string>();
  const use = (name: string): void => {
    if (used.has(name)) return;
    const bound = bindings.filter((binding) => binding.name === name);
    if (bound.length > 0) used.add(name);
    for (const { node } of bound) for (const inner of freeNames(node.rhs)) use(inner);
  };
  for (const name of freeNames(mapping)) use(name);
  return used;
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

/** What stands in place of the last bracket: the mapping follows the last binding, which need not end in a semicolon. */
function closing(bindings: readonly Binding[], used: ReadonlySet<string>, text: string, close: number): ';' | ' ' {
  const isLastUsed = used.has(bindings.at(-1)?.name ?? '');
  return isLastUsed && parses(`${text.slice(0, close)};)`) ? ';' : ' ';
}

function parses(text: string): boolean {
  try {
    jsonata(text);
    return true;
  } catch {
    return false;
  }
}

function parse({ text, file }: FileText): Node {
  try {
    // The package's own type leaves out the marks its parser adds.
    return jsonata(text).ast() as unknown as Node;
  } catch (cause) {
    throw mappingFailure('mapping/syntax', cause, text, file);
  }
}

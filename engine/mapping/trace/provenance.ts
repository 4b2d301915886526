import { marksOf, type Node, type Pair } from '../compile/ast.ts';
import { startOf } from '../check/place.ts';
import { childPointer } from '../../json-pointer.ts';
import { inside, type Place } from './places.ts';
import { bare, itemOf, type Read, readsOf } from './reads-of.ts';
import type { Trace } from './trace-mapping.ts';
import type { Visit } from './visit.ts';

/** Where one value of a mapping's result comes from. */
export type Provenance = {
  /** JSON Pointer into what the mapping gave. */
  readonly pointer: string;
  readonly value: unknown;
  /** Offset in the text of the attribute's key; where that is not known, of the expression that gave the value. */
  readonly at: number;
  /** Offset of the expression that gave the value. */
  readonly valueAt: number;
  /** What was read on the way, the value's own sources first; none for a literal. */
  readonly reads: readonly Read[];
  /** Names of variables whose values went in, with the offset at which each is set. */
  readonly through: readonly { readonly name: string; readonly at: number }[];
};

/**
 * The provenance of every single value of a result, in its order; objects and arrays are entered. So is that of what is
 * not there: keys that the mapping writes and whose values came to nothing, and empty objects and arrays.
 *
 * Exact for what `{ … }`, `[ … ]` and `$merge` build and for parts of the row passed on whole; for what other functions
 * build, the part of their arguments with the same key and value, or else all that they read.
 */
export function provenancesOf(trace: Trace): Provenance[] {
  const [root] = trace.visits;
  if (root === undefined || trace.value === undefined) return [];
  const at = startOf(root.node, trace.mapping.text);
  return [...follow(trace, { value: trace.value, by: root, at, valueAt: at, pointer: '' })];
}

/** A value on its way into the result: what gave it, or where it lies in the row. */
type Part = {
  readonly value: unknown;
  readonly pointer: string;
  readonly at: number;
  readonly valueAt: number;
  /** The visit that gave it, or gave what it is a part of. */
  readonly by: Visit;
  /** It was taken from here as it is. */
  readonly place?: Place;
};

function* follow(trace: Trace, part: Part): Generator<Provenance> {
  const { value, pointer } = part;
  if (typeof value !== 'object' || value === null) {
    yield provenanceOf(trace, part);
    return;
  }
  const entries = [...entriesOf(value), ...missingFrom(trace, value)];
  if (entries.length === 0) yield provenanceOf(trace, part);
  for (const [key, inner] of entries) {
    yield* follow(trace, { ...partAt(trace, part, value, key, inner), pointer: childPointer(pointer, key) });
  }
}

/** Keys that the mapping writes, and whose values came to nothing. */
function missingFrom(trace: Trace, value: object): [string, undefined][] {
  const maker = Array.isArray(value) ? undefined : trace.makerOf(value);
  if (maker === undefined) return [];
  const keys = new Set(pairsOf(maker.node).map(([key]) => key));
  const written = maker.children.filter(({ node }) => keys.has(node)).map(({ result }) => result);
  return written.flatMap((key) => (typeof key === 'string' && !Object.hasOwn(value, key) ? [[key, undefined]] : []));
}

function provenanceOf(trace: Trace, { value, pointer, at, valueAt, by, place }: Part): Provenance {
  const told = { pointer, value, at, valueAt };
  if (place !== undefined) return { ...told, reads: [{ place, value, role: 'gives', at: valueAt }], through: [] };
  const { reads, through } = readsOf(trace, by);
  return {
    ...told,
    reads: exactly(value, reads),
    through: [...through].map(([name, node]) => ({ name, at: startOf(node, trace.mapping.text) })),
  };
}

/** An item of an array that was read whole lies at a place of its own. */
function exactly(value: unknown, reads: readonly Read[]): Read[] {
  return reads.map((read) => itemOf(read, value)).toSorted((one, other) => rank(one, value) - rank(other, value));
}

/** The very value, then what else went in, then what was not there, then what only decided. */
function rank({ role, value: read }: Read, value: unknown): number {
  if (role === 'decides') return 3;
  return Object.is(read, value) ? 0 : read === undefined ? 2 : 1;
}

type Inner = Omit<Part, 'pointer'>;

function partAt(trace: Trace, part: Part, owner: object, key: string | number, value: unknown): Inner {
  const place = trace.places.placeOf(owner) ?? part.place;
  if (place !== undefined) return { ...part, value, place: inside(place, key) };
  const maker = trace.makerOf(owner);
  if (maker === undefined) return { ...part, value };
  const from = Array.isArray(owner) ? itemVisit(trace, maker, Number(key)) : undefined;
  if (from !== undefined) {
    return withOwnPlace(trace, { ...part, value, by: from, valueAt: startOf(from.node, trace.mapping.text) });
  }
  return withOwnPlace(trace, fieldOf(trace, maker, String(key), value, 0) ?? { ...part, value, by: maker });
}

function withOwnPlace(trace: Trace, inner: Inner): Inner {
  const place = trace.places.placeOf(inner.value) ?? inner.place;
  return place === undefined ? inner : { ...inner, place };
}

/**
 * Who gave the item: a part of `[ … ]`, a step of a path, a call of `$map`'s function. Lists among these are poured into
 * the list, but for those written in brackets. `undefined` where the parts do not add up to the list.
 */
function itemVisit(trace: Trace, list: Visit, index: number): Visit | undefined {
  const parts = partsOf(trace, list).map((visit) => ({ visit, count: countOf(visit) }));
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  if (!Array.isArray(list.result) || total !== list.result.length) return undefined;
  let before = 0;
  for (const { visit, count } of parts) {
    if (index < before + count) return isPoured(visit) ? (itemVisit(trace, visit, index - before) ?? visit) : visit;
    before += count;
  }
  return undefined;
}

function partsOf({ mapping }: Trace, { node, children }: Visit): Visit[] {
  if (node.type === 'unary' && node.value === '[') return children;
  if (node.type === 'path') return children.filter((child) => child.node === node.steps.at(-1));
  const isMap = node.type === 'function' && node.procedure.type === 'variable' && node.procedure.value === 'map';
  return isMap ? children.filter((child) => mapping.structure.lambdas.has(child.node)) : [];
}

function countOf(visit: Visit): number {
  const result = bare(visit.result);
  return result === undefined ? 0 : isPoured(visit) ? (result as unknown[]).length : 1;
}

function isPoured({ node, result }: Visit): boolean {
  return Array.isArray(bare(result)) && !(node.type === 'unary' && node.value === '[');
}

/** Deeper nests of copies than this are not searched. */
const mostCopies = 20;

/** Who gave a field of an object: the value beside its key, or a field of an object it was copied from. */
function fieldOf(trace: Trace, maker: Visit, key: string, value: unknown, depth: number): Inner | undefined {
  const { text } = trace.mapping;
  for (const [keyNode, valueNode] of pairsOf(maker.node)) {
    const keys = maker.children.filter((child) => child.node === keyNode && child.result === key);
    if (keys.length === 0) continue;
    const values = maker.children.filter((child) => child.node === valueNode);
    const by = values.find((child) => Object.is(child.result, value)) ?? values.at(-1);
    if (by !== undefined) return { value, by, at: startOf(keyNode, text), valueAt: startOf(valueNode, text) };
  }
  return depth > mostCopies ? undefined : copiedField(trace, maker, key, value, depth);
}

/** A function that gives an object of fields which an object among its arguments has, too: the last counts. */
function copiedField(trace: Trace, maker: Visit, key: string, value: unknown, depth: number): Inner | undefined {
  const at = startOf(maker.node, trace.mapping.text);
  for (const child of maker.children.toReversed()) {
    for (const from of objectsIn(child.result).toReversed()) {
      if (!Object.hasOwn(from, key) || !Object.is((from as Record<string, unknown>)[key], value)) continue;
      const place = trace.places.placeOf(from);
      if (place !== undefined) return { value, by: maker, at, valueAt: at, place: inside(place, key) };
      const earlier = trace.makerOf(from);
      const found = earlier && earlier !== maker ? fieldOf(trace, earlier, key, value, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function objectsIn(result: unknown): object[] {
  const items: readonly unknown[] = Array.isArray(result) ? result : [result];
  return items.filter((item) => typeof item === 'object' && item !== null);
}

function pairsOf(node: Node): readonly Pair[] {
  const own = node.type === 'unary' && node.value === '{' ? node.lhs : [];
  return [...own, ...(marksOf(node).group?.lhs ?? [])];
}

function entriesOf(value: object): [string | number, unknown][] {
  return Array.isArray(value) ? value.map((item, index) => [index, item]) : Object.entries(value);
}

import { marksOf, type Node, type PathNode } from '../compile/ast.ts';
import { startOf } from '../check/place.ts';
import { inside, isInside, pathText, type Place } from './places.ts';
import { filtersOf } from './recorder.ts';
import type { Trace } from './trace-mapping.ts';
import type { Visit } from './visit.ts';

/** A place of the row or of a binding that was looked at. */
export type Read = {
  readonly place: Place;
  /** `undefined` if nothing is there. */
  readonly value: unknown;
  /** Whether it went into the value, or only into a condition on the way. */
  readonly role: 'gives' | 'decides';
  /** Offset in the text of the expression that read it. */
  readonly at: number;
};

type Role = Read['role'];

/** All that was read for the value of a visit, through variables and functions; each place once. */
export function readsOf(trace: Trace, visit: Visit): { reads: readonly Read[]; through: ReadonlyMap<string, Node> } {
  const walk: Walk = { trace, known: new Map(), through: new Map() };
  const reads = collect(walk, visit, 'gives');
  const giving = new Set(reads.filter(({ role }) => role === 'gives').map(({ place }) => pathText(place)));
  return {
    reads: reads.filter(({ role, place }) => role === 'gives' || !giving.has(pathText(place))),
    through: walk.through,
  };
}

type Walk = {
  readonly trace: Trace;
  /** By visit and role, as several may lead to the same one. */
  readonly known: Map<string, readonly Read[]>;
  /** Variables that were gone through, with where they are set. */
  readonly through: Map<string, Node>;
};

function collect(walk: Walk, visit: Visit, role: Role): readonly Read[] {
  const key = `${visit.index} ${role}`;
  const known = walk.known.get(key);
  if (known !== undefined) return known;
  const filters = new Set(filtersOf(visit.node));
  const filtered = visit.children.filter(({ node }) => filters.has(node));
  const reads = eachOnce([...own(walk, visit, role), ...filtered.flatMap((child) => collect(walk, child, 'decides'))]);
  walk.known.set(key, reads);
  return reads;
}

function eachOnce(reads: readonly Read[]): Read[] {
  return [...new Map(reads.map((read) => [`${read.role} ${pathText(read.place)}`, read])).values()];
}

function own(walk: Walk, visit: Visit, role: Role): readonly Read[] {
  const { node, children } = visit;
  const all = (visits: readonly Visit[]) => visits.flatMap((child) => collect(walk, child, role));
  // Only what reads, chooses or calls is told apart; anything else passes on what its parts give.
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check
  switch (node.type) {
    case 'name':
      return readName(walk, visit, node.value, role);
    case 'wildcard':
    case 'descendant':
      return readName(walk, visit, node.type === 'wildcard' ? '*' : '**', role);
    case 'path':
      return readPath(walk, visit, node, role);
    case 'variable':
      return readVariable(walk, visit, node.value, role);
    case 'condition': {
      const conditions = children.filter((child) => child.node === node.condition);
      const chosen = children.filter((child) => child.node === node.then || child.node === node.else);
      return [...conditions.flatMap((child) => collect(walk, child, 'decides')), ...all(chosen)];
    }
    case 'block':
      return all(children.filter((child) => child.node === node.expressions.at(-1)).slice(-1));
    case 'function':
      return readCall(walk, visit, role);
    default:
      return all(children.filter((child) => !filtersOf(node).includes(child.node)));
  }
}

function readName({ trace }: Walk, { input, result, node }: Visit, name: string, role: Role): Read[] {
  const at = startOf(node, trace.mapping.text);
  const places = (Array.isArray(input) ? (input as unknown[]) : [input]).flatMap((one) => {
    const place = trace.places.placeOf(one);
    return place === undefined ? [] : [inside(place, name)];
  });
  return places.map((place) => ({ place, value: bare(result), role, at }));
}

/** Of the steps to a value only the last is told: `a.b` reads `a.b`, not also `a`. */
function readPath(walk: Walk, visit: Visit, node: PathNode, role: Role): Read[] {
  const steps = new Set(node.steps);
  const filters = new Set(node.steps.flatMap(filtersOf));
  const given = visit.children.filter(({ node: child }) => steps.has(child));
  const reads = given.flatMap((child) => collect(walk, child, role));
  const others = visit.children.filter(({ node: child }) => !steps.has(child));
  const isGroup = (child: Visit) => marksOf(node).group?.lhs.some((pair) => pair.includes(child.node)) === true;
  const rest = others.flatMap((child) =>
    collect(walk, child, isGroup(child) && !filters.has(child.node) ? role : 'decides'),
  );
  const deepest = reads.filter(
    (read) => !reads.some((other) => other.role === read.role && isInside(other.place, read.place)),
  );
  const result = bare(visit.result);
  return [...deepest.map((read) => itemOf(toItsEnd(read, visit, node), result)), ...rest];
}

/** A path that breaks off is told with the steps that were not taken. */
function toItsEnd(read: Read, { children }: Visit, { steps }: PathNode): Read {
  const taken = new Set(children.map(({ node }) => node));
  const left = steps.filter((step) => !taken.has(step));
  if (read.value !== undefined || !left.every((step) => step.type === 'name')) return read;
  return { ...read, place: left.reduce((place, step) => inside(place, step.value), read.place) };
}

function readVariable(walk: Walk, visit: Visit, name: string, role: Role): Read[] {
  const { trace } = walk;
  const { result, boundBy } = visit;
  const at = startOf(visit.node, trace.mapping.text);
  const place = trace.places.placeOf(result);
  if (boundBy?.kind === 'assigned') {
    const { node } = boundBy.by;
    if (role === 'gives' && node.type === 'bind') walk.through.set(name, node);
    const reads = boundBy.by.children.flatMap((child) => collect(walk, child, role));
    return place === undefined ? reads : [...reads, { place, value: result, role, at }];
  }
  if (place !== undefined) return [{ place, value: result, role, at }];
  if (name === '') return readContext(walk, visit, role);
  if (boundBy?.kind === 'argument') return readArgument(walk, boundBy.call, boundBy.before, boundBy.value, role);
  if (Object.hasOwn(trace.bindings, name)) return [{ place: { binding: name, keys: [] }, value: result, role, at }];
  return [];
}

/** `$` inside a step is an item of what the steps before it gave. */
function readContext(walk: Walk, visit: Visit, role: Role): Read[] {
  for (let inner = visit; inner.parent !== undefined && !isBody(walk, inner); inner = inner.parent) {
    const { node, children } = inner.parent;
    const index = node.type === 'path' ? node.steps.indexOf(inner.node) : -1;
    if (node.type !== 'path' || index < 1) continue;
    const before = new Set<Node>(node.steps.slice(0, index));
    const given = children.filter((child) => before.has(child.node));
    return given.flatMap((child) => collect(walk, child, role)).map((read) => itemOf(read, visit.result));
  }
  return [];
}

/** Of a list, the item with that value. */
export function itemOf(read: Read, value: unknown): Read {
  const index = Array.isArray(read.value) ? read.value.indexOf(value) : -1;
  return index === -1 ? read : { ...read, place: inside(read.place, index), value };
}

/** The arguments that hold the parameter's value, the latest first; else all of them. */
function readArgument(walk: Walk, call: Visit, before: number, value: unknown, role: Role): Read[] {
  const given = call.children.slice(0, before).filter((child) => !isProcedure(call, child) && !isBody(walk, child));
  const exact = given.findLast(({ result }) => Object.is(bare(result), value));
  const holding = given.filter(({ result }) => Array.isArray(result) && result.includes(value));
  const chosen = exact !== undefined ? [exact] : holding.length > 0 ? holding : given;
  return chosen.flatMap((child) => collect(walk, child, role)).map((read) => itemOf(read, value));
}

/** Functions of the mapping read what their bodies read; those of the library, their arguments. */
function readCall(walk: Walk, visit: Visit, role: Role): Read[] {
  const { node, children } = visit;
  if (node.type !== 'function') return [];
  const name = node.procedure.type === 'variable' ? node.procedure.value : '';
  if (name === 'lookup') {
    const row = readLookup(walk, visit, role);
    if (row !== undefined) return row;
  }
  const filters = filtersOf(node);
  const given = children.filter((child) => node.arguments.includes(child.node));
  const others = children.filter(
    (child) => !given.includes(child) && !isProcedure(visit, child) && !filters.includes(child.node),
  );
  const isOwnFunction =
    others.length > 0 && !given.some(({ node: each, result }) => each.type === 'lambda' || isFunction(result));
  const ofBodies = others.flatMap((child) => collect(walk, child, deciding.has(name) ? 'decides' : role));
  return [...(isOwnFunction ? [] : given.flatMap((child) => collect(walk, child, role))), ...ofBodies];
}

/** Functions whose callbacks say which items to take. */
const deciding = new Set(['filter', 'sift', 'single', 'sort']);

/** One field of an object, and what its name was made of. */
function readLookup(walk: Walk, visit: Visit, role: Role): Read[] | undefined {
  const [table, key] = visit.children.filter((child) => !isProcedure(visit, child));
  const name = bare(key?.result);
  if (table === undefined || key === undefined || typeof name !== 'string') return undefined;
  const { trace } = walk;
  const ofKey = collect(walk, key, role);
  const place = trace.places.placeOf(table.result);
  if (place !== undefined) {
    return [
      { place: inside(place, name), value: bare(visit.result), role, at: startOf(visit.node, trace.mapping.text) },
      ...ofKey,
    ];
  }
  const maker = typeof table.result === 'object' && table.result !== null ? trace.makerOf(table.result) : undefined;
  if (maker?.node.type !== 'unary' || maker.node.value !== '{') return undefined;
  const pair = maker.node.lhs.find(([word]) =>
    maker.children.some((child) => child.node === word && child.result === name),
  );
  const rows = maker.children.filter((child) => child.node === pair?.[1]);
  collectName(walk, table);
  return [...ofKey, ...rows.flatMap((child) => collect(walk, child, role))];
}

/** The table itself is told by its name alone. */
function collectName({ through }: Walk, { node, boundBy }: Visit): void {
  if (node.type === 'variable' && boundBy?.kind === 'assigned') through.set(node.value, boundBy.by.node);
}

function isProcedure({ node }: Visit, child: Visit): boolean {
  return node.type === 'function' && node.procedure === child.node;
}

function isBody({ trace }: Walk, { node }: Visit): boolean {
  return trace.mapping.structure.lambdas.has(node);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value);
}

/** A list of one goes on as the one. */
export function bare(result: unknown): unknown {
  if (!Array.isArray(result) || !('sequence' in result)) return result;
  return result.length === 0 ? undefined : result.length === 1 ? (result[0] as unknown) : result;
}

import { type ArrayNode, childrenOf, marksOf, type Node, type ObjectNode, type RegexNode } from './ast.ts';

/**
 * What a variable may hold that is made once, not for each input: an object of written-out values to look things up in, a
 * list of them to search, a pattern. Nothing else of the expression gets hold of it, so nobody sees that it is shared.
 */
export type ConstantKind = 'table' | 'list' | 'pattern';

export type Constants = ReadonlyMap<string, ConstantKind>;

/** The variables that hold nothing but a constant, and that only serve what it is made for. */
export function constantsIn(ast: Node): Constants {
  const uses = new Map<string, Use[]>();
  collect(ast, undefined, uses);
  const constants = new Map<string, ConstantKind>();
  for (const [name, all] of uses) {
    const kind = constantKind(all);
    if (kind !== undefined) constants.set(name, kind);
  }
  return constants;
}

type Use = { role: 'holds' | 'serves'; kind: ConstantKind | undefined };

function constantKind(uses: readonly Use[]): ConstantKind | undefined {
  const [held, ...others] = uses.filter(({ role }) => role === 'holds');
  const isServed = uses.every(({ kind }) => kind === held?.kind);
  return others.length === 0 && isServed ? held?.kind : undefined;
}

function collect(node: Node, above: Node | undefined, uses: Map<string, Use[]>): void {
  const note = (name: string, use: Use): void => void uses.set(name, [...(uses.get(name) ?? []), use]);
  if (node.type === 'variable') note(node.value, { role: 'serves', kind: servedKind(node, above) });
  if (node.type === 'bind') note(node.lhs.value, { role: 'holds', kind: heldKind(node, above) });
  if (node.type === 'lambda')
    for (const parameter of node.arguments) note(parameter.value, { role: 'serves', kind: undefined });
  const { focus, index } = marksOf(node);
  for (const name of [focus, index]) if (name !== undefined) note(name, { role: 'serves', kind: undefined });
  for (const child of childrenOf(node)) collect(child, node, uses);
}

/** `$lookup($table, …)`, `… in $list`, `$contains(…, $pattern)`. */
function servedKind(node: Node, above: Node | undefined): ConstantKind | undefined {
  if (above === undefined || !isBare(node)) return undefined;
  if (above.type === 'binary') return above.value === 'in' && above.rhs === node ? 'list' : undefined;
  if (above.type !== 'function' || above.arguments.length !== 2 || above.procedure.type !== 'variable')
    return undefined;
  const [first, second] = above.arguments;
  if (above.procedure.value === 'lookup' && first === node) return 'table';
  return above.procedure.value === 'contains' && second === node ? 'pattern' : undefined;
}

/** A statement of a block that is not its last, whose value would be the block's. */
function heldKind(node: Node & { type: 'bind' }, above: Node | undefined): ConstantKind | undefined {
  if (above?.type !== 'block' || above.expressions.at(-1) === node || !above.expressions.includes(node))
    return undefined;
  if (!isBare(node)) return undefined;
  if (isTable(node.rhs)) return 'table';
  if (isScalarList(node.rhs)) return 'list';
  return isPattern(node.rhs) ? 'pattern' : undefined;
}

/** Nothing stands behind the node. */
function isBare(node: Node): boolean {
  const { predicate, group, stages, keepArray, tuple } = marksOf(node);
  return (predicate ?? group ?? stages ?? tuple) === undefined && keepArray !== true;
}

/** `{"a": 1, …}`. */
export function isTable(node: Node): node is ObjectNode {
  if (node.type !== 'unary' || node.value !== '{' || !isBare(node) || node.lhs.length === 0) return false;
  const keys = node.lhs.map(([key]) => (key.type === 'string' && isBare(key) ? String(key.value) : undefined));
  const isKey = (key: string | undefined): boolean => key !== undefined && !key.startsWith('_jsonata_');
  return keys.every(isKey) && new Set(keys).size === keys.length && node.lhs.every(([, value]) => isScalar(value));
}

/** `["a", "b", …]`. */
export function isScalarList(node: Node): node is ArrayNode {
  return node.type === 'unary' && node.value === '[' && isBare(node) && node.expressions.every(isScalar);
}

/** `/a/`. */
export function isPattern(node: Node): node is RegexNode {
  return node.type === 'regex' && node.value instanceof RegExp && isBare(node);
}

function isScalar(node: Node): boolean {
  return (node.type === 'string' || node.type === 'number' || node.type === 'value') && isBare(node);
}

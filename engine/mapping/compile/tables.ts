import { childrenOf, marksOf, type Node, type ObjectNode } from './ast.ts';

/**
 * Variables that hold an object of written-out values and only serve to look things up in: such a table is made once,
 * not for each input. Nothing else of the expression gets hold of it.
 */
export function tableNamesIn(ast: Node): Set<string> {
  const uses = new Map<string, Use[]>();
  collect(ast, undefined, uses);
  const isTable = (all: readonly Use[]): boolean =>
    all.filter((use) => use === 'assignment').length === 1 && all.every((use) => use !== 'other');
  return new Set([...uses].flatMap(([name, all]) => (isTable(all) ? [name] : [])));
}

type Use = 'assignment' | 'look-up' | 'other';

function collect(node: Node, above: Node | undefined, uses: Map<string, Use[]>): void {
  if (node.type === 'variable') note(node.value, isLookUp(node, above) ? 'look-up' : 'other', uses);
  if (node.type === 'bind') note(node.lhs.value, isTableAssignment(node, above) ? 'assignment' : 'other', uses);
  if (node.type === 'lambda') for (const parameter of node.arguments) note(parameter.value, 'other', uses);
  const { focus, index } = marksOf(node);
  for (const name of [focus, index]) if (name !== undefined) note(name, 'other', uses);
  for (const child of childrenOf(node)) collect(child, node, uses);
}

function note(name: string, use: Use, uses: Map<string, Use[]>): void {
  uses.set(name, [...(uses.get(name) ?? []), use]);
}

/** `$lookup($table, …)`. */
function isLookUp(node: Node, above: Node | undefined): boolean {
  if (above?.type !== 'function' || above.arguments.length !== 2 || above.arguments[0] !== node) return false;
  const { procedure } = above;
  const isPlain = Object.keys(marksOf(node)).every((mark) => ['type', 'value', 'position'].includes(mark));
  return isPlain && procedure.type === 'variable' && procedure.value === 'lookup';
}

/** A statement of a block that is not its last, whose value would be the block's. */
function isTableAssignment(node: Node & { type: 'bind' }, above: Node | undefined): boolean {
  if (above?.type !== 'block' || above.expressions.at(-1) === node || !above.expressions.includes(node)) return false;
  return isTable(node.rhs) && marksOf(node).predicate === undefined && marksOf(node).group === undefined;
}

export function isTable(node: Node): node is ObjectNode {
  if (node.type !== 'unary' || node.value !== '{') return false;
  if (node.predicate !== undefined || node.group !== undefined || node.lhs.length === 0) return false;
  const isWritten = (part: Node): boolean => marksOf(part).predicate === undefined && marksOf(part).group === undefined;
  const keys = node.lhs.map(([key]) => (key.type === 'string' ? key.value : undefined));
  const isScalar = (value: Node): boolean => ['string', 'number', 'value'].includes(value.type);
  return (
    node.lhs.flat().every(isWritten) &&
    node.lhs.every(([, value]) => isScalar(value)) &&
    keys.every((key) => key !== undefined && !String(key).startsWith('_jsonata_')) &&
    new Set(keys).size === keys.length
  );
}

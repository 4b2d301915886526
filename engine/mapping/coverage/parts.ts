import { startOf } from '../check/place.ts';
import { childrenOf, type LambdaNode, type Node, type ObjectNode } from '../compile/ast.ts';

/** A part of a mapping that a case may exercise or not. */
export type Part =
  | { readonly kind: 'branch'; readonly node: Node & { type: 'condition' }; readonly side: boolean }
  | { readonly kind: 'operand'; readonly node: Node & { type: 'binary' }; readonly side: 'left' | 'right' }
  | { readonly kind: 'table-row'; readonly word: string; readonly keys: readonly Node[]; readonly node: Node }
  | { readonly kind: 'function'; readonly node: LambdaNode };

/**
 * Both sides of every condition, both operands of `and` and `or`, the rows of literal tables that `$lookup` asks, and the
 * bodies of functions; in the order of the text.
 */
export function partsOf(root: Node, text: string): Part[] {
  const nodes = [...everyNode(root)];
  const parts = [...nodes.flatMap(ownParts), ...tableRows(nodes)];
  return parts.toSorted((one, other) => placeOf(one, text) - placeOf(other, text));
}

function* everyNode(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* everyNode(child);
}

function ownParts(node: Node): Part[] {
  if (node.type === 'condition') {
    return [
      { kind: 'branch', node, side: true },
      { kind: 'branch', node, side: false },
    ];
  }
  if (node.type === 'binary' && (node.value === 'and' || node.value === 'or')) {
    const left: Part = { kind: 'operand', node, side: 'left' };
    // In `a or b or c` the operands of the inner one say all there is to say of it.
    const isChain = node.lhs.type === 'binary' && node.lhs.value === node.value;
    return [...(isChain ? [] : [left]), { kind: 'operand', node, side: 'right' }];
  }
  return node.type === 'lambda' && node.thunk !== true ? [{ kind: 'function', node }] : [];
}

/** By table: the expressions whose values are looked up in it. */
function tableRows(nodes: readonly Node[]): Part[] {
  const asked = new Map<ObjectNode, Node[]>();
  for (const node of nodes) {
    if (node.type !== 'function' || node.procedure.type !== 'variable' || node.procedure.value !== 'lookup') continue;
    const [table, key] = node.arguments;
    if (table === undefined || key === undefined) continue;
    for (const literal of tablesOf(table, nodes)) asked.set(literal, [...(asked.get(literal) ?? []), key]);
  }
  return [...asked].flatMap(([table, keys]) =>
    table.lhs.flatMap(([word]): Part[] =>
      word.type === 'string' ? [{ kind: 'table-row', word: String(word.value), keys, node: word }] : [],
    ),
  );
}

function tablesOf(table: Node, nodes: readonly Node[]): ObjectNode[] {
  const { type } = table;
  if (type !== 'variable') return isObject(table) ? [table] : [];
  return nodes.flatMap((node) =>
    node.type === 'bind' && node.lhs.value === table.value && isObject(node.rhs) ? [node.rhs] : [],
  );
}

function isObject(node: Node): node is ObjectNode {
  return node.type === 'unary' && node.value === '{';
}

/** Where in the text a part begins: what would run, if a case came here. */
export function placeOf(part: Part, text: string): number {
  switch (part.kind) {
    case 'branch':
      return startOf(part.side ? part.node.then : (part.node.else ?? part.node), text);
    case 'operand':
      return startOf(part.side === 'left' ? part.node.lhs : part.node.rhs, text);
    case 'table-row':
    case 'function':
      return startOf(part.node, text);
    default:
      return part satisfies never;
  }
}

/** What to say of a part that no case exercises. */
export function describePart(part: Part): string {
  switch (part.kind) {
    case 'branch':
      return part.side || part.node.else !== undefined ? 'No case comes here.' : 'The condition is never false.';
    case 'operand':
      return `Without it, every case comes to the same "${part.node.value}".`;
    case 'table-row':
      return `"${part.word}" is never looked up.`;
    case 'function':
      return 'The function is never called.';
    default:
      return part satisfies never;
  }
}

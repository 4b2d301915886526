import jsonata from 'jsonata';
import { childrenOf, type Node } from './compile/ast.ts';

/** The texts that stand in a JSONata expression word for word: of tables, comparisons and names. None if it does not parse. */
export function literalsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === 'string') found.add(String(node.value));
    childrenOf(node).forEach(visit);
  };
  try {
    // The package types the tree loosely; ast.ts says what it is.
    visit(jsonata(text).ast() as unknown as Node);
  } catch {
    return new Set();
  }
  return found;
}

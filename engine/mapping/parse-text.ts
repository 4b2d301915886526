import jsonata from 'jsonata';
import type { Node } from './compile/ast.ts';

/**
 * The tree of a JSONata text; throws what the package throws. The trees of the last texts are kept, as one that was joined
 * is checked next; nobody may change them.
 */
export function parseText(text: string): Node {
  const known = kept.get(text);
  if (known !== undefined) return known;
  // The package's own type leaves out the marks its parser adds.
  const tree = jsonata(text).ast() as unknown as Node;
  const [oldest] = kept.keys();
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
  kept.set(text, tree);
  return tree;
}

const kept = new Map<string, Node>();

/** As many as the mappings of a large feed, which are checked side by side. */
const mostKept = 32;

import { childrenOf, marksOf, type Node } from '../compile/ast.ts';

/**
 * A name for what a variable or plain path holds, the same wherever it is written: `$x`, `$x.a`, `$` for the context,
 * `.a.b` for a field of it. `undefined` for any other expression.
 */
export function keyOf(node: Node): string | undefined {
  // A condition asks for the keys of the same nodes once for each field a `$sift` goes through.
  const known = keys.get(node);
  if (known !== undefined) return known.key;
  const key = findKey(node);
  keys.set(node, { key });
  return key;
}

const keys = new WeakMap<Node, { readonly key: string | undefined }>();

function findKey(node: Node): string | undefined {
  if (isMarked(node)) return undefined;
  if (node.type === 'variable') return `$${node.value}`;
  if (node.type === 'path') return node.keepSingletonArray === true ? undefined : pathKey(node.steps);
  const [inner] = node.type === 'block' ? node.expressions : [];
  return inner !== undefined && node.type === 'block' && node.expressions.length === 1 ? keyOf(inner) : undefined;
}

/** The keys of all that an expression looks at, functions it calls left out; inner contexts are not told apart. */
export function keysIn(node: Node): Map<string, Node> {
  const found = new Map<string, Node>();
  collect(node, found);
  return found;
}

function collect(node: Node, found: Map<string, Node>): void {
  const key = keyOf(node);
  if (key !== undefined) {
    found.set(key, node);
    return;
  }
  for (const child of childrenOf(node)) {
    if (node.type === 'function' && child === node.procedure) continue;
    collect(child, found);
  }
}

function pathKey(steps: readonly Node[]): string | undefined {
  const parts: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (isMarked(step)) return undefined;
    if (step.type === 'name') parts.push(`.${step.value}`);
    else if (index === 0 && step.type === 'variable') parts.push(step.value === '' ? '' : `$${step.value}`);
    else return undefined;
  }
  return parts.join('');
}

function isMarked(node: Node): boolean {
  const { predicate, group, stages, focus, index, tuple, keepArray } = marksOf(node);
  const names = predicate ?? group ?? stages ?? focus ?? index;
  return names !== undefined || (tuple !== undefined && tuple) || keepArray === true;
}

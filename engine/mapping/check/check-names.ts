import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { childrenOf, marksOf, type Node } from '../compile/ast.ts';
import { startOf } from './place.ts';
import { signatures } from './signatures.ts';
import { report, type Walk } from './walk.ts';

/**
 * Reports variables that nothing sets: JSONata takes them for absent without a word, and fails to call them. `shared`
 * are names that the shared file offers, for advice.
 */
export function checkNames(walk: Walk, root: Node, bindings: readonly string[], shared: readonly string[] = []): void {
  const set = new Set<string>(['', '$', ...bindings, ...Object.keys(signatures)]);
  const used: { readonly name: string; readonly at: number }[] = [];
  gather(walk, root, set, used);
  const known = [...set, ...shared].filter((name) => name !== '' && name !== '$');
  for (const { name, at } of used) {
    if (set.has(name)) continue;
    const near = didYouMean(name, known);
    report(walk, {
      code: 'mapping/unknown-name',
      at,
      message: `Nothing sets $${name}.`,
      hint:
        near === undefined
          ? `The engine gives ${bindings.map((each) => `$${each}`).join(', ')}.`
          : `Did you mean $${near}?`,
    });
  }
}

function gather(walk: Walk, node: Node, set: Set<string>, used: { name: string; at: number }[]): void {
  const { focus, index, stages = [] } = marksOf(node);
  for (const name of [focus, index]) if (name !== undefined) set.add(name);
  for (const stage of stages) if (stage.type === 'index') set.add(stage.value);
  if (node.type === 'bind') set.add(node.lhs.value);
  if (node.type === 'lambda') for (const { value } of node.arguments) set.add(value);
  if (node.type === 'variable') used.push({ name: node.value, at: startOf(node, walk.text) });
  for (const child of childrenOf(node)) gather(walk, child, set, used);
}

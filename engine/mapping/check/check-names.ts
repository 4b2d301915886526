import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { childrenOf, marksOf, type Node } from '../compile/ast.ts';
import { startOf } from './place.ts';
import { signatures } from './signatures.ts';
import { report, type Walk } from './walk.ts';

/**
 * Reports variables that nothing sets: JSONata takes them for absent without a word, and fails to call them; and those
 * that are set and nothing uses. `shared` are names that the shared file offers, for advice.
 */
export function checkNames(walk: Walk, root: Node, bindings: readonly string[], shared: readonly string[] = []): void {
  const set = new Set<string>(['', '$', ...bindings, ...Object.keys(signatures)]);
  const used: Place[] = [];
  const idle: Place[] = [];
  gather(walk, root, set, used, idle);
  const known = [...set, ...shared].filter((name) => name !== '' && name !== '$');
  const needed = new Set(used.map(({ name }) => name));
  for (const { name, at } of used) {
    if (set.has(name)) continue;
    const near = didYouMean(name, known);
    if (near !== undefined) needed.add(near); // but for the slip it would be used
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
  for (const { name, at } of idle) {
    if (needed.has(name)) continue;
    report(walk, {
      code: 'mapping/unused-binding',
      severity: 'warning',
      at,
      message: `Nothing uses $${name}.`,
      hint: 'Use it, or delete it.',
    });
  }
}

type Place = { readonly name: string; readonly at: number };

/** `idle` are statements that set a variable and give no value to the block they stand in. */
function gather(walk: Walk, node: Node, set: Set<string>, used: Place[], idle: Place[]): void {
  const { focus, index, stages = [] } = marksOf(node);
  for (const name of [focus, index]) if (name !== undefined) set.add(name);
  for (const stage of stages) if (stage.type === 'index') set.add(stage.value);
  if (node.type === 'bind') set.add(node.lhs.value);
  if (node.type === 'lambda') for (const { value } of node.arguments) set.add(value);
  if (node.type === 'variable') used.push({ name: node.value, at: startOf(node, walk.text) });
  for (const statement of node.type === 'block' ? node.expressions.slice(0, -1) : [])
    if (statement.type === 'bind') idle.push({ name: statement.lhs.value, at: startOf(statement, walk.text) });
  for (const child of childrenOf(node)) gather(walk, child, set, used, idle);
}

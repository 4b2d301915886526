import type { Node } from '../compile/ast.ts';
import { bare } from '../trace/reads-of.ts';
import type { Visit } from '../trace/visit.ts';
import type { Part } from './parts.ts';

/** What the evaluations of some rows have visited, added up by node. */
export type Seen = { add(visits: readonly Visit[]): void; exercises(part: Part): boolean };

export function newSeen(): Seen {
  const visited = new Set<Node>();
  /** By condition and operator: how it went. */
  const went = new Map<Node, Set<unknown>>();
  const words = new Map<Node, Set<string>>();
  const note = <Key, Value>(notes: Map<Key, Set<Value>>, key: Key, value: Value) => {
    const values = notes.get(key);
    if (values === undefined) notes.set(key, new Set([value]));
    else values.add(value);
  };
  return {
    add(visits) {
      for (const visit of visits) {
        const { node, result } = visit;
        visited.add(node);
        if (node.type === 'condition') note(went, node, sideOf(visit, node));
        if (node.type === 'binary') note(went, node, decidedBy(visit, node));
        const word = bare(result);
        if (typeof word === 'string') note(words, node, word);
      }
    },
    exercises(part) {
      switch (part.kind) {
        case 'branch':
        case 'operand':
          return went.get(part.node)?.has(part.side) === true;
        case 'table-row':
          return part.keys.some((key) => words.get(key)?.has(part.word) === true);
        case 'function':
          return visited.has(part.node.body);
        default:
          return part satisfies never;
      }
    },
  };
}

/** `undefined` where the condition itself failed. */
function sideOf({ children, ended }: Visit, node: Node & { type: 'condition' }): boolean | undefined {
  if (children.some((child) => child.node === node.else)) return false;
  if (children.length > 1) return true;
  return ended ? false : undefined;
}

/** The operand without which the outcome would have been another. */
function decidedBy({ children, result, ended }: Visit, node: Node & { type: 'binary' }): 'left' | 'right' | undefined {
  if (!ended || (node.value !== 'and' && node.value !== 'or')) return undefined;
  if (!children.some((child) => child.node === node.rhs)) return 'left';
  return result === (node.value === 'or') ? 'right' : undefined;
}

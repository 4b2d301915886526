import type { Node } from '../compile/ast.ts';
import { startOf } from './place.ts';
import type { Value } from './value.ts';
import { quoteAt, report, type Walk } from './walk.ts';

/** A field that may be null, where null makes the mapping fail or turns into the word "null". */
export function reportNull(walk: Walk, value: Value, node: Node, user: string, isText: boolean): void {
  const isNullable = value.options.some((option) => option.kind === 'null' && option.origin.by === 'source');
  if (!isNullable) return;
  const what = quoteAt(walk, startOf(node, walk.text)) ?? 'This';
  report(walk, {
    code: 'mapping/unguarded-optional',
    severity: 'warning',
    at: startOf(node, walk.text),
    message: `${what} may be null, and ${user} ${isText ? 'makes the word "null" of that' : 'fails on null'}.`,
    hint: `Guard it: ${what === 'This' ? 'x' : what} != null ? … .`,
  });
}

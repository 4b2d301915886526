import type { ArrayNode, Pair } from '../compile/ast.ts';
import { startOf } from './place.ts';
import type { Scope } from './scope.ts';
import {
  arrayOf,
  elementsOf,
  type Field,
  isUnknown,
  itemsOf,
  join,
  leastItems,
  object,
  one,
  present,
  soleLiteral,
  type Value,
  withAbsent,
} from './value.ts';
import { report, type Walk } from './walk.ts';

/** `{ … }`; keys that are not written down may give any fields. */
export function evaluateObject(walk: Walk, pairs: readonly Pair[], at: number, outer: Scope): Value {
  const scope = grouped(outer, at);
  const fields = new Map<string, Field>();
  let open = false;
  for (const [keyNode, valueNode] of pairs) {
    const key = soleLiteral(walk.evaluate(keyNode, scope));
    const value = walk.evaluate(valueNode, scope);
    const keyAt = startOf(keyNode, walk.text);
    if (typeof key !== 'string') open = true;
    else {
      if (fields.has(key) && pairs.length > 1) reportTwice(walk, key, keyAt);
      fields.set(key, { value, keyAt, valueAt: startOf(valueNode, walk.text) });
    }
  }
  return object(fields, open, { by: 'mapping', at });
}

/**
 * Over an array, JSONata takes the items that give the same key together: one bare, none as nothing. Of several, one that is
 * itself an array is poured in.
 */
function grouped(scope: Scope, at: number): Scope {
  const { context } = scope;
  if (context.options.every(({ kind }) => kind !== 'array')) return scope;
  const items = itemsOf(context);
  const together = items.options.some(({ kind }) => kind === 'array')
    ? [one({ kind: 'array', items: present(itemsOf(items)), loose: false, min: 0, origin: { by: 'computed', at } })]
    : [];
  return { ...scope, context: withAbsent(join([items, context, ...together])) };
}

function reportTwice(walk: Walk, key: string, at: number): void {
  report(walk, {
    code: 'mapping/redundant-attribute',
    at,
    message: `"${key}" is given twice in one object; JSONata refuses that for every record.`,
    hint: 'Keep one of the two.',
  });
}

/** `[ … ]`: what is an array inside is poured out, unless it stands in brackets of its own. */
export function evaluateArray(walk: Walk, node: ArrayNode, at: number, scope: Scope): Value {
  const elements: Value[] = [];
  const origin = { by: 'mapping', at } as const;
  let min = 0;
  let isExact = true;
  for (const expression of node.expressions) {
    const value = walk.evaluate(expression, scope);
    const isBracketed = expression.type === 'unary' && expression.value === '[';
    const poured = isBracketed ? [value] : pouredOut(value);
    if (poured === undefined) isExact = false;
    elements.push(...(poured ?? [present(itemsOf(value))]));
    min += isBracketed && !value.absent ? 1 : leastItems(value);
  }
  if (isExact) return arrayOf(elements, false, origin);
  return one({ kind: 'array', items: present(join(elements)), loose: false, min, origin });
}

/** The elements a value adds, if each is known. */
function pouredOut(value: Value): readonly Value[] | undefined {
  if (isUnknown(value)) return undefined;
  if (value.options.every(({ kind }) => kind !== 'array')) return [value];
  const elements = elementsOf(present(value));
  return value.absent ? elements?.map((element) => withAbsent(element)) : elements;
}

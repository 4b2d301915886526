import type { BinaryNode, NegationNode } from '../compile/ast.ts';
import { assume } from './assume.ts';
import { reportNull } from './guards.ts';
import { startOf } from './place.ts';
import type { Scope } from './scope.ts';
import { truthOf } from './truth.ts';
import {
  anything,
  computed,
  literal,
  literalOf,
  type Option,
  sequenceOf,
  soleLiteral,
  type Value,
  withAbsent,
} from './value.ts';
import { mutely, type Walk } from './walk.ts';

export function evaluateBinary(walk: Walk, node: BinaryNode, scope: Scope): Value {
  const { lhs, rhs, value: operator } = node;
  const at = startOf(node, walk.text);
  switch (operator) {
    case 'and':
    case 'or':
      return connective(walk, node, at, scope);
    case '=':
    case '!=':
      return equality(walk.glance(lhs, scope), walk.glance(rhs, scope), operator, at);
    case 'in':
      return membership(walk, walk.evaluate(lhs, scope), walk.evaluate(rhs, scope), at);
    default:
  }
  const left = walk.evaluate(lhs, scope);
  const right = walk.evaluate(rhs, scope);
  reportNull(walk, left, lhs, `"${operator}"`, operator === '&');
  reportNull(walk, right, rhs, `"${operator}"`, operator === '&');
  switch (operator) {
    case '&':
      return concatenated(left, right, at);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(left, right, operator, at);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return withAbsent(computed('boolean', at), left.absent || right.absent);
    case '..':
      return range(left, right, at);
    default:
      return anything;
  }
}

/** The right side is only looked at where the left one has not decided. */
function connective(walk: Walk, node: BinaryNode, at: number, scope: Scope): Value {
  const isAnd = node.value === 'and';
  const left = truthOf(walk.evaluate(node.lhs, scope));
  const inside = assume(walk, node.lhs, isAnd, scope);
  const isDecided = left === !isAnd;
  const work = () => truthOf(walk.evaluate(node.rhs, inside));
  walk.branches++;
  const right = isDecided ? mutely(walk, work) : work();
  walk.branches--;
  if (isDecided || right === !isAnd) return literal(!isAnd, { by: 'computed', at });
  if (left === undefined || right === undefined) return computed('boolean', at);
  return literal(isAnd, { by: 'computed', at });
}

function equality(left: Value, right: Value, operator: '=' | '!=', at: number): Value {
  const isEqual = compared(left, right);
  return isEqual === undefined
    ? computed('boolean', at)
    : literal(isEqual === (operator === '='), { by: 'computed', at });
}

/** `undefined` where it depends, as it does for all that the source sends and all that may be absent. */
function compared(left: Value, right: Value): boolean | undefined {
  const [lefts, rights] = [writtenLiterals(left), writtenLiterals(right)];
  if (lefts === undefined || rights === undefined) return undefined;
  if (!lefts.some((one) => rights.includes(one))) return false;
  return lefts.length === 1 && rights.length === 1 ? true : undefined;
}

function membership(walk: Walk, left: Value, right: Value, at: number): Value {
  const lefts = writtenLiterals(left);
  const [list] = right.options;
  const elements = list?.kind === 'array' && right.options.length === 1 ? list.elements : undefined;
  const rights = elements?.map(writtenLiterals);
  if (elements !== undefined) walk.reads.askList(left, elements);
  if (lefts === undefined || rights === undefined || rights.includes(undefined) || right.absent) {
    return computed('boolean', at);
  }
  const known = rights.flatMap((each) => each ?? []);
  if (!lefts.some((one) => known.includes(one))) return literal(false, { by: 'computed', at });
  const isSure = lefts.length === 1 && rights.every((each) => each?.length === 1);
  return isSure ? literal(true, { by: 'computed', at }) : computed('boolean', at);
}

/** The values a part of the mapping has written down, if it can be nothing else. */
function writtenLiterals({ options, absent }: Value): (string | number | boolean | null)[] | undefined {
  if (absent || options.length === 0) return undefined;
  const values = options.map((option) => (isWritten(option) ? literalOf(option) : undefined));
  return values.includes(undefined) ? undefined : values.filter((value) => value !== undefined);
}

function isWritten(option: Option): boolean {
  return option.kind !== 'any' && option.origin.by !== 'source';
}

function concatenated(left: Value, right: Value, at: number): Value {
  const [one, other] = [writtenText(left), writtenText(right)];
  if (one === undefined || other === undefined) return computed('string', at);
  return literal(one + other, { by: 'mapping', at });
}

function writtenText(value: Value): string | undefined {
  const sole = soleLiteral(value);
  return typeof sole === 'string' || typeof sole === 'number' ? String(sole) : undefined;
}

function arithmetic(left: Value, right: Value, operator: '+' | '-' | '*' | '/' | '%', at: number): Value {
  const [one, other] = [soleLiteral(left), soleLiteral(right)];
  if (typeof one !== 'number' || typeof other !== 'number') {
    return withAbsent(computed('number', at), left.absent || right.absent);
  }
  const result = { '+': one + other, '-': one - other, '*': one * other, '/': one / other, '%': one % other }[operator];
  return Number.isFinite(result) ? literal(result, { by: 'mapping', at }) : computed('number', at);
}

/** `a..b` is a sequence of at least one, or nothing where b is less than a. */
function range(left: Value, right: Value, at: number): Value {
  const [from, to] = [soleLiteral(left), soleLiteral(right)];
  const length = typeof from === 'number' && typeof to === 'number' ? Math.max(0, to - from + 1) : 0;
  return sequenceOf(computed('number', at), length, { by: 'computed', at });
}

export function negated(walk: Walk, node: NegationNode, at: number, scope: Scope): Value {
  const value = walk.evaluate(node.expression, scope);
  reportNull(walk, value, node.expression, '"-"', false);
  return withAbsent(computed('number', at), value.absent);
}

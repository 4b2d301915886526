import type { BinaryNode, NegationNode } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import { emitTypeCall } from './calls.ts';
import { type Code, code, isName } from './code.ts';
import { listOf } from './constants.ts';
import { at, emit, type Place, truth } from './emit.ts';
import { use } from './program.ts';

/** Operators whose runtime function takes both sides and a place for errors. */
const numeric: { readonly [operator: string]: string } = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
};
const ordering: { readonly [operator: string]: string } = {
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
};

export function emitBinary(node: BinaryNode, place: Place): Code {
  const { value: operator, position } = node;
  if (operator === 'and' || operator === 'or') return emitLogic(node, operator, place);
  const { program } = place;
  const isOfType = operator === '=' ? emitTypeTest(node, place) : undefined;
  if (isOfType !== undefined) return isOfType;
  const left = emit(node.lhs, place);
  const list = operator === 'in' ? listOf(node.rhs, place) : undefined;
  if (list !== undefined) return code(membership(left, list, place), 'boolean', { defined: true });
  const right = emit(node.rhs, place);
  const here = (): string => at(place, position, operator);
  const named = numeric[operator] ?? ordering[operator];
  if (named !== undefined) {
    const js = `${use(program, named)}(${left.js}, ${right.js}, ${here()})`;
    return code(js, operator in numeric ? 'number' : 'boolean');
  }
  switch (operator) {
    case '=':
    case '!=':
      return code(equality(operator, left, right, place), 'boolean', { defined: true });
    case '&':
      return code(concatenation(left, right, here, place), 'string', { defined: true });
    case 'in':
      return code(`${use(program, 'includes')}(${left.js}, ${right.js})`, 'boolean', { defined: true });
    case '..':
      return code(`${use(program, 'range')}(${left.js}, ${right.js}, ${here()})`, 'array');
    default:
      throw new NotCompiled(`The operator ${operator} is not known.`, position);
  }
}

/** In a short list a text is found sooner by asking item for item. */
function membership(value: Code, list: string, { program }: Place): string {
  const items = program.lists.get(list) ?? [];
  if (value.kind !== 'string' || !isName(value) || items.length === 0 || items.length > 16) {
    return `${use(program, 'isIn')}(${value.js}, ${list})`;
  }
  return `(${items.map((item) => `${value.js} === ${item}`).join(' || ')})`;
}

/** `$type(a) = "string"`. A number beyond the range of JSON has no type: only what is no text is asked the long way. */
function emitTypeTest({ lhs, rhs }: BinaryNode, place: Place): Code | undefined {
  if (rhs.type !== 'string' || (rhs.predicate ?? rhs.group) !== undefined) return undefined;
  if (rhs.value !== 'string' && rhs.value !== 'boolean') return undefined;
  const typed = emitTypeCall(lhs, place);
  if (typed === undefined || !isName(typed.value)) return undefined;
  const { js } = typed.value;
  const test = `(typeof ${js} === "${rhs.value}" || ${typed.js} === "${rhs.value}")`;
  return code(test, 'boolean', { defined: true });
}

/** The right side's errors are reported at the operator, whatever they are. */
function emitLogic(node: BinaryNode, operator: 'and' | 'or', place: Place): Code {
  const override = place.override ?? { position: node.position, token: operator, overrides: true };
  const left = asBoolean(emit(node.lhs, place), { ...place, override });
  const right = asBoolean(emit(node.rhs, { ...place, override }), { ...place, override });
  return code(`(${left} ${operator === 'and' ? '&&' : '||'} ${right})`, 'boolean', { defined: true });
}

function asBoolean(value: Code, place: Place): string {
  const isPlain = value.kind === 'string' || (value.kind === 'boolean' && !value.defined);
  return isPlain ? `!!${value.js}` : truth(value, place);
}

/** With a text or number that is certain to be there, sameness is all there is to ask. */
function equality(operator: '=' | '!=', left: Code, right: Code, { program }: Place): string {
  const isPlain = ({ kind, defined }: Code): boolean =>
    defined && ['string', 'number', 'boolean', 'null'].includes(kind);
  if (operator === '=' && (isPlain(left) || isPlain(right))) return `(${left.js} === ${right.js})`;
  if (isPlain(left) && isPlain(right)) return `(${left.js} !== ${right.js})`;
  const other = isPlain(left) ? right : isPlain(right) ? left : undefined;
  if (other?.defined === true) return `(${left.js} !== ${right.js})`;
  // Both sides first: either may fail, whatever the other is.
  if (other !== undefined && isName(other)) return `(${left.js} !== ${right.js} && ${other.js} !== undefined)`;
  if (other !== undefined) return `${use(program, 'differs')}(${left.js}, ${right.js})`;
  return `${use(program, operator === '=' ? 'equal' : 'unequal')}(${left.js}, ${right.js})`;
}

/** Writing a value as text may fail, and only does so when both sides are there. */
function concatenation(left: Code, right: Code, here: () => string, { program }: Place): string {
  const isText = ({ kind, defined }: Code): boolean => kind === 'string' && defined;
  if (!isText(left)) return `${use(program, 'concat')}(${left.js}, ${right.js}, ${here()})`;
  return `(${left.js} + ${isText(right) ? right.js : `${use(program, 'text')}(${right.js}, ${here()})`})`;
}

export function emitNegation(node: NegationNode, place: Place): Code {
  const value = emit(node.expression, place);
  return code(`${use(place.program, 'negate')}(${value.js}, ${at(place, node.position, '-')})`, 'number');
}

import type { LiteralNode, RegexNode, VariableNode } from '../ast.ts';
import { NotCompiled } from '../not-compiled.ts';
import { type Code, code } from './code.ts';
import type { Place } from './emit.ts';
import { text, use, value } from './program.ts';
import { lookUp } from './scope.ts';

export function emitLiteral({ value: literal }: LiteralNode): Code {
  if (typeof literal === 'string') return code(text(literal), 'string', { defined: true });
  if (typeof literal === 'number') return code(numberLiteral(literal), 'number', { defined: true });
  return code(String(literal), literal === null ? 'null' : 'boolean', { defined: true });
}

function numberLiteral(number: number): string {
  if (Object.is(number, -0)) return '(-0)';
  return number < 0 ? `(${number})` : String(number);
}

/** `$` is the context; any other name is looked for outwards. */
export function emitVariable(node: VariableNode, { program, it, self, scope, isPlainInput }: Place): Code {
  if (node.value === '' && isPlainInput) return code(it, 'object', { defined: true });
  if (node.value !== '') return lookUp(program, scope, node.value);
  const isFollowed = (node.predicate ?? node.group) !== undefined || node.keepArray === true;
  if (isFollowed) return code(`${use(program, 'rawContext')}(${it})`);
  return { ...code(self === undefined ? `${use(program, 'contextValue')}(${it})` : self()), collapsed: true };
}

export function emitRegex(node: RegexNode, { program }: Place): Code {
  return code(`${use(program, 'regex')}(${pattern(node, program)}, ${node.position})`, 'function', { defined: true });
}

export function pattern(node: RegexNode, program: Place['program']): string {
  // The parser copies the left side of `?:` and `??` as JSON, which no regular expression survives.
  if (!(node.value instanceof RegExp)) throw new NotCompiled('A regular expression was lost.', node.position);
  return value(program, 'pattern_', node.value);
}

import type { BindNode, BlockNode, ConditionNode, Node } from '../ast.ts';
import { isPure } from '../survey.ts';
import { lineMark } from '../readable.ts';
import { type Code, code, isName, nothing } from './code.ts';
import { collapse, emit, type Place, truth } from './emit.ts';
import { isPlainLambda, weightOf } from './calls.ts';
import { emitConstant } from './constants.ts';
import { assignable, meansLibrary, openScope, temporary } from './scope.ts';

export function emitCondition(node: ConditionNode, place: Place): Code {
  const shared = emitOnce(node, place);
  if (shared !== undefined) return shared;
  const condition = truth(emit(node.condition, place), place);
  const then = emit(node.then, place);
  const otherwise = node.else === undefined ? nothing : emit(node.else, place);
  return either(condition, then, otherwise);
}

function either(condition: string, then: Code, otherwise: Code): Code {
  const kind = then.kind === otherwise.kind || otherwise === nothing ? then.kind : 'any';
  const facts = { defined: then.defined && otherwise.defined, stable: then.stable && otherwise.stable };
  return code(`(${condition} ? ${then.js} : ${otherwise.js})`, kind, facts);
}

/** `a ?: b` and `a ?? b` name `a` twice; where that makes no difference it is worked out once. */
function emitOnce(node: ConditionNode, place: Place): Code | undefined {
  if (node.else === undefined) return undefined;
  const { program, frame, scope } = place;
  const tested = testedForExistence(node.condition, () => meansLibrary(program, scope, 'exists'));
  const isLibrary = (called: string): boolean => meansLibrary(program, scope, called);
  if (!isSame(tested ?? node.condition, node.then) || !isPure(node.then, isLibrary)) return undefined;
  const value = emit(node.then, place);
  if (isName(value)) {
    const test = tested === undefined ? truth(value, place) : `${value.js} !== undefined`;
    return either(test, value, emit(node.else, place));
  }
  const name = temporary(program, frame, 'value_');
  const set = `(${name} = ${value.js})`;
  const condition = tested === undefined ? truth({ ...value, js: set }, place) : `${set} !== undefined`;
  return either(condition, { ...value, js: name }, emit(node.else, place));
}

function testedForExistence(condition: Node, isLibrary: () => boolean): Node | undefined {
  if (condition.type !== 'function' || condition.arguments.length !== 1) return undefined;
  const { procedure } = condition;
  const isExists = procedure.type === 'variable' && procedure.value === 'exists' && isLibrary();
  return isExists && condition.predicate === undefined && condition.group === undefined
    ? condition.arguments[0]
    : undefined;
}

function isSame(one: Node, other: Node): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function emitBlock(node: BlockNode, place: Place): Code {
  const scope = openScope(place.program, place.frame, place.scope, node.expressions);
  const parts = emitSequence(node.expressions, { ...place, scope });
  const last = parts.at(-1);
  if (last === undefined) return nothing;
  if (parts.length === 1) return last;
  return { ...last, js: `(\n${parts.map((part) => part.js).join(',\n')}\n)` };
}

/** Expressions one after the other: what one assigns, the next ones may rely on. */
export function emitSequence(expressions: readonly Node[], place: Place): Code[] {
  return expressions.map((expression) => {
    if (expression.type !== 'bind') return emit(expression, place);
    const variable = assignable(place.scope, expression.lhs.value, expression.position);
    // A function's body runs after the assignment, so it may rely on its own name.
    if (expression.rhs.type === 'lambda') variable.assigned = true;
    if (isPlainLambda(expression.rhs) && variable.isSingle) variable.weight = weightOf(expression.rhs);
    const part = emit(expression, place);
    variable.assigned = true;
    return part;
  });
}

export function emitBind(node: BindNode, place: Place): Code {
  const name = node.lhs.value;
  const variable = assignable(place.scope, name, node.position);
  const constant = emitConstant(node.rhs, name, place);
  if (constant !== undefined) {
    variable.constant = constant.js;
    return code(`(${variable.js} = ${constant.value})`, constant.kind, { defined: true, stable: true });
  }
  const value = emit(node.rhs, place);
  const { js, ...facts } = variable.collapses ? collapse(value, false, place) : value;
  if (variable.isSingle) variable.facts = { ...facts, collapsed: variable.collapses };
  return { ...facts, collapsed: variable.collapses, js: `(${lineComment(node.position)}${variable.js} = ${js})` };
}

function lineComment(position: number | undefined): string {
  return position === undefined ? '' : `/*${lineMark(position)} */ `;
}

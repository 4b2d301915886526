import { marksOf, type Node } from '../compile/ast.ts';
import { assume } from './assume.ts';
import { applyNode, callNode, lambdaValue, partialValue } from './call.ts';
import { evaluateBinary, negated } from './operators.ts';
import type { Findings } from './findings.ts';
import { evaluateArray, evaluateObject } from './construct.ts';
import { keyOf } from './key-of.ts';
import { libraryFunction } from './library.ts';
import { everyValue, lookUp } from './look-up.ts';
import { evaluatePath, filtered, tight } from './path.ts';
import { startOf } from './place.ts';
import type { Reads } from './reads.ts';
import { findBinding, forget, innerFrame, type Scope } from './scope.ts';
import { truthOf } from './truth.ts';
import { anything, join, literal, nothing, one, type Value, withAbsent } from './value.ts';
import { mostDepth, mostSteps, mutely, type Walk } from './walk.ts';

/** Begins a walk through a mapping's text. */
export function createWalk(text: string, reads: Reads, findings: Findings): Walk {
  const walk: Walk = {
    text,
    reads,
    findings,
    muted: 0,
    branches: 0,
    depth: 0,
    steps: 0,
    evaluate(node, scope) {
      const value = walk.glance(node, scope);
      reads.useValue(value);
      return value;
    },
    glance: (node, scope) => bounded(walk, node, scope),
  };
  return walk;
}

function bounded(walk: Walk, node: Node, scope: Scope): Value {
  if (++walk.steps > mostSteps || walk.depth >= mostDepth) return giveUp(walk);
  walk.depth++;
  try {
    return marked(walk, node, scope);
  } finally {
    walk.depth--;
  }
}

/** Beyond what is followed, everything may be read and anything may come out. */
function giveUp(walk: Walk): Value {
  walk.reads.useWhole('');
  return anything;
}

function marked(walk: Walk, node: Node, scope: Scope): Value {
  const key = keyOf(node);
  const plain = evaluateNode(walk, node, scope);
  if (node.type === 'path') return key === undefined ? plain : (scope.facts.get(key)?.value ?? plain);
  const { predicate = [], group, keepArray } = marksOf(node);
  let value = key === undefined ? plain : (scope.facts.get(key)?.value ?? plain);
  for (const { expr } of predicate) value = filtered(walk, value, expr, scope);
  if (group !== undefined)
    value = evaluateObject(walk, group.lhs, startOf(node, walk.text), { ...scope, context: value });
  return keepArray === true ? keptArray(node, value, predicate.length > 0) : value;
}

/** `[]` keeps what is a sequence by itself an array; in brackets or a variable it has become a bare value before. */
function keptArray(node: Node, value: Value, isFiltered: boolean): Value {
  if (isFiltered) return tight(value);
  return node.type === 'function' || node.type === 'apply' ? join([value, anything]) : value;
}

function evaluateNode(walk: Walk, node: Node, scope: Scope): Value {
  const at = startOf(node, walk.text);
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return literal(node.value, { by: 'mapping', at });
    case 'name':
      return lookUp(walk, scope.context, node.value, at);
    case 'variable':
      return variableValue(walk, node.value, at, scope);
    case 'path':
      return evaluatePath(walk, node, scope);
    case 'binary':
      return evaluateBinary(walk, node, scope);
    case 'unary':
      if (node.value === '[') return evaluateArray(walk, node, at, scope);
      if (node.value === '{') return evaluateObject(walk, node.lhs, at, scope);
      return negated(walk, node, at, scope);
    case 'condition':
      return evaluateCondition(walk, node, scope);
    case 'block':
      return evaluateBlock(walk, node.expressions, scope);
    case 'bind':
      return bind(walk, node.lhs.value, node.rhs, scope);
    case 'function':
      return callNode(walk, node, scope);
    case 'partial':
      return partialValue(walk, node, scope);
    case 'apply':
      return applyNode(walk, node, scope);
    case 'lambda':
      return node.thunk === true ? lastCall(walk, node.body, scope) : lambdaValue(walk, node, at, scope);
    case 'regex':
      return one({ kind: 'function', call: () => anything, origin: { by: 'mapping', at } });
    case 'wildcard':
      walk.reads.useValue(scope.context);
      return everyValue(scope.context, at);
    case 'descendant':
    case 'parent':
    case 'transform':
    case 'sort':
    case 'operator':
    case 'error':
      return opaque(walk, node, scope);
    default:
      return node satisfies never;
  }
}

/** What is not followed: it may read all of its context. */
function opaque(walk: Walk, node: Node, scope: Scope): Value {
  walk.reads.useValue(scope.context);
  if (node.type === 'parent') walk.reads.useWhole('');
  if (node.type !== 'transform') return anything;
  mutely(walk, () => {
    for (const part of [node.pattern, node.update, node.delete]) if (part !== undefined) walk.evaluate(part, scope);
  });
  return one({
    kind: 'function',
    call: () => anything,
    origin: { by: 'mapping', at: startOf(node, walk.text) },
  });
}

/** The last call of a function forgets what stands behind it. */
function lastCall(walk: Walk, node: Node, scope: Scope): Value {
  const value = walk.evaluate(node, scope);
  const { group, keepArray } = marksOf(node);
  return group === undefined && keepArray !== true ? value : join([value, anything]);
}

function variableValue(walk: Walk, name: string, at: number, scope: Scope): Value {
  if (name === '') return scope.context;
  return findBinding(scope.frame, name)?.value ?? libraryFunction(walk, name, at, scope) ?? anything;
}

function evaluateCondition(walk: Walk, node: Node & { type: 'condition' }, scope: Scope): Value {
  const verdict = truthOf(walk.evaluate(node.condition, scope));
  const branch = (part: Node, truth: boolean) => {
    const inside = assume(walk, node.condition, truth, scope);
    walk.branches++;
    const value = verdict === !truth ? mutely(walk, () => walk.evaluate(part, inside)) : walk.evaluate(part, inside);
    walk.branches--;
    return verdict === !truth ? undefined : value;
  };
  const then = branch(node.then, true);
  const otherwise = node.else === undefined ? (verdict === true ? undefined : nothing) : branch(node.else, false);
  return join([then, otherwise].filter((value) => value !== undefined));
}

function evaluateBlock(walk: Walk, expressions: readonly Node[], scope: Scope): Value {
  let inside: Scope = { ...scope, frame: innerFrame(scope.frame, walk.branches) };
  let value = nothing;
  for (const [index, expression] of expressions.entries()) {
    const isLast = index === expressions.length - 1;
    value = isLast ? walk.glance(expression, inside) : walk.evaluate(expression, inside);
    if (expression.type === 'bind') inside = { ...inside, facts: forget(inside.facts, [expression.lhs.value]) };
  }
  return value;
}

function bind(walk: Walk, name: string, node: Node, scope: Scope): Value {
  const value = walk.evaluate(node, scope);
  const { frame, context } = scope;
  if (walk.branches > frame.branches) {
    const before = findBinding(frame, name)?.value ?? nothing;
    frame.variables.set(name, { value: withAbsent(join([before, value]), before.absent || value.absent) });
  } else {
    frame.variables.set(name, { value, node, context });
  }
  return value;
}

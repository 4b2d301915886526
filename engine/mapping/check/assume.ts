import type { BinaryNode, CallNode, Node } from '../compile/ast.ts';
import { keyOf, keysIn } from './key-of.ts';
import { findBinding, type Fact, type Facts, type Scope } from './scope.ts';
import { truthOfOption } from './truth.ts';
import { anything, join, literalOf, nothing, type Option, present, type Value } from './value.ts';
import { mostSteps, mutely, type Walk } from './walk.ts';

/** A condition on a variable is followed through so many variables it was made from. */
const mostLinks = 4;

/**
 * The scope where a condition has come out true, or false: what it tests is known better there. What a condition says
 * in a way not understood here is not known any more, so that nothing is reported that the condition may rule out.
 */
export function assume(walk: Walk, condition: Node, truth: boolean, scope: Scope): Scope {
  return mutely(walk, () => settle(walk, condition, truth, scope, mostLinks));
}

function settle(walk: Walk, node: Node, truth: boolean, scope: Scope, links: number): Scope {
  if (++walk.steps > mostSteps) return scope;
  if (links === 0) return unsettle(walk, node, scope, 0);
  if (keyOf(node) !== undefined) return settleKeyed(walk, node, truth, scope, links);
  if (node.type === 'binary') return settleBinary(walk, node, truth, scope, links);
  if (node.type === 'function') return settleCall(walk, node, truth, scope, links);
  if (node.type === 'block' && node.expressions.length === 1) {
    const [inner] = node.expressions;
    if (inner !== undefined) return settle(walk, inner, truth, scope, links);
  }
  // `a ? b` without an else is true only if a is.
  if (node.type === 'condition' && truth && node.else === undefined) {
    return settle(walk, node.then, true, settle(walk, node.condition, true, scope, links), links);
  }
  return unsettle(walk, node, scope, links);
}

function settleCall(walk: Walk, node: CallNode, truth: boolean, scope: Scope, links: number): Scope {
  const name = libraryName(node.procedure, scope);
  if (name === 'lookup') return unsettleTested(walk, node, scope, links);
  const [argument, ...others] = node.arguments;
  if (argument === undefined || others.length > 0) return unsettle(walk, node, scope, links);
  if (name === 'not') return settleNot(walk, argument, truth, scope, links);
  if (name === 'boolean') return settle(walk, argument, truth, scope, links);
  return name === 'exists' ? settleExists(walk, argument, truth, scope, links) : unsettle(walk, node, scope, links);
}

/** A variable or path by itself: it is there, and neither null, 0, "" nor false; or it is one of these. */
function settleKeyed(walk: Walk, node: Node, truth: boolean, scope: Scope, links: number): Scope {
  const value = walk.glance(node, scope);
  const options = value.options.filter((option) => truthOfOption(option) !== !truth);
  const own = put(scope, node, { options, absent: !truth && value.absent });
  const made = makingOf(node, scope);
  return made === undefined ? own : settle(walk, made, truth, own, links - 1);
}

/** The expression a variable was set by, where it means here what it meant there. */
function makingOf(node: Node, scope: Scope): Node | undefined {
  if (node.type !== 'variable') return undefined;
  const binding = findBinding(scope.frame, node.value);
  return binding !== undefined && binding.context === scope.context ? binding.node : undefined;
}

/** `$not` of nothing is nothing, and so not true either. */
function settleNot(walk: Walk, node: Node, truth: boolean, scope: Scope, links: number): Scope {
  if (!truth && walk.glance(node, scope).absent) return unsettle(walk, node, scope, links);
  return settle(walk, node, !truth, scope, links);
}

function settleExists(walk: Walk, node: Node, truth: boolean, scope: Scope, links: number): Scope {
  if (keyOf(node) === undefined) return unsettleTested(walk, node, scope, links);
  const own = put(scope, node, truth ? present(walk.glance(node, scope)) : nothing);
  const made = makingOf(node, scope);
  if (!truth || made?.type !== 'condition' || made.else !== undefined) {
    return made === undefined ? own : unsettle(walk, made, own, links - 1);
  }
  return settle(walk, made.condition, true, own, links - 1);
}

function settleBinary(walk: Walk, node: BinaryNode, truth: boolean, scope: Scope, links: number): Scope {
  const { lhs, rhs, value: operator } = node;
  switch (operator) {
    case 'and':
    case 'or': {
      const left = settle(walk, lhs, operator === 'and', scope, links);
      const both = settle(walk, rhs, truth, left, links);
      if (truth === (operator === 'and')) return both;
      return either(walk, settle(walk, lhs, truth, scope, links), both, scope);
    }
    case '=':
    case '!=':
      return settleEqual(walk, node, truth === (operator === '='), scope, links);
    case 'in': {
      const list = finiteItems(walk.glance(rhs, scope));
      if (list === undefined || keyOf(lhs) === undefined) return unsettle(walk, node, scope, links);
      return restrict(walk, lhs, list, truth, scope, '=');
    }
    default:
      return unsettle(walk, node, scope, links);
  }
}

function settleEqual(walk: Walk, node: BinaryNode, isEqual: boolean, scope: Scope, links: number): Scope {
  const { lhs, rhs, value: operator } = node;
  const sides = [
    [lhs, rhs],
    [rhs, lhs],
  ] as const;
  for (const [tested, other] of sides) {
    const literals = finiteItems(walk.glance(other, scope));
    if (literals === undefined || keyOf(other) !== undefined) continue;
    const typed = typeTested(tested, scope);
    if (typed !== undefined) return restrictKind(walk, typed, literals, isEqual, scope);
    if (keyOf(tested) === undefined) continue;
    return restrict(walk, tested, literals, isEqual, scope, operator === '=' ? '=' : '!=');
  }
  return unsettleTested(walk, isNull(walk, node, scope) ? node.lhs : node, scope, links);
}

function isNull(walk: Walk, { rhs }: BinaryNode, scope: Scope): boolean {
  return finiteItems(walk.glance(rhs, scope))?.every(({ kind }) => kind === 'null') === true;
}

/** `$type(x)`: the x. */
function typeTested(node: Node, scope: Scope): Node | undefined {
  if (node.type !== 'function' || libraryName(node.procedure, scope) !== 'type') return undefined;
  const [argument] = node.arguments;
  return argument !== undefined && keyOf(argument) !== undefined ? argument : undefined;
}

function restrictKind(walk: Walk, node: Node, names: readonly Option[], isEqual: boolean, scope: Scope): Scope {
  const kinds = names.map(literalOf);
  const value = walk.glance(node, scope);
  const options = value.options.flatMap((option): Option[] => {
    if (option.kind === 'array' && option.loose) return [{ kind: 'any' }];
    if (option.kind !== 'any') return kinds.includes(option.kind) === isEqual ? [option] : [];
    return isEqual ? kinds.map(optionOfKind) : [option];
  });
  return put(scope, node, { options, absent: !isEqual && value.absent });
}

function optionOfKind(kind: unknown): Option {
  const origin = { by: 'source', at: 0 } as const;
  if (kind === 'string' || kind === 'number' || kind === 'boolean') return { kind, origin };
  return kind === 'null' ? { kind, origin: { by: 'computed', at: 0 } } : { kind: 'any' };
}

/** Only, or anything but, some literals. */
function restrict(
  walk: Walk,
  node: Node,
  literals: readonly Option[],
  isIn: boolean,
  scope: Scope,
  operator: '=' | '!=',
): Scope {
  const value = walk.glance(node, scope);
  const values = new Set(literals.map(literalOf));
  const may = (option: Option) => {
    const own = literalOf(option);
    if (own !== undefined) return values.has(own) === isIn;
    return !isIn || option.kind === 'any' || literals.some(({ kind }) => kind === option.kind);
  };
  const options = value.options.filter(may);
  const isNarrowed = isIn && options.some((option) => literalOf(option) === undefined);
  const narrowed = isNarrowed ? literals.map((option) => ofSource(option)) : options;
  // What is absent is neither = nor != to anything.
  return put(scope, node, { options: narrowed, absent: value.absent && isIn === (operator === '!=') });
}

/** A literal the source has been found to send: it is not the mapping's own. */
function ofSource(option: Option): Option {
  return option.kind === 'any' ? option : { ...option, origin: { ...option.origin, by: 'computed' } };
}

/** The literals a value is one of. */
function finiteItems(value: Value): readonly Option[] | undefined {
  if (value.absent || value.options.length === 0) return undefined;
  const items = value.options.flatMap((option): readonly (Option | undefined)[] => {
    if (option.kind !== 'array') return [option];
    return option.items.options.length === 0 ? [undefined] : option.items.options;
  });
  const known = items.filter((item) => item !== undefined && literalOf(item) !== undefined);
  return known.length === items.length ? known.filter((item) => item !== undefined) : undefined;
}

/** After a condition not understood, all it looks at may be anything. */
function unsettle(walk: Walk, node: Node, scope: Scope, links: number): Scope {
  let result = scope;
  for (const inner of keysIn(node).values()) {
    const value = walk.glance(inner, scope);
    if (value.options.every(({ kind }) => kind === 'function')) continue;
    walk.reads.useValue(value);
    result = put(result, inner, { options: anything.options, absent: value.absent });
    const made = links > 0 ? makingOf(inner, scope) : undefined;
    if (made !== undefined) result = unsettle(walk, made, result, links - 1);
  }
  return result;
}

/** That a look-up finds something rules out nothing of what stands in its table. */
function unsettleTested(walk: Walk, node: Node, scope: Scope, links: number): Scope {
  if (node.type !== 'function' || libraryName(node.procedure, scope) !== 'lookup') {
    return unsettle(walk, node, scope, links);
  }
  return node.arguments.slice(1).reduce((result, argument) => unsettle(walk, argument, result, links), scope);
}

/** What holds whichever of two scopes is the right one. */
function either(walk: Walk, left: Scope, right: Scope, outer: Scope): Scope {
  const facts = new Map<string, Fact>(outer.facts);
  for (const [key, { node }] of new Map([...left.facts, ...right.facts])) {
    const values = [left, right].map((scope) => scope.facts.get(key)?.value ?? walk.glance(node, outer));
    facts.set(key, { node, value: join(values) });
  }
  return { ...outer, facts };
}

function put(scope: Scope, node: Node, value: Value): Scope {
  const key = keyOf(node);
  if (key === undefined) return scope;
  const facts: Facts = new Map([...scope.facts, [key, { node, value }]]);
  return { ...scope, facts };
}

/** The function of JSONata's own that a call names. */
export function libraryName(procedure: Node, scope: Scope): string | undefined {
  if (procedure.type !== 'variable' || findBinding(scope.frame, procedure.value) !== undefined) return undefined;
  return procedure.value;
}

import type { ApplyNode, CallNode, LambdaNode, Node, PartialNode } from '../compile/ast.ts';
import { libraryName } from './assume.ts';
import { callHigherOrder, isHigherOrder, takesContext } from './higher-order.ts';
import { libraryCall, partsLookedAt } from './library.ts';
import { startOf } from './place.ts';
import { forget, innerFrame, type Scope } from './scope.ts';
import { anything, join, nothing, one, type Value } from './value.ts';
import type { Walk } from './walk.ts';

/** `f(a, b)`; `first` is what `~>` hands over. */
export function callNode(walk: Walk, node: CallNode, scope: Scope, first?: { value: Value; node: Node }): Value {
  const at = startOf(node, walk.text);
  const name = libraryName(node.procedure, scope);
  const isOfContext = first === undefined && name !== undefined && takesContext(name, node.arguments.length);
  const before = first === undefined && !isOfContext ? 0 : 1;
  const nodes = first === undefined ? node.arguments : [first.node, ...node.arguments];
  const args = node.arguments.map((argument, index) => {
    const isGlance = name !== undefined && partsLookedAt(name, index + before);
    return isGlance ? walk.glance(argument, scope) : walk.evaluate(argument, scope);
  });
  const given = isOfContext ? scope.context : first?.value;
  const all = given === undefined ? args : [given, ...args];
  if (name === undefined) return callValue(walk.evaluate(node.procedure, scope), all, at);
  if (isHigherOrder(name)) return callHigherOrder(walk, name, all, at);
  return libraryCall(walk, name, all, nodes, at, scope);
}

function callValue(callee: Value, args: readonly Value[], at: number): Value {
  const results = callee.options.map((option) => (option.kind === 'function' ? option.call(args, at) : anything));
  return results.length === 0 ? anything : join(results);
}

/** `a ~> f`, `a ~> f(b)`, `f ~> g`. */
export function applyNode(walk: Walk, node: ApplyNode, scope: Scope): Value {
  const at = startOf(node, walk.text);
  const { lhs, rhs } = node;
  const calls = rhs.type === 'function' ? libraryName(rhs.procedure, scope) : libraryName(rhs, scope);
  const isGlance = calls !== undefined && partsLookedAt(calls, 0);
  const value = isGlance ? walk.glance(lhs, scope) : walk.evaluate(lhs, scope);
  if (rhs.type === 'function') return callNode(walk, rhs, scope, { value, node: lhs });
  const callee = walk.evaluate(rhs, scope);
  if (value.options.some(({ kind }) => kind === 'function')) return chained(value, callee, at);
  if (calls === undefined) return callValue(callee, [value], at);
  return isHigherOrder(calls)
    ? callHigherOrder(walk, calls, [value], at)
    : libraryCall(walk, calls, [value], [lhs], at, scope);
}

function chained(first: Value, second: Value, at: number): Value {
  return one({
    kind: 'function',
    call: (args, place) => callValue(second, [callValue(first, args, place)], place),
    origin: { by: 'mapping', at },
  });
}

/** A call inside a call inside … of itself is not followed further than this. */
const mostCalls = 6;

export function lambdaValue(walk: Walk, node: LambdaNode, at: number, scope: Scope): Value {
  let calls = 0;
  const names = node.arguments.map(({ value }) => value);
  const call = (args: readonly Value[]): Value => {
    if (calls >= mostCalls) return anything;
    calls++;
    const frame = innerFrame(scope.frame, walk.branches);
    for (const [index, name] of names.entries()) {
      // A signature may put the context in place of what is missing.
      const missing = node.signature === undefined ? nothing : anything;
      frame.variables.set(name, { value: args[index] ?? missing });
    }
    const value = walk.evaluate(node.body, { ...scope, frame, facts: forget(scope.facts, names) });
    calls--;
    return value;
  };
  return one({ kind: 'function', call, origin: { by: 'mapping', at } });
}

/** `f(?, b)`. */
export function partialValue(walk: Walk, node: PartialNode, scope: Scope): Value {
  const given = node.arguments.map((argument) => {
    return argument.type === 'operator' ? undefined : walk.evaluate(argument, scope);
  });
  const callee = walk.evaluate(node.procedure, scope);
  const call = (args: readonly Value[], at: number): Value => {
    const rest = [...args];
    return callValue(
      callee,
      given.map((value) => value ?? rest.shift() ?? nothing),
      at,
    );
  };
  return one({ kind: 'function', call, origin: { by: 'mapping', at: startOf(node, walk.text) } });
}

import { type CallNode, childrenOf, marksOf, type Node } from './ast.ts';

/** Names that steps of the expression bind: `@$name`, `#$name`, and the labels `%` is resolved by. */
export function tupleNamesIn(node: Node): Set<string> {
  const { focus, index, ancestor, stages } = marksOf(node);
  const own = [
    focus,
    index,
    ancestor?.label,
    ...(stages ?? []).map((stage) => (stage.type === 'index' ? stage.value : undefined)),
  ];
  const names = new Set(own.filter((name) => name !== undefined));
  for (const child of childrenOf(node)) for (const name of tupleNamesIn(child)) names.add(name);
  return names;
}

/** Variables that stand with a filter, a group or `[]` behind them. */
export function filteredNamesIn(node: Node): Set<string> {
  const { predicate, group, stages, keepArray } = marksOf(node);
  const isFiltered = (predicate ?? group ?? stages) !== undefined || keepArray === true;
  const names = new Set(node.type === 'variable' && isFiltered ? [node.value] : []);
  for (const child of childrenOf(node)) for (const name of filteredNamesIn(child)) names.add(name);
  return names;
}

/**
 * Whether an error may depend on the interpreter's order of events. It works out the items of an array, the values of an
 * object and those of groups side by side: with two that may fail, the one that fails sooner counts, not the first.
 */
export function mayFailSideBySide(node: Node): boolean {
  const sides = sideBySide(node);
  return (
    sides.some((values) => values.filter(mayFail).length > 1) ||
    hasManyGroups(node) ||
    childrenOf(node).some(mayFailSideBySide)
  );
}

function sideBySide(node: Node): Node[][] {
  const { group } = marksOf(node);
  const groups = group === undefined ? [] : [group.lhs.map(([, value]) => value)];
  if (node.type !== 'unary') return groups;
  if (node.value === '[') return [node.expressions, ...groups];
  return node.value === '{' ? [node.lhs.map(([, value]) => value), ...groups] : groups;
}

/** Keys that are worked out may give any number of groups. */
function hasManyGroups(node: Node): boolean {
  const pairs = [...(marksOf(node).group?.lhs ?? []), ...(node.type === 'unary' && node.value === '{' ? node.lhs : [])];
  return pairs.some(([key, value]) => key.type !== 'string' && mayFail(value));
}

/** Names, literals, variables and functions themselves never fail. */
function mayFail(node: Node): boolean {
  const { predicate, group, stages } = marksOf(node);
  if (predicate !== undefined || group !== undefined || stages !== undefined) return true;
  if (node.type === 'path') return node.steps.some(mayFail);
  if (node.type === 'block') return node.expressions.some(mayFail);
  return !neverFailing.has(node.type);
}

const neverFailing: ReadonlySet<Node['type']> = new Set([
  ...(['name', 'string', 'number', 'value', 'variable', 'wildcard', 'descendant', 'lambda', 'regex'] as const),
]);

/** Whether working a value out cannot fail, whatever the data: comparisons of fields and the like. */
export function neverFails(node: Node): boolean {
  if (!isBare(node)) return false;
  if (node.type === 'binary') return isComparison(node);
  if (node.type === 'path') return node.steps.every((step) => step.type === 'name' && isBare(step));
  return ['name', 'string', 'number', 'value', 'variable'].includes(node.type);
}

/** Whether a value is a plain yes or no that never fails: asking whether it holds does not fail either. */
function isComparison(node: Node): boolean {
  if (node.type !== 'binary' || !isBare(node)) return false;
  const { value: operator, lhs, rhs } = node;
  if (operator === 'and' || operator === 'or') return isComparison(lhs) && isComparison(rhs);
  return ['=', '!=', 'in'].includes(operator) && neverFails(lhs) && neverFails(rhs);
}

function isBare(node: Node): boolean {
  const { predicate, group, stages } = marksOf(node);
  return (predicate ?? group ?? stages) === undefined;
}

/** The first assignment made inside an array or object, whose other values may see it or not. */
export function assignmentSideBySide(node: Node): Node | undefined {
  for (const values of sideBySide(node)) {
    const found = values.length > 1 ? values.map(ownAssignment).find((bind) => bind !== undefined) : undefined;
    if (found !== undefined) return found;
  }
  if (marksOf(node).group !== undefined || (node.type === 'unary' && node.value === '{')) {
    const found = sideBySide(node)
      .flat()
      .map(ownAssignment)
      .find((bind) => bind !== undefined);
    if (found !== undefined) return found;
  }
  for (const child of childrenOf(node)) {
    const found = assignmentSideBySide(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An assignment in the scope a node stands in. */
function ownAssignment(node: Node): Node | undefined {
  if (node.type === 'bind') return node;
  if (node.type === 'block' || node.type === 'lambda') return undefined;
  for (const child of childrenOf(node)) {
    const found = ownAssignment(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether working a value out twice gives the same value twice, and does nothing else. */
export function isPure(node: Node, isLibrary: (name: string) => boolean): boolean {
  if (impure.has(node.type)) return false;
  return (
    (node.type !== 'function' || isPureCall(node, isLibrary)) &&
    childrenOf(node).every((child) => isPure(child, isLibrary))
  );
}

const impure: ReadonlySet<Node['type']> = new Set([
  'bind',
  'lambda',
  'regex',
  'partial',
  'apply',
  'transform',
] as const);

function isPureCall({ procedure }: CallNode, isLibrary: (name: string) => boolean): boolean {
  if (procedure.type !== 'variable' || !isLibrary(procedure.value)) return false;
  return procedure.value !== 'random' && procedure.value !== 'shuffle';
}

/** How deep the interpreter's own calls may go for a node; what it works out side by side adds up. */
export function depthOf(node: Node): number {
  const together = sideBySide(node);
  const waiting = together.map((values) => sum(values.filter((value) => !isImmediate(value)).map(depthOf)));
  const beside = new Set(together.flat());
  const alone = childrenOf(node)
    .filter((child) => !beside.has(child))
    .map(depthOf);
  return 1 + Math.max(isImmediate(node) ? 0 : 1, ...waiting, ...alone);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Done at once: it is not under way while its neighbours are. */
function isImmediate(node: Node): boolean {
  const { predicate, group } = marksOf(node);
  return (
    predicate === undefined &&
    group === undefined &&
    node.type !== 'path' &&
    node.type !== 'block' &&
    neverFailing.has(node.type)
  );
}

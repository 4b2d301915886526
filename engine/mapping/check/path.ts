import { marksOf, type Node, type PathNode } from '../compile/ast.ts';
import { assume } from './assume.ts';
import { evaluateObject } from './construct.ts';
import { startOf } from './place.ts';
import { inContext, type Scope } from './scope.ts';
import { truthOf } from './truth.ts';
import {
  anything,
  type ArrayOption,
  arrayOf,
  elementsOf,
  itemsOf,
  join,
  leastItems,
  nothing,
  one,
  type Option,
  present,
  sequenceOf,
  type Value,
  withAbsent,
} from './value.ts';
import { mutely, type Walk } from './walk.ts';

/** What the steps so far have gathered: one value, or the items of a sequence. */
type Gathered = { readonly items: Value; readonly many: boolean; readonly min: number };

/** `a.b[c].{ … }`: each step over each item of the one before. */
export function evaluatePath(walk: Walk, node: PathNode, scope: Scope): Value {
  const at = startOf(node, walk.text);
  if (hasTuples(node)) return afterTuples(walk, node, scope);
  let gathered = begin(node, scope);
  for (const [index, step] of node.steps.entries()) {
    const isLast = index === node.steps.length - 1;
    const found = stepValue(walk, step, gathered.items, isLast && isSimple(node), scope);
    const value = index === 0 && isWrittenArray(step) ? onlyArrays(found) : found;
    if (isLast) {
      const result = finish(step, index === 0, value, gathered, at);
      const whole = mayBeEmpty(node, scope, walk) ? join([result, anything]) : result;
      const kept = node.keepSingletonArray === true ? forced(whole, isBrackets(step), at) : whole;
      const { group } = node;
      return group === undefined ? kept : evaluateObject(walk, group.lhs, at, inContext(scope, kept));
    }
    gathered = goOn(value, isBrackets(step) && index > 0, gathered);
  }
  return anything;
}

function begin(node: PathNode, { context }: Scope): Gathered {
  const isAbsolute = node.steps[0]?.type === 'variable';
  const isArray = context.options.some(({ kind }) => kind === 'array');
  if (isAbsolute || !isArray) return { items: context, many: false, min: 1 };
  return { items: itemsOf(context), many: true, min: leastItems(context) };
}

/** A name at the end of a plain path is used by whoever uses the path. */
function isSimple(node: PathNode): boolean {
  return node.group === undefined;
}

/** Empty brackets at the start of a path end it in a way of their own. */
function mayBeEmpty({ steps }: PathNode, scope: Scope, walk: Walk): boolean {
  const [first] = steps;
  if (first === undefined || !isWrittenArray(first)) return false;
  const arrays = mutely(walk, () => walk.glance(first, scope)).options;
  return arrays.some((option) => option.kind === 'any' || (option.kind === 'array' && option.min === 0));
}

function isWrittenArray(step: Node): boolean {
  return isBrackets(step) || (step.type === 'block' && 'consarray' in step);
}

function isBrackets(step: Node): boolean {
  return step.type === 'unary' && step.value === '[';
}

/** JSONata goes on from brackets at the start of a path only if what is left of them is still an array. */
function onlyArrays(value: Value): Value {
  const options = value.options.filter(({ kind }) => kind === 'array' || kind === 'any');
  const isSure =
    options.length === value.options.length && options.every((option) => option.kind === 'array' && !option.loose);
  return withAbsent({ options, absent: value.absent }, !isSure);
}

function stepValue(walk: Walk, step: Node, items: Value, isGlance: boolean, scope: Scope): Value {
  const inside = inContext(scope, items);
  if (step.type === 'sort') {
    for (const { expression } of step.terms) walk.evaluate(expression, inside);
    return staged(walk, step, sequenceOf(items, 0, { by: 'computed', at: 0 }), inside);
  }
  const isPassing = step.type === 'name' || step.type === 'variable' || step.type === 'block' || isGlance;
  const sameContext = items === scope.context ? { ...inside, facts: scope.facts } : inside;
  const value = isPassing ? walk.glance(step, sameContext) : walk.evaluate(step, sameContext);
  return staged(walk, step, value, inside);
}

function staged(walk: Walk, step: Node, value: Value, scope: Scope): Value {
  let result = value;
  for (const stage of marksOf(step).stages ?? []) {
    if (stage.type === 'filter') result = filtered(walk, result, stage.expr, scope);
  }
  return result;
}

/** Brackets inside a path stay one item, with whatever is in them. */
function goOn(value: Value, isOneItem: boolean, { items, many, min }: Gathered): Gathered {
  if (isOneItem) return { items: withAbsent(value, items.absent), many, min: items.absent ? 0 : min };
  const isMany = value.options.some(({ kind }) => kind === 'array' || kind === 'any');
  return {
    items: withAbsent(itemsOf(value), value.absent || items.absent),
    many: many || isMany,
    min: items.absent ? 0 : min * leastItems(value),
  };
}

function finish(step: Node, isFirst: boolean, value: Value, { items, many, min }: Gathered, at: number): Value {
  // The first step runs even over nothing; a constructor, variable or literal gives something all the same.
  const absent = value.absent || (!isFirst && items.absent);
  if (!many) return withAbsent(found(value), absent);
  const isArray = isBrackets(step);
  const inner = isArray ? value : itemsOf(value);
  const sequence = sequenceOf(inner, value.absent ? 0 : min * (isArray ? 1 : leastItems(value)), {
    by: 'computed',
    at,
  });
  // One array alone, found over one item, comes out as it is.
  const arrays = value.options.filter((option) => option.kind === 'array' && !option.loose);
  return arrays.length === 0 ? sequence : join([sequence, { options: arrays, absent: false }]);
}

/** `[]` does not outlive the next path. */
function found({ options, absent }: Value): Value {
  if (!options.some((option) => option.kind === 'array' && option.kept === true)) return { options, absent };
  const loose = options.map((option) => {
    return option.kind === 'array' && option.kept === true ? { ...option, kept: false, loose: option.min < 2 } : option;
  });
  return { options: loose, absent };
}

/** `value[predicate]`. */
export function filtered(walk: Walk, value: Value, predicate: Node, scope: Scope): Value {
  const items = itemsOf(value);
  const inside = inContext(scope, present(items));
  const at = startOf(predicate, walk.text);
  if (predicate.type === 'number') return itemAt(value, Number(predicate.value));
  const decided = decidedItems(walk, value, predicate, scope);
  if (decided !== undefined) return arrayOf(decided, true, { by: 'computed', at });
  const verdict = walk.evaluate(predicate, inside);
  if (verdict.options.some(({ kind }) => kind === 'any' || kind === 'number' || kind === 'array')) {
    return withAbsent(sequenceOrOne(value, items, at));
  }
  const truth = truthOf(verdict);
  if (truth === false) return nothing;
  const kept = truth === true ? items : keptItems(walk, predicate, inside);
  return withAbsent(sequenceOrOne(value, kept, at, truth === true ? leastItems(value) : 0));
}

/** More known items than this are not asked one by one. */
const mostAsked = 50;

/** The items left of a written array, if the predicate is decided for each. */
function decidedItems(walk: Walk, value: Value, predicate: Node, scope: Scope): readonly Value[] | undefined {
  const [option] = value.options;
  const isOne = value.options.length === 1 && option?.kind === 'array' && !value.absent;
  const elements = isOne ? option.elements : undefined;
  if (elements === undefined || elements.length > mostAsked || !elements.every(isSure)) return undefined;
  const verdicts = elements.map((element) => walk.evaluate(predicate, inContext(scope, element)));
  const truths = verdicts.map((verdict) => (isFlag(verdict) ? truthOf(verdict) : undefined));
  return truths.includes(undefined) ? undefined : elements.filter((_, index) => truths[index] === true);
}

function isSure({ absent, options }: Value): boolean {
  return !absent && options.every(({ kind }) => kind !== 'any');
}

function isFlag({ options, absent }: Value): boolean {
  return !absent && options.every(({ kind }) => kind === 'boolean');
}

function sequenceOrOne(value: Value, kept: Value, at: number, min = 0): Value {
  const isOne = value.options.every(({ kind }) => kind !== 'array' && kind !== 'any');
  return isOne ? withAbsent(kept) : sequenceOf(kept, min, { by: 'computed', at });
}

/** The items for which the predicate may hold, with what it says of them. */
function keptItems(walk: Walk, predicate: Node, scope: Scope): Value {
  const { facts } = mutely(walk, () => assume(walk, predicate, true, scope));
  const own = facts.get('$')?.value ?? scope.context;
  const fields = [...facts].filter(([key]) => key.startsWith('.') && key.lastIndexOf('.') === 0);
  if (fields.length === 0) return present(own);
  return present({ ...own, options: own.options.map((option) => withFacts(option, fields)) });
}

function withFacts(option: Option, facts: readonly (readonly [string, { readonly value: Value }])[]): Option {
  if (option.kind !== 'object') return option;
  const fields = new Map(option.fields);
  for (const [key, { value }] of facts) {
    const name = key.slice(1);
    const before = fields.get(name);
    if (before !== undefined || option.source !== undefined) {
      fields.set(name, { keyAt: before?.keyAt ?? 0, valueAt: before?.valueAt ?? 0, value });
    }
  }
  return { ...option, fields };
}

/** `value[0]`, or from the end where negative. */
function itemAt(value: Value, position: number): Value {
  const elements = elementsOf(value);
  const index = position < 0 ? (elements?.length ?? 0) + Math.floor(position) : Math.floor(position);
  const isCertain = elements?.every(isSure);
  if (isCertain === true) return elements?.[index] ?? nothing;
  return withAbsent(itemsOf(value));
}

/** `path[]`: an array whatever comes; brackets at its end are put into another array, or not. */
function forced(value: Value, isBracketed: boolean, at: number): Value {
  if (isBracketed) return join([value, anything]);
  const arrays = value.options.flatMap((option): ArrayOption[] => {
    if (option.kind === 'array') return [kept(option)];
    const items = one(option);
    return [{ kind: 'array', items, loose: false, kept: true, min: 0, origin: { by: 'computed', at } }];
  });
  const empty: ArrayOption = {
    kind: 'array',
    items: nothing,
    elements: [],
    loose: false,
    min: 0,
    origin: { by: 'computed', at },
  };
  return { options: value.absent ? [...arrays, empty] : arrays, absent: value.absent };
}

/** `[]` behind what is no path keeps a sequence an array, and does nothing to a bare value. */
export function tight(value: Value): Value {
  return { ...value, options: value.options.map((option) => (option.kind === 'array' ? kept(option) : option)) };
}

function kept(option: ArrayOption): ArrayOption {
  return option.loose ? { ...option, loose: false, kept: true } : option;
}

/** Steps that bind names (`@`, `#`, `%`) are not followed; they may read anything. */
function afterTuples(walk: Walk, node: PathNode, scope: Scope): Value {
  walk.reads.useWhole('');
  walk.reads.useValue(scope.context);
  mutely(walk, () => {
    for (const step of node.steps) walk.evaluate(step, inContext(scope, anything));
  });
  return anything;
}

function hasTuples(node: PathNode): boolean {
  return node.tuple === true || node.steps.some((step) => marksOf(step).tuple === true);
}

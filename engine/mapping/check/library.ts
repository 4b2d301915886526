import type { Node } from '../compile/ast.ts';
import { reportNull } from './guards.ts';
import { callHigherOrder, isHigherOrder } from './higher-order.ts';
import { lookUp } from './look-up.ts';
import { merged } from './merged.ts';
import type { Scope } from './scope.ts';
import { type Parameter, type Signature, signatureOf, takesNull } from './signatures.ts';
import { truthOf } from './truth.ts';
import {
  anything,
  arrayOf,
  asArray,
  computed,
  elementsOf,
  isUnknown,
  itemsOf,
  join,
  leastItems,
  literal,
  nothing,
  object,
  one,
  present,
  sequenceOf,
  soleLiteral,
  type Value,
  withAbsent,
} from './value.ts';
import type { Walk } from './walk.ts';

/** A function of JSONata's own, as a value; `undefined` if there is none of that name. */
export function libraryFunction(walk: Walk, name: string, at: number, scope: Scope): Value | undefined {
  if (signatureOf(name) === undefined) return undefined;
  const call = (args: readonly Value[], place: number) => {
    return isHigherOrder(name)
      ? callHigherOrder(walk, name, args, place)
      : libraryCall(walk, name, args, [], place, scope);
  };
  return one({ kind: 'function', call, origin: { by: 'mapping', at } });
}

/** Whether a function looks at parts of an argument only, so that the rest does not count as used by it. */
export function partsLookedAt(name: string, index: number): boolean {
  return index === 0 && ['sift', 'lookup', 'exists', 'type', 'count'].includes(name);
}

/** A call of JSONata's own function; `nodes` are its arguments in the text, where they stand there. */
export function libraryCall(
  walk: Walk,
  name: string,
  given: readonly Value[],
  nodes: readonly Node[],
  at: number,
  scope: Scope,
): Value {
  const signature = signatureOf(name);
  if (signature === undefined) return anything;
  const args = withContext(walk, signature, given, scope);
  if (args.length === given.length) reportNulls(walk, name, signature.parameters, args, nodes);
  const [first = nothing, second = nothing] = args;
  const special = Object.hasOwn(specials, name) ? specials[name] : undefined;
  if (special !== undefined) return special({ walk, first, second, args, at });
  const kind = { s: 'string', n: 'number', b: 'boolean' }[signature.result];
  if (kind !== 'string' && kind !== 'number' && kind !== 'boolean') return anything;
  const isSure = signature.parameters.every(({ isOptional }) => isOptional);
  const mayBeNothing = args.some(({ absent }) => absent) || !fitAsGiven(signature, args);
  return withAbsent(computed(kind, at), !isSure && mayBeNothing);
}

/** The context takes the place of a missing first argument. */
function withContext(
  walk: Walk,
  { parameters }: Signature,
  given: readonly Value[],
  { context }: Scope,
): readonly Value[] {
  const owed = parameters.filter(({ isOptional }) => !isOptional).length;
  if (given.length >= owed || parameters[0]?.usesContext !== true) return given;
  walk.reads.useValue(context);
  return [context, ...given];
}

const kindLetters: { readonly [kind: string]: string } = {
  string: 's',
  number: 'n',
  boolean: 'b',
  object: 'o',
  array: 'a',
  function: 'f',
};

/** Where an argument is of another kind, the context may come first after all, and the others each one later. */
function fitAsGiven({ parameters }: Signature, args: readonly Value[]): boolean {
  if (parameters[0]?.usesContext !== true) return true;
  return args.every(({ options }, index) => {
    const kinds = parameters[index]?.kinds ?? 'x';
    return /[axj]/.test(kinds) || options.every(({ kind }) => kinds.includes(kindLetters[kind] ?? '?'));
  });
}

function reportNulls(
  walk: Walk,
  name: string,
  parameters: readonly Parameter[],
  args: readonly Value[],
  nodes: readonly Node[],
): void {
  for (const [index, node] of nodes.entries()) {
    const [parameter, value] = [parameters[index], args[index]];
    if (parameter !== undefined && value !== undefined && !takesNull(parameter)) {
      reportNull(walk, value, node, `$${name}`, false);
    }
  }
}

type Arguments = {
  readonly walk: Walk;
  readonly first: Value;
  readonly second: Value;
  readonly args: readonly Value[];
  readonly at: number;
};

/** Functions whose result says more than its kind. */
const specials: { readonly [name: string]: (call: Arguments) => Value } = {
  lookup: lookedUp,
  merge: ({ first, at }) => merged(first, at),
  append: appended,
  keys: ({ first, at }) => sequenceOf(computed('string', at), leastKeys(first), { by: 'computed', at }),
  spread: () => anything,
  reverse: ({ first, at }) => asArray(first, { by: 'computed', at }),
  shuffle: ({ first, at }) => asArray(first, { by: 'computed', at }),
  distinct: ({ first, at }) => fewer(first, at),
  split: ({ first, at }) =>
    withAbsent(
      one({ kind: 'array', items: computed('string', at), loose: false, min: 0, origin: { by: 'computed', at } }),
      first.absent,
    ),
  match: ({ at }) => sequenceOf(openObject(at), 0, { by: 'computed', at }),
  zip: ({ at }) =>
    one({ kind: 'array', items: present(anything), loose: false, min: 0, origin: { by: 'computed', at } }),
  clone: ({ first }) => first,
  assert: () => nothing,
  error: () => ({ options: [], absent: false }),
  count: ({ at }) => computed('number', at),
  max: outOfSome,
  min: outOfSome,
  average: outOfSome,
  exists: ({ first, at }) => existence(first, at),
  not: ({ first, at }) => negation(first, at),
  uppercase: (call) => folded(call, (text) => text.toUpperCase()),
  lowercase: (call) => folded(call, (text) => text.toLowerCase()),
  trim: (call) => folded(call, (text) => text.trim().replace(/\s+/g, ' ')),
  string: ({ first, at }) => asText(first, at),
  number: ({ first, at }) => asNumber(first, at),
  parseInteger: ({ at }) => withAbsent(computed('number', at)),
  // By a picture, a text that does not fit it gives nothing.
  toMillis: ({ first, args, at }) => withAbsent(computed('number', at), first.absent || args.length > 1),
  eval: ({ walk }) => {
    walk.reads.useWhole('');
    return anything;
  },
};

function openObject(at: number): Value {
  return object(new Map(), true, { by: 'computed', at });
}

/** Of an empty list there is no greatest. */
function outOfSome({ first, at }: Arguments): Value {
  return withAbsent(computed('number', at), leastItems(first) === 0);
}

/** The key may be one of several, or not known: then it may be any of them, or none. */
function lookedUp({ walk, first, second, at }: Arguments): Value {
  const keys = second.options.map((option) => (option.kind === 'string' ? option.literal : undefined));
  if (keys.length > 0 && !keys.includes(undefined)) {
    const values = keys.map((key) => lookUp(walk, first, key ?? '', at));
    return withAbsent(join(values), second.absent || first.absent);
  }
  walk.reads.useValue(first);
  const values = first.options.map((option) => {
    if (option.kind !== 'object' || option.open) return anything;
    return join([nothing, ...[...option.fields.values()].map(({ value }) => value)]);
  });
  return withAbsent(join(values.length === 0 ? [nothing] : values));
}

/** Of two that are there, always an array; of one, that one as it is. */
function appended({ first, second, at }: Arguments): Value {
  const origin = { by: 'computed', at } as const;
  const [left, right] = [elementsOf(present(first)), elementsOf(present(second))];
  const isKnown = left !== undefined && right !== undefined && !isUnknown(first) && !isUnknown(second);
  const both = isKnown
    ? arrayOf([...left, ...right], false, origin)
    : one({
        kind: 'array',
        items: present(join([itemsOf(first), itemsOf(second)])),
        loose: false,
        min: leastItems(first) + leastItems(second),
        origin,
      });
  const alone = [...(first.absent ? [second] : []), ...(second.absent ? [present(first)] : [])];
  const whole = first.options.length > 0 && second.options.length > 0 ? [both] : [];
  return withAbsent(
    join([...whole, ...alone, ...(whole.length + alone.length === 0 ? [nothing] : [])]),
    first.absent && second.absent,
  );
}

function leastKeys({ options }: Value): number {
  const [option] = options;
  if (option?.kind !== 'object' || options.length > 1) return 0;
  return [...option.fields.values()].filter(({ value }) => !value.absent).length;
}

function fewer(value: Value, at: number): Value {
  const options = value.options.map((option) => {
    if (option.kind !== 'array') return option;
    const min = Math.min(1, option.min);
    return { kind: 'array', items: option.items, loose: option.loose, min, origin: { by: 'computed', at } } as const;
  });
  return { options, absent: value.absent };
}

function existence(value: Value, at: number): Value {
  if (value.options.length === 0 && value.absent) return literal(false, { by: 'computed', at });
  const isMade = value.options.every((option) => option.kind !== 'any' && option.origin.by === 'mapping');
  return isMade && !value.absent ? literal(true, { by: 'computed', at }) : computed('boolean', at);
}

/** The opposite of nothing is nothing. */
function negation(value: Value, at: number): Value {
  if (value.absent) return value.options.length === 0 ? nothing : withAbsent(computed('boolean', at));
  const truth = truthOf(value);
  return truth === undefined ? computed('boolean', at) : literal(!truth, { by: 'computed', at });
}

function folded({ first, at }: Arguments, change: (text: string) => string): Value {
  const sole = soleLiteral(first);
  const isOurs = first.options.every((option) => option.kind !== 'any' && option.origin.by === 'mapping');
  if (typeof sole === 'string' && isOurs) return literal(change(sole), { by: 'mapping', at });
  return withAbsent(computed('string', at), first.absent);
}

function asText(value: Value, at: number): Value {
  const sole = soleLiteral(value);
  const isOurs = value.options.every((option) => option.kind !== 'any' && option.origin.by === 'mapping');
  if ((typeof sole === 'string' || typeof sole === 'number') && isOurs) {
    return literal(String(sole), { by: 'mapping', at });
  }
  return withAbsent(computed('string', at), value.absent);
}

function asNumber(value: Value, at: number): Value {
  const sole = soleLiteral(value);
  const number = typeof sole === 'string' && sole.trim() !== '' ? Number(sole) : sole;
  const isOurs = value.options.every((option) => option.kind !== 'any' && option.origin.by === 'mapping');
  if (typeof number === 'number' && Number.isFinite(number) && isOurs) return literal(number, { by: 'mapping', at });
  return withAbsent(computed('number', at), value.absent);
}

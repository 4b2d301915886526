import { ExpressionError, type Site } from '../expression-error.ts';
import { HandOver } from '../hand-over.ts';
import { enter, leave, moment } from './evaluation.ts';
import { arityOf, Builtin, type Closure, type Focus, Lambda, PartialLambda, TailCall } from './functions.ts';
import { isFunction } from './kinds.ts';
import { relocated } from './operators.ts';
import { collapse, createSequence } from './sequence.ts';

/** Calls what an expression names, with arguments worked out; `context` is what missing arguments are taken from. */
export function call(procedure: unknown, args: unknown[], context: unknown, site: Site): unknown {
  if (procedure instanceof Builtin) return callBuiltin(procedure, args, context, site);
  if (procedure === null) throw new HandOver('null is called as a function.');
  if (!isFunction(procedure)) throw new ExpressionError('T1006', site);
  return apply(procedure, args, context);
}

/** A path as the procedure of a call: one that finds nothing may be a name without its dollar. */
export function named(procedure: unknown, meant: unknown, site: Site): unknown {
  if (procedure === undefined && Boolean(meant)) throw new ExpressionError('T1005', site);
  return procedure;
}

/** Calls a library function by its name in the text, so that an error is placed there. */
export function callBuiltin(builtin: Builtin, args: unknown[], context: unknown, site: Site): unknown {
  try {
    return applyBuiltin(builtin, args, context);
  } catch (cause) {
    throw relocated(cause, site);
  }
}

/** Applies a function and whatever it calls in its tail position. */
export function apply(procedure: unknown, args: unknown[], context: unknown): unknown {
  let result = applyOnce(procedure, args, context);
  while (result instanceof TailCall) result = applyOnce(result.procedure, result.args, context);
  return result;
}

/** The end of a function whose body was run in place. */
export function settle(result: unknown, context: unknown): unknown {
  return result instanceof TailCall ? apply(result.procedure, result.args, context) : result;
}

/** The end of a function that was called by name; it was entered before. */
export function returned(weight: number, result: unknown, context: unknown): unknown {
  leave(weight);
  return result instanceof TailCall ? apply(result.procedure, result.args, context) : result;
}

function applyOnce(procedure: unknown, args: unknown[], context: unknown): unknown {
  if (procedure instanceof Lambda) {
    const checked = procedure.signature === undefined ? args : procedure.signature.validate(args, context);
    enter(procedure.weight);
    const result = procedure.body(...checked);
    leave(procedure.weight);
    return result;
  }
  if (procedure instanceof Builtin) {
    // Errors in what was called by value are placed by the interpreter's memory of earlier calls.
    enter(1);
    const result = applyBuiltin(procedure, args, context);
    leave(1);
    return result;
  }
  enter(1);
  const result = applyForeign(procedure, args, context);
  leave(1);
  return result;
}

function applyBuiltin(builtin: Builtin, args: unknown[], context: unknown): unknown {
  const checked = builtin.signature === undefined ? args : builtin.signature.validate(args, context);
  return builtin.implementation.apply(focusOn(context), checked);
}

/** What a library function sees as `this`. */
export function focusOn(input: unknown): Focus {
  return {
    input,
    createSequence,
    environment: {
      get timestamp() {
        return new Date(moment());
      },
    },
  };
}

/** A function that came in with the bindings, or one made of a function here. */
function applyForeign(procedure: unknown, args: unknown[], context: unknown): unknown {
  if (typeof procedure === 'function') {
    if (isOurs(procedure)) return procedure(...args);
    return atOnce(() => Reflect.apply(procedure, context, guarded(args)) as unknown);
  }
  const { implementation, signature } = (procedure ?? {}) as Partial<Builtin>;
  if (typeof implementation !== 'function') throw new HandOver('Something else than a function is called.');
  const checked = signature === undefined ? args : signature.validate(args, context);
  return atOnce(() => implementation.apply(focusOn(context), guarded(checked)));
}

/** The interpreter gives functions to other people's functions as asynchronous ones. */
function guarded(args: unknown[]): unknown[] {
  if (args.some(isFunction)) throw new HandOver('A function is given to a function of the program.');
  return args;
}

function atOnce(run: () => unknown): unknown {
  const result = run();
  if (typeof result === 'object' && result !== null && ('then' in result || 'next' in result)) {
    throw new HandOver('A function of the program answers later.');
  }
  return result;
}

const ours = new WeakSet<object>();

function isOurs(func: unknown): func is Closure {
  return ours.has(func as object);
}

/** Marks a function as made here: it answers at once. */
export function own<Func extends (...args: never[]) => unknown>(func: Func): Func {
  ours.add(func);
  return func;
}

/** A function as it is handed to another function: later calls have no context. */
export function argument(value: unknown): unknown {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return value;
  return isFunction(value) ? closureOf(value) : value;
}

function closureOf(func: unknown): Closure {
  const closure = (...args: unknown[]): unknown => apply(func, args, null);
  return own(Object.assign(closure, { arity: arityOf(func) }));
}

/** Calls a function argument as the library does. */
export function callArgument(func: unknown, args: unknown[]): unknown {
  if (func instanceof PartialLambda) throw new HandOver('The library calls a partially applied function as it is.');
  if (func instanceof Lambda) return apply(func, args, func.input);
  if (isOurs(func)) return func(...args);
  throw new HandOver('The library calls a function of the program.');
}

/** Arguments as far as a function takes them: the item, its place, the whole. */
export function takenArguments(func: unknown, item: unknown, place: unknown, whole: unknown): unknown[] {
  const arity = arityOf(func);
  return arity >= 3 ? [item, place, whole] : arity === 2 ? [item, place] : [item];
}

/** The right side of `~>` where it is no call. */
export function applyTo(value: unknown, func: unknown, site: Site): unknown {
  if (!isFunction(func)) throw new ExpressionError('T2006', site, { value: func });
  if (!isFunction(value)) return apply(func, [value], null);
  const chained = (x: unknown): TailCall => new TailCall(func, [collapse(apply(value, [argument(x)], null))]);
  return new Lambda(chained, 1, null, undefined, 4);
}

/** The mark of a partial application's open places. */
export const open = { type: 'operator', value: '?' };

function isOpen(arg: unknown): boolean {
  if (arg === open) return true;
  if (typeof arg !== 'object' || arg === null) return false;
  const { type, value } = arg as Partial<typeof open>;
  if (type === 'operator' && value === '?') throw new HandOver('The data looks like an open argument.');
  return false;
}

/** `f(a, ?)`: a function of the open places. */
export function partial(args: unknown[], procedure: unknown, meant: unknown, site: Site): Lambda {
  if (procedure === undefined && Boolean(meant)) throw new ExpressionError('T1007', site);
  if (procedure instanceof Lambda) return partialLambda(procedure, args);
  if (procedure instanceof Builtin) return partialBuiltin(procedure, args);
  if (isFunction(procedure)) throw new HandOver('A function of the program is partially applied.');
  throw new ExpressionError('T1008', site);
}

function partialLambda(procedure: Lambda, args: unknown[]): Lambda {
  const places = Array.from({ length: procedure.parameters }, (_, index) => index);
  const openPlaces = places.filter((place) => isOpen(args[place]));
  const body = (...later: unknown[]): unknown => {
    const all = places.map((place) => args[place]);
    openPlaces.forEach((place, index) => (all[place] = later[index]));
    return procedure.body(...all);
  };
  return new PartialLambda(body, openPlaces.length, procedure.input, undefined, procedure.weight);
}

/** The interpreter reads a library function's parameters from its text; what it cannot read is its own affair. */
function partialBuiltin(procedure: Builtin, args: unknown[]): Lambda {
  if (procedure.arity === 0 || procedure.name === 'string') {
    throw new HandOver('A library function without readable parameters is partially applied.');
  }
  const body = (...all: unknown[]): unknown => {
    if (!isFitting(procedure, all)) throw new HandOver('A partially applied function gets arguments of other kinds.');
    return procedure.implementation.apply(focusOn(undefined), all);
  };
  return partialLambda(new Lambda(body, procedure.arity, undefined, undefined, 1), args);
}

/** The interpreter does not check arguments here: only with fitting ones is the outcome plain. */
function isFitting({ signature }: Builtin, args: unknown[]): boolean {
  try {
    const checked = signature?.validate(args, undefined) ?? args;
    return checked.length === args.length && checked.every((arg, index) => arg === args[index]);
  } catch {
    return false;
  }
}

import { HandOver } from '../hand-over.ts';

/** A checked and filled-in list of arguments, or an error; as the package's signatures give it. */
export type Signature = { validate(args: readonly unknown[], context: unknown): unknown[] };

/** A function the expression defines. The mark is the package's, whose own functions look for it. */
export class Lambda {
  readonly _jsonata_lambda = true;
  readonly body: (...args: unknown[]) => unknown;
  readonly parameters: number;
  readonly input: unknown;
  readonly signature: Signature | undefined;
  readonly weight: number;

  constructor(
    body: (...args: unknown[]) => unknown,
    parameters: number,
    input: unknown,
    signature: Signature | undefined,
    weight: number,
  ) {
    this.body = body;
    this.parameters = parameters;
    this.input = input;
    this.signature = signature;
    this.weight = weight;
  }
}

/** What is left of a function some arguments of which are given. The package's own functions cannot call one as it is. */
export class PartialLambda extends Lambda {}

export type Focus = {
  readonly environment: { readonly timestamp: Date };
  readonly createSequence: (...first: unknown[]) => unknown[];
  readonly input: unknown;
};

export type Implementation = (this: Focus, ...args: unknown[]) => unknown;

/** A function of the language's library, or one that behaves like them (a transform). */
export class Builtin {
  readonly _jsonata_function = true;
  readonly name: string;
  readonly implementation: Implementation;
  readonly signature: Signature | undefined;
  readonly arity: number;

  constructor(name: string, implementation: Implementation, signature: Signature | undefined, arity: number) {
    this.name = name;
    this.implementation = implementation;
    this.signature = signature;
    this.arity = arity;
  }
}

/** A call in tail position, made by whoever called the function it stands in: recursion does not grow the stack. */
export class TailCall {
  readonly _jsonata_lambda = true;
  readonly procedure: unknown;
  readonly args: unknown[];

  constructor(procedure: unknown, args: unknown[]) {
    this.procedure = procedure;
    this.args = args;
  }
}

/** A function handed to another one as an argument. */
export type Closure = ((...args: unknown[]) => unknown) & { arity: number };

/** How many arguments a function takes. */
export function arityOf(func: unknown): number {
  if (func instanceof Lambda) return func.parameters;
  if (func instanceof Builtin) return func.arity;
  if (typeof func === 'function') {
    const { arity } = func as { arity?: unknown };
    return typeof arity === 'number' ? arity : func.length;
  }
  const { implementation } = func as { implementation?: unknown };
  if (typeof implementation === 'function') return implementation.length;
  throw new HandOver('The number of arguments of a function is unknown.');
}

import type { Node } from '../compile/ast.ts';
import type { Value } from './value.ts';

/** What an expression sees: variables, the context value `$`, and what the conditions around it have settled. */
export type Scope = {
  readonly frame: Frame;
  readonly context: Value;
  readonly facts: Facts;
};

/** By key (`key-of.ts`): what a variable or path holds here, beyond what it may hold elsewhere. */
export type Facts = ReadonlyMap<string, Fact>;
export type Fact = { readonly node: Node; readonly value: Value };

export type Frame = {
  readonly variables: Map<string, Binding>;
  readonly outer: Frame | undefined;
  /** Under how many conditions it was opened. */
  readonly branches: number;
};

/** `node` and `context`: by what expression over what context it was set, as far as that is known. */
export type Binding = { readonly value: Value; readonly node?: Node; readonly context?: Value };

export function innerFrame(outer: Frame | undefined, branches: number): Frame {
  return { variables: new Map(), outer, branches };
}

export function findBinding(frame: Frame, name: string): Binding | undefined {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.outer) {
    const binding = at.variables.get(name);
    if (binding !== undefined) return binding;
  }
  return undefined;
}

/** The scope inside a step or predicate: what was known of the old context says nothing about the new one. */
export function inContext(scope: Scope, context: Value): Scope {
  const facts = new Map([...scope.facts].filter(([key]) => key !== '$' && !key.startsWith('.')));
  return { frame: scope.frame, context, facts };
}

/** Facts without those about a variable that now holds something else. */
export function forget(facts: Facts, names: readonly string[]): Facts {
  const isStale = (key: string) => names.some((name) => key === `$${name}` || key.startsWith(`$${name}.`));
  return [...facts.keys()].some(isStale) ? new Map([...facts].filter(([key]) => !isStale(key))) : facts;
}

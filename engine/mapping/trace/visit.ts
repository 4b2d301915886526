import type { Node } from '../compile/ast.ts';

/** One evaluation of one node of a mapping, over one row. */
export type Visit = {
  /** The order in which they began, from 0; a visit only ever depends on its children and on earlier visits. */
  readonly index: number;
  /** The very node of the mapping's tree, so that visits of many rows can be added up by it. */
  readonly node: Node;
  /** What evaluated it: the expression around it, or the call that runs the function it is the body of. */
  readonly parent: Visit | undefined;
  readonly children: Visit[];
  /** The context value, `$`. */
  readonly input: unknown;
  /** As the interpreter has it: what is undefined until the visit ended, and stays so when it failed. */
  result: unknown;
  ended: boolean;
  /** Of a variable: what gave it its value, where the mapping itself did. */
  boundBy?: Bound;
};

/** `value` tells a variable from another of the same name that the interpreter binds unseen. */
export type Bound = { readonly value: unknown } & (
  | { readonly kind: 'assigned'; readonly by: Visit }
  | {
      readonly kind: 'argument';
      readonly call: Visit;
      /** Children the call had when it began to run the function; the arguments are among these. */
      readonly before: number;
    }
);

/** A visit and all that it evaluated on its way, outermost first. */
export function* within(visit: Visit): Generator<Visit> {
  yield visit;
  for (const child of visit.children) yield* within(child);
}

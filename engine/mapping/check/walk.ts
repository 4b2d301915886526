import type { Node } from '../compile/ast.ts';
import type { Finding, Findings } from './findings.ts';
import type { Reads } from './reads.ts';
import type { Scope } from './scope.ts';
import type { Value } from './value.ts';

/** One walk through a mapping: how its parts are evaluated, and what came to light. */
export type Walk = {
  readonly text: string;
  readonly reads: Reads;
  readonly findings: Findings;
  /** The value of an expression; a part of the source record it gives counts as used. */
  evaluate(node: Node, scope: Scope): Value;
  /** The same where only a part of the value is about to be looked at. */
  glance(node: Node, scope: Scope): Value;
  /** Parts that never run are looked at all the same, without findings. */
  muted: number;
  /** Conditions under which the walk stands; a variable set there may keep its old value. */
  branches: number;
  depth: number;
  steps: number;
};

/** An expression bigger than this, or deeper, is not followed to its end. */
export const mostSteps = 200_000;
export const mostDepth = 60;

export function report(walk: Walk, finding: Finding): void {
  if (walk.muted === 0) walk.findings.add(finding);
}

export function mutely<Result>(walk: Walk, work: () => Result): Result {
  walk.muted++;
  try {
    return work();
  } finally {
    walk.muted--;
  }
}

/** The path or variable that begins at an offset, if it is short enough to be quoted. */
export function quoteAt({ text }: Walk, offset: number): string | undefined {
  const found = /^[$`\p{L}_][\p{L}\p{N}_.$`]*/u.exec(text.slice(offset, offset + 80))?.[0];
  return found !== undefined && found.length <= 60 ? found : undefined;
}

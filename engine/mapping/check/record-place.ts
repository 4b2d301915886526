import type { TargetClass } from './target-class.ts';
import type { Walk } from './walk.ts';

/** Where a check stands in the record. */
export type Place = {
  readonly walk: Walk;
  readonly target: TargetClass;
  /** Dotted path of the class or object; empty for the record itself. */
  readonly path: string;
};

/** How a person names an attribute there: `user.account.name`. */
export function pathOf(name: string, { path }: Place): string {
  return path === '' ? name : `${path}.${name}`;
}

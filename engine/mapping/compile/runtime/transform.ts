import { ExpressionError, type Site } from '../expression-error.ts';
import { applyTo } from './apply.ts';
import { parseSignature } from './definitions.ts';
import { Builtin, type Implementation } from './functions.ts';
import { isArray } from './sequence.ts';
import { library } from './library/library.ts';

type Part = (item: unknown) => unknown;

const signature = parseSignature('<(oa):o>');
const clone = library.get('clone');

/** `|pattern|update, delete|`: gives a copy of its argument in which what the pattern finds is changed. */
export function transform(sites: readonly Site[], pattern: Part, update: Part, remove?: Part): Builtin {
  const implementation: Implementation = (object) => {
    if (object === undefined) return undefined;
    const copy = applyTo(object, clone, { position: undefined, token: undefined });
    const found = pattern(copy);
    for (const match of found === undefined ? [] : asList(found)) {
      merge(match, update(match), sites[0]);
      if (remove !== undefined) removeKeys(match, remove(match), sites[1]);
    }
    return copy;
  };
  return new Builtin('transform', implementation, signature, 1);
}

function asList(value: unknown): unknown[] {
  return isArray(value) ? value : [value];
}

function merge(match: unknown, update: unknown, site: Site | undefined): void {
  if (update === undefined) return;
  if (typeof update !== 'object' || update === null || isArray(update)) {
    throw new ExpressionError('T2011', site, { value: update });
  }
  const target = match as { [name: string]: unknown }; // setting a field of anything else fails, here as there
  for (const [key, value] of Object.entries(update)) target[key] = value;
}

function removeKeys(match: unknown, keys: unknown, site: Site | undefined): void {
  if (keys === undefined) return;
  const names = asList(keys);
  if (names.some((name) => typeof name !== 'string')) throw new ExpressionError('T2012', site, { value: keys });
  if (typeof match !== 'object' || match === null) return;
  for (const name of names) Reflect.deleteProperty(match, name as string); // each was checked
}

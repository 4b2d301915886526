import { isFunction } from './kinds.ts';
import { append, createSequence, isArray, type List } from './sequence.ts';

/** `*`: the values of all fields, lists spread all the way down. */
export function wildcard(context: unknown): unknown {
  const input: unknown = isArray(context) && context.outerWrapper && context.length > 0 ? context[0] : context;
  let results: unknown = createSequence();
  if (typeof input !== 'object' || input === null || isFunction(input)) return results;
  for (const value of Object.values(input)) {
    if (isArray(value)) results = append(results, flatten(value, []));
    else (results as List).push(value);
  }
  return results;
}

function flatten(value: unknown, flat: unknown[]): unknown[] {
  if (!isArray(value)) {
    flat.push(value);
    return flat;
  }
  value.forEach((item) => flatten(item, flat));
  return flat;
}

/** `**`: the value and all in it. */
export function descendant(input: unknown): unknown {
  if (input === undefined) return undefined;
  const results = createSequence();
  descend(input, results);
  return results.length === 1 ? results[0] : results;
}

function descend(input: unknown, results: List): void {
  if (isArray(input)) {
    input.forEach((item) => descend(item, results));
    return;
  }
  results.push(input);
  if (typeof input !== 'object' || input === null || isFunction(input)) return;
  for (const value of Object.values(input)) descend(value, results);
}

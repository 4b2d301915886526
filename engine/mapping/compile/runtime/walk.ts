import { isFunction } from './kinds.ts';
import { asSequence, createSequence, isArray, type List } from './sequence.ts';

/** `*`: the values of all fields, lists spread all the way down. */
export function wildcard(context: unknown): unknown {
  const input: unknown = isArray(context) && context.outerWrapper && context.length > 0 ? context[0] : context;
  if (typeof input !== 'object' || input === null || isFunction(input)) return createSequence();
  const results: List = [];
  const hasList = isArray(input) ? addItems(input, results) : addFields(input, results);
  // The interpreter appends a list in such a way that the marks of a sequence are lost.
  return hasList ? results : asSequence(results);
}

/** Whether there is a list among them. */
function addFields(object: object, results: unknown[]): boolean {
  let hasList = false;
  for (const key in object) {
    // In a loop over fields this costs nothing, unlike `Object.hasOwn`.
    if (!Object.prototype.hasOwnProperty.call(object, key)) continue;
    const value: unknown = (object as { [name: string]: unknown })[key];
    if (isArray(value)) {
      hasList = true;
      flatten(value, results);
    } else {
      results.push(value);
    }
  }
  return hasList;
}

function addItems(items: List, results: unknown[]): boolean {
  let hasList = false;
  for (const value of Object.values(items)) {
    hasList ||= isArray(value);
    flatten(value, results);
  }
  return hasList;
}

function flatten(value: unknown, flat: unknown[]): void {
  if (!isArray(value)) flat.push(value);
  else for (let index = 0; index < value.length; index++) if (index in value) flatten(value[index], flat);
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

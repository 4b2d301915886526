import { ExpressionError, type Site } from '../expression-error.ts';
import { HandOver } from '../hand-over.ts';
import { isArray } from './sequence.ts';
import { Builtin, Lambda, TailCall } from './functions.ts';

/** Whether a value is a function of the language, however it came about. */
export function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Lambda || value instanceof Builtin || value instanceof TailCall) return true;
  const marks = value as { _jsonata_lambda?: unknown; _jsonata_function?: unknown };
  if (marks._jsonata_lambda === true) throw new HandOver('The data looks like a function.');
  return marks._jsonata_function === true;
}

/** Whether a value is a number; one beyond the range of JSON is an error. */
export function isNumeric(value: unknown, site?: Site): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new ExpressionError('D1001', site, { value });
  return true;
}

/** The effective boolean of a value; nothing counts as false. */
export function truthy(value: unknown, site?: Site): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return isNumeric(value, site) && value !== 0;
  if (typeof value !== 'object' || value === null) return false;
  if (!isArray(value)) return !isFunction(value) && hasKeys(value);
  return value.length === 1 ? truthy(value[0], site) : someTruthy(value, site);
}

/** All items are looked at, as the interpreter does: one beyond the range of JSON is an error wherever it stands. */
function someTruthy(items: readonly unknown[], site: Site | undefined): boolean {
  let found = false;
  for (const item of items) if (truthy(item, site)) found = true;
  return found;
}

function hasKeys(value: object): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

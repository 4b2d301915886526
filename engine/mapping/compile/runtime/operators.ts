import { ExpressionError, type Site } from '../expression-error.ts';
import { definitions } from './definitions.ts';
import { isNumeric } from './kinds.ts';
import { isArray, type List } from './sequence.ts';

export function add(left: unknown, right: unknown, site: Site): unknown {
  if (typeof left === 'number' && typeof right === 'number' && finite(left, right)) return left + right;
  checkNumbers(left, right, site);
  return undefined;
}

export function subtract(left: unknown, right: unknown, site: Site): unknown {
  if (typeof left === 'number' && typeof right === 'number' && finite(left, right)) return left - right;
  checkNumbers(left, right, site);
  return undefined;
}

export function multiply(left: unknown, right: unknown, site: Site): unknown {
  if (typeof left === 'number' && typeof right === 'number' && finite(left, right)) return left * right;
  checkNumbers(left, right, site);
  return undefined;
}

export function divide(left: unknown, right: unknown, site: Site): unknown {
  if (typeof left === 'number' && typeof right === 'number' && finite(left, right)) return left / right;
  checkNumbers(left, right, site);
  return undefined;
}

export function modulo(left: unknown, right: unknown, site: Site): unknown {
  if (typeof left === 'number' && typeof right === 'number' && finite(left, right)) return left % right;
  checkNumbers(left, right, site);
  return undefined;
}

export function negate(value: unknown, site: Site): unknown {
  if (value === undefined) return undefined;
  // Without a place: the interpreter checks the range before it knows the operator.
  if (isNumeric(value, site.token === '-' ? undefined : site)) return -value;
  throw new ExpressionError('D1002', site, { value });
}

function finite(left: number, right: number): boolean {
  return Number.isFinite(left) && Number.isFinite(right);
}

/** Throws unless both are numbers or nothing; with two numbers there is nothing to say. */
function checkNumbers(left: unknown, right: unknown, site: Site): void {
  if (left !== undefined && !isNumeric(left, site)) throw new ExpressionError('T2001', site, { value: left });
  if (right !== undefined && !isNumeric(right, site)) throw new ExpressionError('T2002', site, { value: right });
}

export function equal(left: unknown, right: unknown): boolean {
  return left !== undefined && right !== undefined && (left === right || deepEqual(left, right));
}

export function unequal(left: unknown, right: unknown): boolean {
  return left !== undefined && right !== undefined && left !== right && !deepEqual(left, right);
}

/** {@link unequal} where one side is text, a number or the like. */
export function differs(left: unknown, right: unknown): boolean {
  return left !== undefined && right !== undefined && left !== right;
}

/** Same content, whatever the order of keys. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isArray(left) && isArray(right)) {
    if (left.length !== right.length) return false;
    for (let index = 0; index < left.length; index++) if (!deepEqual(left[index], right[index])) return false;
    return true;
  }
  const leftNames = Object.getOwnPropertyNames(left).sort();
  const rightNames = Object.getOwnPropertyNames(right).sort();
  if (leftNames.length !== rightNames.length) return false;
  if (leftNames.some((name, index) => name !== rightNames[index])) return false;
  return leftNames.every((name) => deepEqual(Reflect.get(left, name), Reflect.get(right, name)));
}

export function less(left: unknown, right: unknown, site: Site): unknown {
  return areComparable(left, right, site) ? (left as number) < (right as number) : undefined;
}

export function lessOrEqual(left: unknown, right: unknown, site: Site): unknown {
  return areComparable(left, right, site) ? (left as number) <= (right as number) : undefined;
}

export function greater(left: unknown, right: unknown, site: Site): unknown {
  return areComparable(left, right, site) ? (left as number) > (right as number) : undefined;
}

export function greaterOrEqual(left: unknown, right: unknown, site: Site): unknown {
  return areComparable(left, right, site) ? (left as number) >= (right as number) : undefined;
}

/** Whether there are two values of one kind that has an order; throws where that cannot be said. */
function areComparable(left: unknown, right: unknown, site: Site): boolean {
  const leftKind = typeof left;
  const rightKind = typeof right;
  if (leftKind === rightKind && (leftKind === 'number' || leftKind === 'string')) return true;
  const isOrdered = (kind: string): boolean => kind === 'string' || kind === 'number';
  const leftAllowed = left === undefined || isOrdered(leftKind);
  const rightAllowed = right === undefined || isOrdered(rightKind);
  if (!leftAllowed || !rightAllowed) {
    throw new ExpressionError('T2010', site, { value: isOrdered(leftKind) ? right : left });
  }
  if (left === undefined || right === undefined) return false;
  throw new ExpressionError('T2009', site, { value: left, value2: right });
}

/** `in`: the very same value is among the items. */
export function includes(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return false;
  if (!isArray(right)) return left === right;
  for (let index = 0; index < right.length; index++) if (right[index] === left) return true;
  return false;
}

const asText = definitions.get('string')?.implementation as (value: unknown) => string; // in every release of the package

/** A list of written-out values that is searched. */
export type SearchList = { readonly items: readonly unknown[]; readonly values: ReadonlySet<unknown> };

export function searchList(items: readonly unknown[]): SearchList {
  return { items, values: new Set(items) };
}

/** {@link includes} in such a list. */
export function isIn(value: unknown, { values }: SearchList): boolean {
  return values.has(value);
}

/** A value as `$string` and `&` write it; nothing is the empty text for `&`. */
export function text(value: unknown, site?: Site): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value === 'number') return numberText(value, site);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value === null ? 'null' : objectText(value, site);
}

/** `left & right`. */
export function concat(left: unknown, right: unknown, site: Site): string {
  return text(left, site) + text(right, site);
}

export function numberText(value: number, site?: Site): string {
  if (!Number.isFinite(value)) throw new ExpressionError('D3001', site, { value });
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(15)));
}

export function objectText(value: unknown, site?: Site): string {
  try {
    return asText(value);
  } catch (cause) {
    throw relocated(cause, site);
  }
}

/** An error the package threw, with its place in the text. */
export function relocated(cause: unknown, site: Site | undefined): unknown {
  if (cause instanceof ExpressionError) return moved(cause, site);
  if (typeof cause !== 'object' || cause === null || cause instanceof Error) return cause;
  const { code, message, ...details } = cause as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return cause;
  return new ExpressionError(code, site, details, typeof message === 'string' ? message : undefined);
}

/** An error from inside a library function takes the place of the call; the word it came with stays. */
function moved(cause: ExpressionError, site: Site | undefined): ExpressionError {
  const token = site?.overrides === true ? site.token : (cause.token ?? site?.token);
  return new ExpressionError(cause.code, { position: site?.position, token }, cause.details, cause.message);
}

/** `from..to` as a sequence. */
export function range(from: unknown, to: unknown, site: Site): List | undefined {
  if (from !== undefined && !Number.isInteger(from)) throw new ExpressionError('T2003', site, { value: from });
  if (to !== undefined && !Number.isInteger(to)) throw new ExpressionError('T2004', site, { value: to });
  if (typeof from !== 'number' || typeof to !== 'number' || from > to) return undefined;
  const size = to - from + 1;
  if (size > 1e7) throw new ExpressionError('D2014', site, { value: size });
  const numbers: List = new Array<unknown>(size);
  for (let item = from, index = 0; item <= to; item++, index++) numbers[index] = item;
  numbers.sequence = true;
  return numbers;
}

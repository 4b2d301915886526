import type { Site } from '../../expression-error.ts';
import { HandOver } from '../../hand-over.ts';
import { argument, callBuiltin, focusOn, own } from '../apply.ts';
import { moment } from '../evaluation.ts';
import type { Builtin } from '../functions.ts';
import { itemAt } from '../filter.ts';
import { isFunction, isNumeric, truthy } from '../kinds.ts';
import { lookup } from '../lookup.ts';
import { numberText, objectText } from '../operators.ts';
import { append, asSequence, createSequence, isArray, type List } from '../sequence.ts';
import { library } from './library.ts';
import { millisOf } from './timestamps.ts';

/**
 * Library functions for the usual kinds of arguments, called by name with all of them given. Anything unusual goes the
 * long way: the argument checks of the package, and its errors.
 */

/** Stands for the context in a tail position: it would be that of the caller. */
export const unknownContext = Symbol('unknown context');

function theLongWay(name: string, args: unknown[], context: unknown, site: Site): unknown {
  if (context === unknownContext) throw new HandOver('A library function in a tail position may need its context.');
  return callBuiltin(defined(name), args, context, site);
}

function defined(name: string): Builtin {
  const builtin = library.get(name);
  if (builtin === undefined) throw new HandOver(`The package has no $${name}.`);
  return builtin;
}

export function string(value: unknown, _context: unknown, site: Site): unknown {
  if (typeof value === 'string' || value === undefined) return value;
  if (typeof value === 'number') return numberText(value, site);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value === null ? 'null' : objectText(value, site);
}

export function lowercase(text: unknown, context: unknown, site: Site): unknown {
  if (typeof text === 'string') return text.toLowerCase();
  return text === undefined ? undefined : theLongWay('lowercase', [text], context, site);
}

export function uppercase(text: unknown, context: unknown, site: Site): unknown {
  if (typeof text === 'string') return text.toUpperCase();
  return text === undefined ? undefined : theLongWay('uppercase', [text], context, site);
}

export function trim(text: unknown, context: unknown, site: Site): unknown {
  if (typeof text !== 'string') return text === undefined ? undefined : theLongWay('trim', [text], context, site);
  const plain = text.replace(/[ \t\n\r]+/g, ' ');
  const start = plain.startsWith(' ') ? 1 : 0;
  return plain.slice(start, plain.length > start && plain.endsWith(' ') ? -1 : undefined);
}

const surrogates = /[\ud800-\udfff]/;

export function lengthOf(text: unknown, context: unknown, site: Site): unknown {
  if (typeof text === 'string') return surrogates.test(text) ? Array.from(text).length : text.length;
  return text === undefined ? undefined : theLongWay('length', [text], context, site);
}

export function substring(text: unknown, start: unknown, length: unknown, context: unknown, site: Site): unknown {
  const args = length === undefined ? [text, start] : [text, start, length];
  if (typeof start !== 'number' || (length !== undefined && typeof length !== 'number')) {
    return theLongWay('substring', args, context, site);
  }
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || surrogates.test(text)) return theLongWay('substring', args, context, site);
  const from = text.length + start < 0 ? 0 : start;
  if (length === undefined) return text.slice(from);
  if (length <= 0) return '';
  return text.slice(from, from >= 0 ? from + length : text.length + from + length);
}

export function substringBefore(text: unknown, mark: unknown, context: unknown, site: Site): unknown {
  if (typeof mark !== 'string' || (typeof text !== 'string' && text !== undefined)) {
    return theLongWay('substringBefore', [text, mark], context, site);
  }
  const place = text === undefined ? -1 : text.indexOf(mark);
  return place < 0 ? text : text?.slice(0, place);
}

export function substringAfter(text: unknown, mark: unknown, context: unknown, site: Site): unknown {
  if (typeof mark !== 'string' || (typeof text !== 'string' && text !== undefined)) {
    return theLongWay('substringAfter', [text, mark], context, site);
  }
  const place = text === undefined ? -1 : text.indexOf(mark);
  return place < 0 ? text : text?.slice(place + mark.length);
}

export function contains(text: unknown, mark: unknown, context: unknown, site: Site): unknown {
  if (typeof text === 'string' && typeof mark === 'string') return text.includes(mark);
  if (text === undefined && (mark === undefined || typeof mark === 'string')) return undefined;
  return theLongWay('contains', [text, argument(mark)], context, site);
}

/** `$contains(text, /pattern/)`. */
export function containsPattern(text: unknown, pattern: RegExp, context: unknown, site: Site): unknown {
  if (typeof text !== 'string')
    return text === undefined ? undefined : theLongWay('contains', [text, own(() => undefined)], context, site);
  pattern.lastIndex = 0;
  return pattern.test(text);
}

export function split(text: unknown, separator: unknown, context: unknown, site: Site): unknown {
  if (typeof text === 'string' && typeof separator === 'string') return text.split(separator);
  if (text === undefined && typeof separator === 'string') return undefined;
  return theLongWay('split', [text, argument(separator)], context, site);
}

/** One part of {@link split}: of the first ones for a separator of any length, of the last for one of a single unit. */
export function splitPart(text: unknown, separator: string, place: number, context: unknown, site: Site): unknown {
  if (typeof text !== 'string') return itemAt(split(text, separator, context, site), place);
  return place < 0 ? partFromEnd(text, separator, place) : partFromStart(text, separator, place);
}

function partFromStart(text: string, separator: string, place: number): string | undefined {
  let start = 0;
  for (let passed = 0; passed < place; passed++) {
    const mark = text.indexOf(separator, start);
    if (mark < 0) return undefined;
    start = mark + separator.length;
  }
  const end = text.indexOf(separator, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}

function partFromEnd(text: string, separator: string, place: number): string | undefined {
  let end = text.length;
  for (let passed = -1; passed > place; passed--) {
    end = end === 0 ? -1 : text.lastIndexOf(separator, end - 1);
    if (end < 0) return undefined;
  }
  // A place before the text's start would be taken for its start.
  return end === 0 ? '' : text.slice(text.lastIndexOf(separator, end - 1) + 1, end);
}

export function join(list: unknown, separator: unknown, context: unknown, site: Site): unknown {
  const isPlain = separator === undefined || typeof separator === 'string';
  if (isPlain && isArray(list) && areAll('string', list)) return list.join(separator ?? '');
  if (isPlain && (list === undefined || typeof list === 'string')) return list;
  return theLongWay('join', separator === undefined ? [list] : [list, separator], context, site);
}

export function number(value: unknown, context: unknown, site: Site): unknown {
  if (typeof value === 'number' || value === undefined) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return theLongWay('number', [value], context, site);
}

export function floor(value: unknown, context: unknown, site: Site): unknown {
  if (typeof value === 'number') return Math.floor(value);
  return value === undefined ? undefined : theLongWay('floor', [value], context, site);
}

export function ceil(value: unknown, context: unknown, site: Site): unknown {
  if (typeof value === 'number') return Math.ceil(value);
  return value === undefined ? undefined : theLongWay('ceil', [value], context, site);
}

export function abs(value: unknown, context: unknown, site: Site): unknown {
  if (typeof value === 'number') return Math.abs(value);
  return value === undefined ? undefined : theLongWay('abs', [value], context, site);
}

/** Halves go to the even neighbour. */
export function round(value: unknown, context: unknown, site: Site): unknown {
  if (typeof value !== 'number') return value === undefined ? undefined : theLongWay('round', [value], context, site);
  const near = Math.round(value);
  const isOddHalf = Math.abs(near - value) === 0.5 && Math.abs(near % 2) === 1;
  return (isOddHalf ? near - 1 : near) + 0; // no negative zero in JSON
}

/** A hole is of no kind. */
function areAll(kind: 'string' | 'number', list: List): boolean {
  for (let index = 0; index < list.length; index++) if (typeof list[index] !== kind) return false;
  return true;
}

/** The numbers of a list that holds nothing else. */
function numbersIn(list: unknown): number[] | undefined {
  if (typeof list === 'number') return [list];
  if (!isArray(list)) return undefined;
  return areAll('number', list) ? (list as number[]) : undefined; // as just seen
}

export function sum(list: unknown, context: unknown, site: Site): unknown {
  const numbers = numbersIn(list);
  if (numbers === undefined) return list === undefined ? undefined : theLongWay('sum', [list], context, site);
  let total = 0;
  for (const item of numbers) total += item;
  return total;
}

export function max(list: unknown, context: unknown, site: Site): unknown {
  const numbers = numbersIn(list);
  if (numbers === undefined) return list === undefined ? undefined : theLongWay('max', [list], context, site);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
}

export function min(list: unknown, context: unknown, site: Site): unknown {
  const numbers = numbersIn(list);
  if (numbers === undefined) return list === undefined ? undefined : theLongWay('min', [list], context, site);
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}

export function average(list: unknown, context: unknown, site: Site): unknown {
  const numbers = numbersIn(list);
  if (numbers === undefined) return list === undefined ? undefined : theLongWay('average', [list], context, site);
  let total = 0;
  for (const item of numbers) total += item;
  return numbers.length === 0 ? undefined : total / numbers.length;
}

export function count(list: unknown): number {
  if (list === undefined) return 0;
  return isArray(list) ? list.length : 1;
}

export function boolean(value: unknown, _context: unknown, site: Site): unknown {
  return value === undefined ? undefined : truthy(value, site);
}

export function not(value: unknown, _context: unknown, site: Site): unknown {
  return value === undefined ? undefined : !truthy(value, site);
}

export function exists(value: unknown): boolean {
  return value !== undefined;
}

export function typeOf(value: unknown, _context: unknown, site: Site): unknown {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumeric(value, site)) return 'number';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  if (isArray(value)) return 'array';
  return isFunction(value) ? 'function' : 'object';
}

export function appendTo(first: unknown, second: unknown): unknown {
  return append(first, second);
}

export function lookupIn(input: unknown, key: unknown, context: unknown, site: Site): unknown {
  return typeof key === 'string' ? lookup(input, key) : theLongWay('lookup', [input, key], context, site);
}

/** An object of written-out values to look things up in. */
export type Table = { readonly object: object; readonly values: ReadonlyMap<string, unknown> };

export function table(object: object): Table {
  return { object, values: new Map(Object.entries(object)) };
}

export function lookupInTable({ object, values }: Table, key: unknown, context: unknown, site: Site): unknown {
  return typeof key === 'string' ? values.get(key) : theLongWay('lookup', [object, key], context, site);
}

export function keys(value: unknown, context: unknown, site: Site): unknown {
  if (typeof value !== 'object' || value === null) return createSequence();
  if (isArray(value)) return theLongWay('keys', [value], context, site);
  return isFunction(value) ? createSequence() : asSequence(Object.keys(value));
}

export function merge(list: unknown, context: unknown, site: Site): unknown {
  const isMergeable = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && !isArray(item) && !isFunction(item);
  if (list === undefined) return undefined;
  const objects = isArray(list) ? list : [list];
  if (!objects.every(isMergeable)) return theLongWay('merge', [list], context, site);
  return defined('merge').implementation.call(focusOn(undefined), objects);
}

export function toMillis(text: unknown, context: unknown, site: Site): unknown {
  if (text === undefined) return undefined;
  const millis = typeof text === 'string' ? millisOf(text) : undefined;
  return millis ?? theLongWay('toMillis', [text], context, site);
}

const yearOne = -62_135_596_800_000;
const yearTenThousand = 253_402_300_800_000;

export function fromMillis(value: unknown, context: unknown, site: Site): unknown {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= yearOne && value < yearTenThousand) return new Date(value).toISOString();
  return theLongWay('fromMillis', [value], context, site);
}

export function millis(): number {
  return moment();
}

import type { Records } from '../../descriptor/descriptor.ts';
import { childPointer } from '../../json-pointer.ts';
import type { JsonValue } from '../../records.ts';

/** A value of an answer, beside its rows, with its JSON Pointer. */
export type Place = { readonly pointer: string; readonly name: string; readonly value: JsonValue };

/** Deep enough for any envelope. */
const maxDepth = 4;

/** Every value of an answer outside its rows; lists are shown, but not entered. */
export function placesIn(answer: JsonValue, records: Records): Place[] {
  const rows = records.kind === 'rows' || records.kind === 'explode' ? records.pointer : undefined;
  const places = walk(answer, '', 0);
  return rows === undefined ? places : places.filter(({ pointer }) => !`${pointer}/`.startsWith(`${rows}/`));
}

/** Where an answer holds lists of objects, as far as that is not deep inside. */
export function listsIn(answer: JsonValue): string[] {
  const whole: Place = { pointer: '', name: '', value: answer };
  return [whole, ...walk(answer, '', 0)]
    .filter(({ value }) => Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null))
    .map(({ pointer }) => pointer);
}

function walk(value: JsonValue, pointer: string, depth: number): Place[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === maxDepth) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = childPointer(pointer, name);
    return [{ pointer: at, name, value: inner }, ...walk(inner, at, depth + 1)];
  });
}

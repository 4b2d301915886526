import type { Issue, Position } from '../diagnostics/issue.ts';
import { childPointer } from '../json-pointer.ts';
import { isJsonObject, type JsonValue } from '../records.ts';

/** A file of another tool while it is read: what was looked at, and what there is to say about it. */
export type Sheet = {
  readonly file: string;
  readonly locate: (pointer: string) => Position;
  /** The format takes its keys in any case. */
  readonly anyCase: boolean;
  /** Pointers of all that was read, or passed over with a reason. What is in neither is reported. */
  readonly read: Set<string>;
  readonly passed: Set<string>;
  readonly findings: Issue[];
};

/** A value of the file and where it stands; `undefined` where there is none. */
export type Place = { readonly value: JsonValue | undefined; readonly pointer: string; readonly sheet: Sheet };

/** The value under a key, which thereby counts as read. */
export function inside(place: Place, key: string): Place {
  const { value, pointer, sheet } = place;
  const found = keyNamed(value, key, sheet.anyCase);
  const inner = childPointer(pointer, found ?? key);
  if (found === undefined) return { value: undefined, pointer: inner, sheet };
  sheet.read.add(inner);
  return { value: isJsonObject(value) ? value[found] : undefined, pointer: inner, sheet };
}

/** Down several keys. */
export function deep(place: Place, ...keys: string[]): Place {
  return keys.reduce(inside, place);
}

function keyNamed(value: JsonValue | undefined, key: string, anyCase: boolean): string | undefined {
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, key)) return key;
  return anyCase ? Object.keys(value).find((own) => own.trim().toLowerCase() === key.toLowerCase()) : undefined;
}

/** The items of a list; a single value counts as a list of one. */
export function itemsOf(place: Place): Place[] {
  const { value, pointer, sheet } = place;
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [place];
  return value.map((item, index) => inList(item, childPointer(pointer, String(index)), sheet));
}

function inList(value: JsonValue, pointer: string, sheet: Sheet): Place {
  sheet.read.add(pointer);
  return { value, pointer, sheet };
}

export function entriesOf(place: Place): [key: string, value: Place][] {
  return isJsonObject(place.value) ? Object.keys(place.value).map((key) => [key, inside(place, key)]) : [];
}

export function isThere({ value }: Place): boolean {
  return value !== undefined && value !== null;
}

export function textOf({ value }: Place): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function numberOf({ value }: Place): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flagOf({ value }: Place): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

/** What stands here and below is known, and needs no word. */
export function pass(place: Place, ...keys: string[]): void {
  const { sheet } = place;
  if (keys.length === 0) sheet.passed.add(place.pointer);
  for (const key of keys) sheet.passed.add(inside(place, key).pointer);
}

/** The descriptor language has no word for it, so that what lies below need not be told as well. */
export function lost(place: Place, message: string, hint?: string): void {
  pass(place);
  tell(place, 'import/not-carried', message, hint);
}

/** It is carried, but not word for word. */
export function otherwise(place: Place, message: string, hint?: string): void {
  tell(place, 'import/carried-otherwise', message, hint);
}

/** Sluice has no need of it, nor of what lies below. */
export function needless(place: Place, message: string, hint?: string): void {
  if (place.pointer !== '') pass(place);
  tell(place, 'import/passed-over', message, hint);
}

/** A credential in the file itself. No message repeats it. */
export function secretInClear(place: Place, message: string, hint?: string): void {
  tell(place, 'import/secret-in-clear', message, hint);
}

function tell({ pointer, sheet }: Place, code: Issue['code'], message: string, hint?: string): void {
  const at = sheet.locate(pointer);
  const isTold = sheet.findings.some(
    (one) => one.message === message && one.at?.line === at.line && one.at.column === at.column,
  );
  if (isTold) return;
  sheet.findings.push({ code, severity: 'warning', message, ...(hint !== undefined && { hint }), at });
}

/** Reports every key that nobody has read, so that nothing vanishes without a word. */
export function reportUnread(place: Place): void {
  const { value, pointer, sheet } = place;
  if (sheet.passed.has(pointer)) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => reportUnread({ value: item, pointer: childPointer(pointer, String(index)), sheet }));
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const child = { value: inner, pointer: childPointer(pointer, key), sheet };
    if (sheet.read.has(child.pointer)) reportUnread(child);
    else if (!sheet.passed.has(child.pointer)) lost(child, `"${key}" is nothing that this importer carries.`);
  }
}

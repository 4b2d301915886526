import { isJsonObject, type JsonValue } from '../../records.ts';
import { type AddressedStream, fillIn } from '../imported.ts';
import { lost, type Place, textOf } from '../place.ts';
import { type CriblScope, templateText } from './expression.ts';

/** A body told as a text of JSON, its values templates; `undefined` where there is none. */
export function readBody(place: Place, scope: CriblScope): AddressedStream['body'] {
  const text = textOf(place);
  if (text === undefined || text.trim() === '') return undefined;
  const template = unquoted(text.trim());
  const kept: string[] = [];
  // Expressions hold quotes and braces of their own: they wait aside while the JSON around them is read.
  const marked = template.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, (whole) => `\uE000${kept.push(whole) - 1}\uE001`);
  const json = parsed(
    marked.replace(/(?<=[:[,]\s*)`([^`"]*)`/g, '"$1"').replace(/(?<=[:[,]\s*)(\uE000\d+\uE001)(?=\s*[,}\]])/g, '"$1"'),
  );
  if (json === undefined) {
    lost(
      place,
      'This body is no JSON with simple expressions, and has no equivalent.',
      'Write it under body.json, body.form or body.graphql.',
    );
    return { block: { json: { fillIn } }, place };
  }
  const restored = (one: string) => one.replace(/\uE000(\d+)\uE001/g, (_, index: string) => kept[Number(index)] ?? '');
  return { block: { json: filledIn(json, (one) => templateText(restored(one), place, scope)) }, place };
}

function unquoted(text: string): string {
  return /^`[^`]*`$/s.test(text) || /^'[^']*'$/s.test(text) ? text.slice(1, -1) : text;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue; // JSON out is JSON
  } catch {
    return undefined;
  }
}

function filledIn(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => filledIn(one, change));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, change)]));
}

/** Fields of a login, told as JSON or as a form. */
export function readFields(
  place: Place,
  scope: CriblScope,
): { fields: { [name: string]: string }; isForm: boolean } | undefined {
  const text = unquoted((textOf(place) ?? '').trim());
  if (text === '') return undefined;
  if (!text.startsWith('{')) {
    const pairs = text.split('&').map((part) => part.split('=', 2));
    const fields = pairs.map(([name = '', value = '']): [string, string] => [name, templateText(value, place, scope)]);
    return { fields: Object.fromEntries(fields), isForm: true };
  }
  const json = readBody(place, scope)?.block.json;
  if (!isJsonObject(json) || 'fillIn' in json) return undefined;
  const fields = Object.entries(json).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return { fields: Object.fromEntries(fields), isForm: false };
}

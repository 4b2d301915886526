import type { JsonObject, JsonValue } from '../records.ts';

/** What placeholders stand for. `undefined`: known, but without a value this time. */
export type Values = { readonly [name: string]: JsonValue | undefined };

const placeholder = /\{([A-Za-z]\w*)\}/g;

/** Puts values in the place of `{name}`; keys and items that come out without a value are left out. */
export function fill(template: JsonValue, values: Values): JsonValue | undefined {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.map((item) => fill(item, values)).filter((item) => item !== undefined);
  if (template === null || typeof template !== 'object') return template;
  return fillObject(template, values);
}

export function fillObject(template: JsonObject, values: Values): JsonObject {
  const filled: JsonObject = {};
  for (const [key, item] of Object.entries(template)) {
    const value = fill(item, values);
    if (value !== undefined) filled[key] = value;
  }
  return filled;
}

/** Headers, and everything else that can only be text. */
export function fillTexts(
  templates: { readonly [name: string]: string },
  values: Values,
): { readonly [name: string]: string } {
  const filled: { [name: string]: string } = {};
  for (const [name, template] of Object.entries(templates)) {
    const value = fillText(template, values);
    if (value !== undefined) filled[name] = asText(value);
  }
  return filled;
}

function fillText(template: string, values: Values): JsonValue | undefined {
  const [whole, name] = /^\{([A-Za-z]\w*)\}$/.exec(template) ?? [];
  if (whole !== undefined && name !== undefined) return lookUp(values, name);
  return template.replace(placeholder, (_, inner: string) => asText(lookUp(values, inner) ?? ''));
}

function lookUp(values: Values, name: string): JsonValue | undefined {
  if (!(name in values)) throw new Error(`The sandbox description uses {${name}}, which has no meaning there.`);
  return values[name];
}

/** A value inside a longer text. */
export function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The placeholders in a template. */
export function namesIn(template: JsonValue): string[] {
  return [...JSON.stringify(template).matchAll(placeholder)].map(([, name = '']) => name);
}

import type { RequestBody } from '../descriptor/descriptor.ts';
import { placeholder } from '../descriptor/placeholders.ts';
import type { JsonValue } from '../records.ts';
import { expandTemplate } from './expand-template.ts';

/** A value of a placeholder that keeps its type where it stands alone. */
export type TypedValues = (name: string) => JsonValue | undefined;

/**
 * A body with its placeholders filled. A text that is one placeholder and nothing else takes the value as it is: a
 * number of seconds stays a number, a list of ids a list.
 *
 * Throws `descriptor/unknown-placeholder` for one that has no value.
 */
export function fillBody(body: RequestBody, values: TypedValues): RequestBody {
  if (body.kind === 'json') return { ...body, value: fillValue(body.value, values) };
  if (body.kind === 'graphql') {
    const { query, variables } = body.value;
    const filled = Object.entries(variables).map(([name, value]) => [name, fillValue(value, values)] as const);
    return { ...body, value: { query, variables: Object.fromEntries(filled) } };
  }
  const fields = Object.entries(body.fields).map(([name, template]) => [name, fillText(template, values)]);
  // Pairs of texts make a record of texts.
  return { ...body, fields: Object.fromEntries(fields) as Record<string, string> };
}

const onePlaceholder = new RegExp(`^${placeholder.source}$`);

function fillValue(value: JsonValue, values: TypedValues): JsonValue {
  if (Array.isArray(value)) return value.map((item) => fillValue(item, values));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillValue(inner, values)]));
  if (typeof value !== 'string') return value;
  const name = onePlaceholder.exec(value)?.[1];
  const alone = name === undefined ? undefined : values(name);
  return alone ?? fillText(value, values);
}

function fillText(template: string, values: TypedValues): string {
  return expandTemplate(template, (name) => {
    const value = values(name);
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  });
}

import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Template } from '../descriptor/descriptor.ts';
import { placeholder } from '../descriptor/placeholders.ts';

/** The value of a connection property, or of `apiVersion`; `undefined` if there is none. */
export type Values = (name: string) => string | undefined;

/** Fills the placeholders. Throws `descriptor/unknown-placeholder` for one that has no value. */
export function expandTemplate(
  template: Template,
  values: Values,
  literal: (text: string) => string = (text) => text,
): string {
  return template
    .split(placeholder)
    .map((part, index) => (index % 2 === 0 ? literal(part) : valueOf(part, values, template)))
    .join('');
}

function valueOf(name: string, values: Values, template: Template): string {
  const value = values(name);
  if (value !== undefined) return value;
  throw new CannotRunError('descriptor/unknown-placeholder', `{${name}} in ${JSON.stringify(template)} has no value.`, {
    hint: `Give the connection a property ${name}, or correct the placeholder.`,
  });
}

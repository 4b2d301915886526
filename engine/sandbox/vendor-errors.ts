import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { fill, fillTexts, type Values } from './fill.ts';
import type { ErrorDescription, ErrorsDescription, FamilyDescription, NamedError } from './sandbox-description.ts';

/** An error as the vendor words it: the family's own wording if it has one. */
export function namedError(
  errors: ErrorsDescription,
  family: FamilyDescription | undefined,
  name: NamedError,
  exchange: Exchange,
  values: Values = {},
): Answer {
  return errorAnswer(errors, family?.errors?.[name] ?? errors.named[name], exchange, values);
}

export function errorAnswer(
  errors: ErrorsDescription,
  error: ErrorDescription,
  exchange: Exchange,
  values: Values = {},
): Answer {
  const known = { retryAfter: String(errors.retryAfterSeconds), ...exchange.values, ...values };
  const body = fill(error.body ?? errors.body, { ...known, ...filledSay(error, known) });
  return jsonAnswer(error.status, body, fillTexts(error.headers ?? {}, known));
}

function filledSay(error: ErrorDescription, values: Values): Values {
  return Object.fromEntries(Object.entries(error.say).map(([name, text]) => [name, fill(text, values)]));
}

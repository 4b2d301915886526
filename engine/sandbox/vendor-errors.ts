import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { plainError, standIns } from './default-errors.ts';
import { asText, fill, fillTexts, namesIn, type Values } from './fill.ts';
import type { ErrorDescription, ErrorsDescription, FamilyDescription, NamedError } from './sandbox-description.ts';

/** An error as the vendor words it: the family's own wording if it has one, the plainest where there is none. */
export function namedError(
  errors: ErrorsDescription,
  family: FamilyDescription | undefined,
  name: NamedError,
  exchange: Exchange,
  values: Values = {},
): Answer {
  for (let wanted: NamedError | undefined = name; wanted !== undefined; wanted = standIns[wanted]) {
    const worded = family?.errors?.[wanted] ?? errors.named[wanted];
    if (worded !== undefined) return errorAnswer(errors, worded, exchange, values);
  }
  let plainest = name;
  for (let next = standIns[plainest]; next !== undefined; next = standIns[plainest]) plainest = next;
  // The vendor's body may speak of more than a plain error knows.
  const unknown = Object.fromEntries(namesIn(errors.body).map((placeholder) => [placeholder, undefined]));
  return errorAnswer(errors, plainError(plainest), exchange, { ...unknown, ...values }, exchange.values);
}

export function errorAnswer(
  errors: ErrorsDescription,
  error: ErrorDescription,
  exchange: Exchange,
  values: Values = {},
  stronger: Values = {},
): Answer {
  const known = { retryAfter: String(errors.retryAfterSeconds), ...exchange.values, ...values, ...stronger };
  const headers = fillTexts(error.headers ?? {}, known);
  const body = fill(error.body ?? errors.body, { ...known, ...filledSay(error, known) });
  if (error.contentType === undefined) return jsonAnswer(error.status, body, headers);
  return { status: error.status, headers: { 'content-type': error.contentType, ...headers }, body: asText(body ?? '') };
}

function filledSay(error: ErrorDescription, values: Values): Values {
  return Object.fromEntries(Object.entries(error.say).map(([name, text]) => [name, fill(text, values)]));
}

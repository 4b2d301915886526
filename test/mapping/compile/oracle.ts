import jsonata from 'jsonata';
import { ExpressionError } from '../../../engine/mapping/compile/expression-error.ts';

/** What an evaluation came to. */
export type Outcome = { kind: 'value'; value: unknown } | { kind: 'error'; error: unknown };

type Limits = { timeout?: number; stack?: number };

/** The interpreter's answer. */
export async function interpreted(
  expression: string,
  input: unknown,
  bindings: Record<string, unknown> = {},
  limits?: Limits,
): Promise<Outcome> {
  await forgetCalls();
  try {
    const parsed = limits === undefined ? jsonata(expression) : jsonata(expression, limits);
    return { kind: 'value', value: (await parsed.evaluate(input, bindings)) as unknown };
  } catch (error) {
    return { kind: 'error', error };
  }
}

/**
 * The package notes the place of its latest call on each library function, for all expressions at once, and reports a
 * function that is called by value at the place noted last. Each answer is to be that of a fresh process.
 */
async function forgetCalls(): Promise<void> {
  for (const definition of (await libraryDefinitions) as { token?: string; position?: number }[]) {
    delete definition.token;
    delete definition.position;
  }
}

const names =
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval toMillis fromMillis clone';
const libraryDefinitions = jsonata(
  `[${names
    .split(' ')
    .map((name) => `$${name}`)
    .join(', ')}]`,
).evaluate({}) as Promise<unknown[]>;

/** An outcome as text that is the same for the same outcome: JSON, or an error's code, position, token and details. */
export function describeOutcome(outcome: Outcome): string {
  if (outcome.kind === 'value') return `value ${json(outcome.value)}`;
  const { error } = outcome;
  const { code, position, token, ...rest } = (error instanceof ExpressionError ? fieldsOf(error) : error) as {
    code?: string;
    position?: number;
    token?: string;
    value?: unknown;
    value2?: unknown;
    index?: number;
    message?: string;
  };
  if (code === undefined) return `failure ${String(error)}`;
  const { value, value2, index, message } = rest;
  return `error ${code} at ${position ?? '-'} token ${token ?? '-'} value ${json(value)} ${json(value2)} index ${index ?? '-'}: ${message ?? ''}`;
}

function fieldsOf({ code, position, token, message, details }: ExpressionError): object {
  return { ...details, code, position, token, message };
}

/** JSON, with functions as one word: what they are made of is nobody's business. */
function json(value: unknown): string {
  if (value === undefined) return 'nothing';
  return JSON.stringify(value, (_key, item: unknown) => (isFunction(item) ? '<function>' : item));
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const marks = value as { _jsonata_lambda?: unknown; _jsonata_function?: unknown };
  return marks._jsonata_lambda === true || marks._jsonata_function === true;
}

/** Whether a text is JSONata at all. */
export function parses(expression: string): boolean {
  try {
    jsonata(expression);
    return true;
  } catch {
    return false;
  }
}

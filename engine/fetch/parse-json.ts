import type { HttpAnswer, JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';

/**
 * The answer's body as JSON. Integers that a JavaScript number cannot hold exactly become strings of their digits, so
 * that no id or count is changed on its way.
 *
 * Throws `fetch/not-json`; `retryable` if the answer was cut off.
 */
export function parseJson({ status, headers, body }: HttpAnswer, name: string): JsonValue {
  const text = new TextDecoder().decode(body); // drops a byte order mark
  try {
    // JSON.parse is typed as any; what it gives is by definition a JsonValue.
    return JSON.parse(keepIntegersExact(text)) as JsonValue;
  } catch (cause) {
    throw notJson(text, headers['content-type'] ?? '', `${name} answered ${status}`, status, cause);
  }
}

/** Whether an answer is a page for people: a proxy's, a sign-in page, a gateway's error. */
export function looksLikeHtml(text: string, contentType: string): boolean {
  return /^\s*</.test(text.slice(0, 1000)) || /\bhtml\b/i.test(contentType);
}

function notJson(text: string, contentType: string, answered: string, httpStatus: number, cause: unknown): FetchError {
  if (text.trim() === '') {
    return new FetchError('fetch/not-json', `${answered} with an empty body where JSON was expected.`, {
      httpStatus,
      retryable: httpStatus !== 204,
      hint: 'Check the address of the stream; an answer without a body has no records to read.',
    });
  }
  if (looksLikeHtml(text, contentType)) {
    return new FetchError('fetch/not-json', `${answered} with what looks like an HTML page instead of JSON.`, {
      httpStatus,
      hint: 'A proxy or a sign-in page may stand between; open the address from this machine, and check the base address.',
    });
  }
  if (isCutOff(text)) {
    return new FetchError('fetch/not-json', `${answered} with JSON that was cut off.`, {
      httpStatus,
      retryable: true,
      hint: 'Try again later; if it stays, look for a proxy that limits the size of answers.',
      cause,
    });
  }
  return new FetchError('fetch/not-json', `${answered} with something that is not JSON.`, {
    httpStatus,
    hint: 'Check the address, and that the source is asked for JSON.',
    cause,
  });
}

const INTEGER_TOO_LONG_TO_TRUST = /\d{16}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function keepIntegersExact(text: string): string {
  if (!INTEGER_TOO_LONG_TO_TRUST.test(text)) return text;
  let exact = '';
  for (const { outside, string } of pieces(text)) {
    exact += outside.replace(NUMBER, (number) => (isExact(number) ? number : `"${number}"`)) + string;
  }
  return exact;
}

/** Whether a JavaScript number gives the same digits back. */
function isExact(number: string): boolean {
  return !/^-?\d+$/.test(number) || Number.isSafeInteger(Number(number)) || String(Number(number)) === number;
}

/** Whether the text ends inside a string or before its brackets are closed. */
function isCutOff(text: string): boolean {
  let depth = 0;
  for (const { outside, string } of pieces(text)) {
    for (const character of outside) {
      if (character === '{' || character === '[') depth++;
      if (character === '}' || character === ']') depth--;
    }
    if (string !== '' && !isClosed(string)) return true;
  }
  return depth > 0;
}

function isClosed(string: string): boolean {
  return string.length > 1 && string.endsWith('"') && !endsEscaped(string, string.length - 1);
}

/** A JSON text in pairs: what lies outside strings, and the string (with its quotes) that follows. */
function* pieces(text: string): Generator<{ outside: string; string: string }> {
  let position = 0;
  while (position < text.length) {
    const opening = indexOr(text.indexOf('"', position), text.length);
    let closing = text.indexOf('"', opening + 1);
    while (closing !== -1 && endsEscaped(text, closing)) closing = text.indexOf('"', closing + 1);
    const end = indexOr(closing, text.length - 1) + 1;
    yield { outside: text.slice(position, opening), string: text.slice(opening, end) };
    position = end;
  }
}

function indexOr(index: number, otherwise: number): number {
  return index === -1 ? otherwise : index;
}

/** Whether the quote at `index` is taken back by an odd number of backslashes. */
function endsEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

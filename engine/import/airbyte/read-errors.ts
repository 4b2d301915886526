import type { JsonObject } from '../../records.ts';
import { pointerTo } from '../../json-pointer.ts';
import { inside, isThere, itemsOf, lost, numberOf, otherwise, pass, type Place, textOf } from '../place.ts';
import { shown } from '../template.ts';
import { pathOf } from './jinja.ts';

/** What all requesters of a manifest say of errors; a descriptor has one catalogue. */
export type ErrorBook = {
  readonly rules: JsonObject[];
  readonly codePointers: string[];
  readonly statuses: Set<number>;
  readonly after: JsonObject[];
  maxTries?: number;
  baseDelayMs?: number;
  maxDelayMs?: number;
};

export function emptyErrorBook(): ErrorBook {
  return { rules: [], codePointers: [], statuses: new Set(), after: [] };
}

export function readErrorHandler(place: Place, book: ErrorBook): void {
  if (!isThere(place)) return;
  const type = textOf(inside(place, 'type')) ?? 'DefaultErrorHandler';
  if (type === 'CompositeErrorHandler') {
    for (const handler of itemsOf(inside(place, 'error_handlers'))) readErrorHandler(handler, book);
    return;
  }
  if (type !== 'DefaultErrorHandler') {
    lost(
      place,
      `The error handler ${type} is code of its own and has no equivalent.`,
      'Rules of errors.yaml say what an error means.',
    );
    return;
  }
  const tries = inside(place, 'max_retries');
  const retries = numberOf(tries);
  if (isThere(tries) && retries === undefined) lost(tries, 'A number of retries that is computed has no equivalent.');
  if (retries !== undefined) book.maxTries = Math.max(book.maxTries ?? 1, retries + 1);
  for (const filter of itemsOf(inside(place, 'response_filters'))) readFilter(filter, book);
  for (const strategy of itemsOf(inside(place, 'backoff_strategies'))) readBackoff(strategy, book);
}

const meanings: { readonly [action: string]: string } = {
  FAIL: 'failed',
  RETRY: 'retry',
  RATE_LIMITED: 'throttled',
  RESET_PAGINATION: 'expired-page-token',
};

function readFilter(place: Place, book: ErrorBook): void {
  const action = (textOf(inside(place, 'action')) ?? 'FAIL').toUpperCase();
  const statuses = itemsOf(inside(place, 'http_codes')).flatMap((one) => numberOf(one) ?? []);
  const contains = textOf(inside(place, 'error_message_contains'));
  const predicate = inside(place, 'predicate');
  pass(place, 'failure_type');
  const messagePlace = inside(place, 'error_message');
  const message = plainText(messagePlace);
  const means = meanings[action];
  if (means === undefined) {
    lost(
      inside(place, 'action'),
      `The action ${action} has no equivalent: an error ends the stream, or is tried again.`,
      'A rule with "means: ignore" lets an error inside a successful answer pass.',
    );
    pass(place);
    return;
  }
  const retries = means === 'retry' || means === 'throttled';
  for (const status of retries ? statuses : []) book.statuses.add(status);
  const rule = (fits: JsonObject): JsonObject => ({
    ...fits,
    means: meaningOf(means, fits),
    message,
    hint: hints[means] ?? '',
  });
  // Any of the criteria is enough for a filter, while all that a rule gives must fit.
  const alternatives: JsonObject[] = [
    ...(statuses.length > 0 ? [{ status: statuses }] : []),
    ...(contains === undefined ? [] : [{ messagePattern: escaped(contains) }]),
    ...codesOf(predicate, book),
  ];
  for (const fits of alternatives) {
    const made = rule(fits);
    if (!book.rules.some((one) => JSON.stringify(one) === JSON.stringify(made))) book.rules.push(made);
  }
}

function meaningOf(means: string, { status }: JsonObject): string {
  const isDenied = Array.isArray(status) && status.every((one) => one === 403);
  return means === 'failed' && isDenied ? 'denied' : means;
}

const hints: { readonly [means: string]: string } = {
  failed: 'FILL IN: what the operator does about it.',
  retry: 'Wait for the next try; if it goes on, ask the vendor.',
  throttled: 'Ask for less at once, or for a larger budget at the vendor.',
  'expired-page-token': 'Nothing: the list is read anew.',
};

function plainText(place: Place): string {
  const text = textOf(place);
  if (text === undefined || text === '') return 'The source answered with an error.';
  if (!/\{\{|\{%/.test(text)) return text.replace(/[{}]/g, '');
  otherwise(place, "Expressions are taken out of the message; the vendor's own words are shown beside it.");
  const plain = text
    .replace(/\{\{.*?\}\}|\{%.*?%\}/gs, '…')
    .replace(/[{}]/g, '')
    .trim();
  return plain.replace(/[….\s:]/g, '') === '' ? 'The source answered with an error.' : plain;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** `{{ response['error']['code'] == 'x' }}` is a code at a place; other predicates are not known. */
function codesOf(place: Place, book: ErrorBook): JsonObject[] {
  const text = textOf(place);
  if (text === undefined) return [];
  const [, left = '', , value] = /^\{\{\s*(.+?)\s*==\s*(['"])([^'"]*)\2\s*\}\}$/s.exec(text.trim()) ?? [];
  const path = pathOf(left);
  if (path?.root !== 'response' || path.steps.length === 0 || value === undefined) {
    lost(place, `The predicate ${shown(text)} has no equivalent.`, 'Rules fit by status, code and messagePattern.');
    return [];
  }
  const pointer = pointerTo(path.steps);
  if (!book.codePointers.includes(pointer)) book.codePointers.push(pointer);
  return [{ code: [value] }];
}

function readBackoff(place: Place, book: ErrorBook): void {
  const type = textOf(inside(place, 'type')) ?? '';
  switch (type) {
    case 'ConstantBackoffStrategy': {
      const seconds = numberOf(inside(place, 'backoff_time_in_seconds'));
      if (seconds === undefined) {
        lost(place, 'A pause that is computed has no equivalent.');
        return;
      }
      book.baseDelayMs ??= Math.max(1, Math.round(seconds * 1000));
      book.maxDelayMs ??= book.baseDelayMs;
      return;
    }
    case 'ExponentialBackoffStrategy': {
      const factor = numberOf(inside(place, 'factor')) ?? 5;
      book.baseDelayMs ??= Math.max(1, Math.round(factor * 1000));
      book.maxDelayMs ??= Math.max(30_000, book.baseDelayMs * 16);
      return;
    }
    case 'WaitTimeFromHeader':
    case 'WaitUntilTimeFromHeader': {
      const header = textOf(inside(place, 'header')) ?? '';
      for (const key of ['regex', 'max_waiting_time_in_seconds', 'min_wait']) {
        const own = inside(place, key);
        if (isThere(own)) lost(own, `"${key}" has no equivalent: the header is read as a number or a date.`);
      }
      if (header.includes('{{')) {
        lost(inside(place, 'header'), 'A header whose name is computed has no equivalent.');
        return;
      }
      // Retry-After is obeyed without a word.
      if (/^retry-after$/i.test(header) || book.after.some((one) => one.header === header)) return;
      book.after.push({ header, unit: type === 'WaitTimeFromHeader' ? 'seconds' : 'epoch-auto' });
      return;
    }
    default:
      lost(place, `The pause ${type === '' ? 'without a type' : type} is code of its own and has no equivalent.`);
  }
}

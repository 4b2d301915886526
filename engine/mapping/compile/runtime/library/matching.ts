import { ExpressionError } from '../../expression-error.ts';
import { HandOver } from '../../hand-over.ts';
import { callArgument } from '../apply.ts';
import type { Implementation } from '../functions.ts';
import { isFunction } from '../kinds.ts';
import type { Match } from '../regex.ts';
import { createSequence } from '../sequence.ts';

/** The text functions that take a pattern. The package's own wait for promises, these do not; signatures have been checked. */
export const matching: { readonly [name: string]: Implementation } = {
  contains: (text, pattern) => {
    if (text === undefined || pattern === undefined) return undefined;
    if (typeof pattern === 'string') return (text as string).includes(pattern);
    return firstMatch(pattern, text as string) !== undefined;
  },
  match: (text, pattern, limit) => {
    if (text === undefined) return undefined;
    checkLimit(limit, 'D3040', 3);
    const results = createSequence();
    for (const { match, start, groups } of matches(pattern, text as string, limit)) {
      results.push({ match, index: start, groups });
    }
    return results;
  },
  split: (text, separator, limit) => {
    if (text === undefined) return undefined;
    checkLimit(limit, 'D3020', 3);
    if (!allows(limit, 0)) return [];
    if (typeof separator === 'string') return (text as string).split(separator, limit as number | undefined);
    return splitAt(text as string, separator, limit);
  },
  replace: (text, pattern, replacement, limit) => {
    if (text === undefined) return undefined;
    if (pattern === '') throw new ExpressionError('D3010', undefined, { value: pattern, index: 2 });
    checkLimit(limit, 'D3011', 4);
    if (!allows(limit, 0)) return text;
    if (typeof pattern === 'string') return replaceText(text as string, pattern, replacement, limit);
    return replaceMatches(text as string, pattern, replacement, limit);
  },
};

function checkLimit(limit: unknown, code: string, index: number): void {
  if ((limit as number) < 0) throw new ExpressionError(code, undefined, { value: limit, index });
}

/** Whether one more is wanted after so many. */
function allows(limit: unknown, count: number): boolean {
  return limit === undefined || count < (limit as number);
}

/** A matcher is any function that gives the structure of a match. */
function firstMatch(matcher: unknown, text: string): Match | undefined {
  return checked(callArgument(matcher, [text]));
}

function checked(result: unknown): Match | undefined {
  const match = result as Match | undefined;
  const looksRight = (found: Match): boolean =>
    typeof found.start === 'number' ||
    (found.end as unknown) === 'number' ||
    Array.isArray(found.groups) ||
    isFunction(found.next);
  // The interpreter reports it where the matcher's own calls left their mark.
  if (match && !looksRight(match)) throw new HandOver('A matcher gives something else than a match.');
  return match;
}

/** The interpreter asks for the next match also when the limit is reached, and that may fail. */
function* matches(matcher: unknown, text: string, limit: unknown): Generator<Match> {
  let found = firstMatch(matcher, text);
  for (let count = 0; found !== undefined && allows(limit, count); count++) {
    yield found;
    found = checked(callArgument(found.next, []));
  }
}

function splitAt(text: string, separator: unknown, limit: unknown): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const found of matches(separator, text, limit)) {
    parts.push(text.substring(start, found.start));
    start = found.end;
  }
  if (allows(limit, parts.length)) parts.push(text.substring(start));
  return parts;
}

function replaceText(text: string, pattern: string, replacement: unknown, limit: unknown): string {
  let result = '';
  let position = 0;
  let index = text.indexOf(pattern, position);
  for (let count = 0; index !== -1 && allows(limit, count); count++) {
    // The package writes the text of a function out.
    if (typeof replacement !== 'string') throw new HandOver('A plain text is replaced by a function.');
    result += text.substring(position, index) + replacement;
    position = index + pattern.length;
    index = text.indexOf(pattern, position);
  }
  return result + text.substring(position);
}

function replaceMatches(text: string, pattern: unknown, replacement: unknown, limit: unknown): string {
  let result = '';
  let position = 0;
  for (const found of matches(pattern, text, limit)) {
    const inserted =
      typeof replacement === 'string' ? substituted(replacement, found) : callArgument(replacement, [found]);
    if (typeof inserted !== 'string') throw new HandOver('A replacement is no text.');
    result += text.substring(position, found.start) + inserted;
    position = found.start + found.match.length;
  }
  return result + text.substring(position);
}

/** A replacement text with its `$0`, `$1` … and `$$` filled in. */
function substituted(replacement: string, found: Match): string {
  let result = '';
  let position = 0;
  let dollar = replacement.indexOf('$');
  while (dollar !== -1 && position < replacement.length) {
    result += replacement.substring(position, dollar);
    position = dollar + 1;
    const next = replacement.charAt(position);
    if (next === '$' || next === '0') {
      result += next === '$' ? '$' : found.match;
      position++;
    } else {
      const place = groupNumber(replacement, position, found.groups.length);
      if (Number.isNaN(place)) {
        result += '$';
      } else {
        const group = found.groups[place - 1];
        if (group !== undefined) result += group as string;
        position += String(place).length;
      }
    }
    dollar = replacement.indexOf('$', position);
  }
  return result + replacement.substring(position);
}

/** As many digits as the number of groups has, one less if that is beyond them. */
function groupNumber(text: string, position: number, groups: number): number {
  const digits = groups === 0 ? 1 : Math.floor(Math.log(groups) * Math.LOG10E) + 1;
  const place = parseInt(text.substring(position, position + digits), 10);
  if (digits > 1 && place > groups) return parseInt(text.substring(position, position + digits - 1), 10);
  return place;
}

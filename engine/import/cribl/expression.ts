import type { Connection } from '../connection.ts';
import { fillIn } from '../imported.ts';
import { lost, otherwise, type Place, textOf } from '../place.ts';
import { shown } from '../template.ts';
import { timeFormOf } from '../times.ts';

/** What the names in a collector's expressions stand for. */
export type CriblScope = {
  readonly connection: Connection;
  /** Fields of a discovered item: name → our text; a function where any name may be one. */
  readonly item: (name: string) => string | undefined;
  /** Names that stand for something fixed, such as `username`. */
  readonly names: { readonly [name: string]: string };
};

/**
 * The value of a field that takes JavaScript: a constant in quotes, a template in backticks, or plain text, in which
 * templates of the collector exchange leave `<Name|what it is>`. `undefined` where there is none.
 */
export function expressionText(place: Place, scope: CriblScope): string | undefined {
  const text = textOf(place);
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const parts = quotedParts(trimmed);
  if (parts !== undefined) {
    return parts
      .map(({ quote, inner }) => (quote === '`' ? templateText(inner, place, scope) : plainText(inner, place, scope)))
      .join('');
  }
  // Text without quotes is taken as it stands, unless it was plainly meant to be computed.
  if (!/\$\{|\|\||=>|\bC\.\w|[?;]|\w\(|^(earliest|latest|state\.)/.test(trimmed.replace(/<[^<>|]*\|[^<>]*>/g, '')))
    return plainText(trimmed, place, scope);
  const meaning = meaningOf(trimmed, place, scope);
  return meaning ?? unknown(trimmed, place);
}

function unknown(expression: string, place: Place): string {
  lost(
    place,
    `The expression ${shown(expression)} has no equivalent.`,
    'Put a connection property, a fixed value or a cursor in place of {fillIn} in integration.yaml.',
  );
  return fillIn;
}

type Part = { readonly quote: string; readonly inner: string };

/** `'a' + \`b\`` as its parts; `undefined` for anything else. */
function quotedParts(text: string): Part[] | undefined {
  const parts: Part[] = [];
  let left = text.trim();
  for (;;) {
    const quote = left.charAt(0);
    const end = '\'"`'.includes(quote) && quote !== '' ? endOfQuoted(left, quote) : undefined;
    if (end === undefined) return undefined;
    parts.push({ quote, inner: left.slice(1, end).replace(/\\(['"`\\])/g, '$1') });
    left = left.slice(end + 1).trim();
    if (left === '') return parts;
    if (!left.startsWith('+')) return undefined;
    left = left.slice(1).trim();
  }
}

/** Where a quoted text ends; expressions inside a template may hold quotes of their own. */
function endOfQuoted(text: string, quote: string): number | undefined {
  let depth = 0;
  for (let at = 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (quote === '`' && character === '{' && (depth > 0 || text.charAt(at - 1) === '$')) depth += 1;
    else if (character === '}' && depth > 0) depth -= 1;
    else if (character === quote && depth === 0) return at;
  }
  return undefined;
}

/** The text between backticks. */
export function templateText(text: string, place: Place, scope: CriblScope): string {
  const parts = text.split(/(\$\{(?:[^{}]|\{[^{}]*\})*\})/);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return plainText(part, place, scope);
      const expression = part.slice(2, -1).trim();
      return meaningOf(expression, place, scope) ?? unknown(expression, place);
    })
    .join('');
}

/** Text as it stands, with what a template of the exchange leaves to fill in. */
export function plainText(text: string, place: Place, { connection }: CriblScope): string {
  const parts = text.split(/(<[^<>|\n]{1,80}\|[^<>\n]*>|\{[A-Za-z_][\w.-]*\})/);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return part;
      const [, name = '', help = ''] = /^<([^|]*)\|(.*)>$/.exec(part) ?? [];
      if (name !== '')
        return connection.use(name.trim(), help.trim() === '' ? {} : { help: help.replace(/[{}]/g, '').trim() });
      lost(place, `"${part}" stands in the text itself, where a descriptor would read a placeholder.`);
      return fillIn;
    })
    .join('');
}

function meaningOf(expression: string, place: Place, scope: CriblScope): string | undefined {
  const own = withoutBrackets(expression);
  const secret =
    /^C\.Secret\(\s*(['"`])([^'"`]+)\1\s*,\s*(['"`])\w+\3\s*\)(\?)?\.(value|apiKey|secretKey|username|password)$/.exec(
      own,
    );
  if (secret !== null)
    return scope.connection.use(
      secret[5] === 'username' ? `${secret[2] ?? ''}.username` : (secret[2] ?? ''),
      secret[5] === 'username' ? {} : { secret: true },
    );
  const variable = /^C\.vars\.(\w+)$/.exec(own)?.[1] ?? /^C\.env\.(\w+)$/.exec(own)?.[1];
  if (variable !== undefined) return scope.connection.use(variable);
  const encoded = /^(?:C\.Encode\.uri|encodeURIComponent)\((.*)\)$/s.exec(own)?.[1];
  if (encoded !== undefined) {
    const inner = quotedParts(encoded.trim());
    const [only] = inner ?? [];
    return only === undefined || inner?.length !== 1
      ? meaningOf(encoded, place, scope)
      : templateText(only.inner, place, scope);
  }
  const time = timeMeaning(own, place);
  if (time !== undefined) return time;
  const name = /^(?:item\.)?([A-Za-z_$][\w$]*(?:\.[\w$]+)*)$/.exec(own)?.[1];
  if (name === undefined) return undefined;
  return scope.names[name] ?? scope.item(name);
}

function withoutBrackets(expression: string): string {
  const inner = /^\(([^()]*)\)$/s.exec(expression.trim())?.[1];
  return inner === undefined ? expression.trim() : withoutBrackets(inner);
}

type End = 'from' | 'to';

/** An end of the time range of a job, in one of the usual ways to write it. */
function timeMeaning(expression: string, place: Place): string | undefined {
  const strftime = /^C\.Time\.strftime\((.*),\s*(['"`])([^'"`]+)\2\s*\)$/s.exec(expression);
  if (strftime !== null) {
    const end = endOf(strftime[1] ?? '', place);
    const format = strftime[3] ?? '';
    const known = timeFormOf(format.replace(/%T/g, 'T%H:%M:%S').replace(/TT/, 'T'));
    if (end === undefined || known === undefined) return undefined;
    if (!known.isExact)
      otherwise(
        place,
        `Times as "${format}" are sent as ${known.form === 'iso' ? '2026-01-31T05:06:07Z' : 'whole seconds'}.`,
      );
    return `{${end}.${known.form}}`;
  }
  const iso = /^new Date\((.*)\)\.toISOString\(\)$/s.exec(expression)?.[1];
  if (iso !== undefined) {
    const end = endOf(iso.replace(/\*\s*1000/g, ''), place);
    if (end !== undefined) otherwise(place, 'Times are sent without milliseconds, as 2026-01-31T05:06:07Z.');
    return end === undefined ? undefined : `{${end}.iso}`;
  }
  const { inner, isMs } = unrounded(expression);
  const end = endOf(inner, place);
  return end === undefined ? undefined : `{${end}.${isMs ? 'ms' : 's'}}`;
}

/** `Math.floor(earliest) * 1000`, `Math.round(earliest * 1000)`: whole numbers, of seconds or milliseconds. */
function unrounded(expression: string): { inner: string; isMs: boolean } {
  const text = withoutBrackets(expression);
  const ms = /^(.*?)\s*\*\s*1000$/s.exec(text)?.[1];
  if (ms !== undefined) return { inner: unrounded(ms).inner, isMs: true };
  const rounded = /^Math\.(?:floor|round|trunc|ceil)\((.*)\)$/s.exec(text)?.[1];
  return rounded === undefined ? { inner: text, isMs: false } : unrounded(rounded);
}

/** `earliest`, `latest`, also with what stands in for them where a job has no time range. */
function endOf(expression: string, place: Place): End | undefined {
  const [first = '', ...fallbacks] = alternatives(withoutBrackets(expression));
  const plain = withoutBrackets(first);
  const isFrom = plain === 'earliest' || /^state\.\w+$/.test(plain);
  const isTo = plain === 'latest' || /^Date\.now\(\)(\s*\/\s*1000)?$/.test(plain);
  if (!isFrom && !isTo) return undefined;
  if (fallbacks.length > 0) {
    otherwise(place, 'A run always has a time range: what stands in for a missing one is not needed.');
  }
  return isFrom ? 'from' : 'to';
}

/** The sides of `||` outside brackets. */
function alternatives(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 && text.startsWith('||', at)) {
      parts.push('');
      at += 1;
    } else parts[parts.length - 1] = `${parts.at(-1) ?? ''}${character}`;
  }
  return parts.map((part) => part.trim());
}

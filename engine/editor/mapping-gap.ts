import type { Span } from './answers.ts';
import { endsValue, type Token, tokensOf } from './mapping-tokens.ts';

/** Where something is to be written in a mapping, however unfinished it is. */
export type MappingGap = Span & {
  /** `key` of an object, a `value` or any other expression, behind a dot (`step`), or a `variable`. */
  readonly on: 'key' | 'value' | 'step' | 'variable';
  /** Of a value directly behind a key: where the key stands. */
  readonly keyAt: number | undefined;
  /** What stands before the dot of a step, if that is one variable. */
  readonly before: string | undefined;
  readonly isQuoted: boolean;
  readonly hasColon: boolean;
  /** The text with a word in place of what is missing; each may parse where the ones before do not. */
  readonly filled: readonly Filled[];
};

/** `at` is where the filling word stands. */
export type Filled = { readonly text: string; readonly at: number };

/** The word that is put into a gap to see where it comes to lie. */
export const filler = 'sluiceHere';

type Frame = {
  readonly open: string;
  /** `function(…) { … }` and `( … )` hold expressions, `{ … }` keys and values. */
  readonly isObject: boolean;
  /** The key whose value is being written. */
  key: Token | undefined;
  isBound: boolean;
};

/** The gap at an offset; `undefined` inside a comment, a pattern or a number. */
export function mappingGapAt(text: string, offset: number): MappingGap | undefined {
  const tokens = tokensOf(text);
  const at = tokens.find(
    ({ start, end, kind }) => start < offset && (offset < end || (offset === end && isWord(kind))),
  );
  if (at !== undefined && !isWord(at.kind)) return undefined;
  if (at?.kind === 'string' && offset === at.end && isClosed(at)) return undefined;
  const start = at?.start ?? offset;
  const end = at?.end ?? offset;
  const before = tokens.filter((token) => token.end <= start && token.kind !== 'comment');
  const next = tokens.find((token) => token.start >= end && token.kind !== 'comment');
  const last = before.at(-1);
  const frames = framesOf(before);
  const frame = frames.at(-1);
  const isQuoted = at?.kind === 'string';
  const isNewLine = text.slice(last?.end ?? 0, start).includes('\n');
  const lacksComma = frame?.isObject === true && frame.key !== undefined && endsValue(last) && isNewLine;
  const isKey = frame?.isObject === true && (frame.key === undefined || lacksComma);
  if (!isKey && endsValue(last) && at?.kind !== 'variable') return undefined;
  const on = at?.kind === 'variable' ? 'variable' : isKey ? 'key' : last?.text === '.' ? 'step' : 'value';
  const hasColon = on === 'key' && next?.text === ':';
  const isDirect = last?.text === ':' && frame?.key !== undefined && before.at(-2) === frame.key;
  const word = on === 'key' ? `"${filler}"${hasColon ? '' : ': 0'}` : isQuoted && isDirect ? `"${filler}"` : filler;
  const lead = `${text.slice(0, start)}${lacksComma ? ', ' : ''}`;
  const closers = frames.map(({ open }) => closing[open] ?? '').reverse();
  const isBound = frames.some((each) => each.isBound);
  const whole = `${lead}${word}${needsComma(on, next, text, end, hasColon) ? ', ' : ''}${text.slice(end)}`;
  const cut = `${lead}${word}${hasColon ? ': 0' : ''}${closers.join('')}`;
  const filled = [whole, ...(isBound ? [] : [cut])].map((each) => ({ text: each, at: lead.length }));
  return {
    start,
    end,
    on,
    keyAt: isDirect ? frame.key?.start : undefined,
    before: last?.text === '.' && before.at(-2)?.kind === 'variable' ? before.at(-2)?.text : undefined,
    isQuoted,
    hasColon,
    filled,
  };
}

const closing: { readonly [open: string]: string } = { '{': '}', '[': ']', '(': ')' };

function isWord(kind: Token['kind']): boolean {
  return kind === 'name' || kind === 'variable' || kind === 'string' || kind === 'number';
}

function isClosed({ text }: Token): boolean {
  return text.length > 1 && text.endsWith(text.charAt(0));
}

/** Between two properties, or before the key of the next line. */
function needsComma(on: string, next: Token | undefined, text: string, end: number, hasColon: boolean): boolean {
  if (next === undefined || hasColon || (next.kind === 'sign' && !['{', '(', '[', '$'].includes(next.text)))
    return false;
  return on === 'key' || text.slice(end, next.start).includes('\n');
}

/** The brackets that are open behind the last of the words. */
function framesOf(tokens: readonly Token[]): Frame[] {
  const frames: Frame[] = [];
  let closed: { readonly isParameters: boolean } | undefined;
  for (const [index, token] of tokens.entries()) {
    const frame = frames.at(-1);
    if (token.kind !== 'sign') {
      if (
        frame?.isObject === true &&
        frame.key === undefined &&
        token.kind === 'string' &&
        isKeyPlace(tokens[index - 1])
      )
        frame.key = tokens[index + 1]?.text === ':' ? token : undefined;
      continue;
    }
    if (token.text in closing) {
      const isBody = token.text === '{' && tokens[index - 1]?.text === ')' && closed?.isParameters === true;
      const isObject = token.text === '{' && !isBody;
      frames.push({ open: token.text, isObject, key: undefined, isBound: false });
    } else if (Object.values(closing).includes(token.text)) {
      const opened = openingOf(tokens, index);
      closed = { isParameters: /^(function|λ)$/.test(tokens[opened - 1]?.text ?? '') };
      frames.pop();
    } else if (frame !== undefined) {
      if (token.text === ',' && frame.isObject) frame.key = undefined;
      if (token.text === ':=') frame.isBound = true;
      if (token.text === ';') frame.isBound = false;
    }
  }
  return frames;
}

function isKeyPlace(token: Token | undefined): boolean {
  return token?.text === '{' || token?.text === ',';
}

function openingOf(tokens: readonly Token[], closingAt: number): number {
  let depth = 0;
  for (let index = closingAt; index >= 0; index--) {
    const { kind, text } = tokens[index] ?? { kind: 'name', text: '' };
    if (kind !== 'sign') continue;
    if (Object.values(closing).includes(text)) depth++;
    if (text in closing && --depth === 0) return index;
  }
  return -1;
}

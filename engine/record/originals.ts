import { patterns } from './forms.ts';
import { instantOf } from './shift-times.ts';
import { isKept, type Kind } from './kinds.ts';

/** Texts shorter than this occur everywhere by chance. */
const shortest = 4;

/** What must not occur in anything that is written. */
export type Originals = {
  /** Takes a value that is replaced; kept and plain ones are none. */
  add(value: string | number, kind: Kind): void;
  /** The first original found in a text. */
  findIn(text: string): string | undefined;
  /** The same for a text that is kept: a value of several words inside it, which no vendor's word holds by chance. */
  findInKept(text: string): string | undefined;
};

/**
 * `publicWords` stand in the descriptor, the mapping or among the field names, in lower case: they are in git already.
 */
export function createOriginals(publicWords: ReadonlySet<string>): Originals {
  const texts = new Set<string>();
  const words = new Set<string>();

  function addText(text: string): void {
    const original = text.normalize('NFC').toLowerCase();
    const own = wordsOf(original);
    if (original.length < shortest || own.length === 0 || own.every((word) => publicWords.has(word))) return;
    (isAnywhereByChance(original) ? words : texts).add(original);
  }

  return {
    add(value, kind) {
      if (isKept(kind)) return;
      if (kind === 'time' && instantOf(value) === undefined) return;
      const text = String(value);
      addText(text);
      if (kind === 'guid') addText(text.replaceAll(/[{}-]/g, ''));
      const shortestPart = shortestParts[kind];
      if (shortestPart === undefined) return;
      for (const word of wordsOf(text)) if (/\p{L}/u.test(word) && word.length >= shortestPart) addText(word);
    },
    findInKept(text) {
      const lower = text.normalize('NFC').toLowerCase();
      return [...texts].find((each) => each !== lower && wordsOf(each).length > 1 && lower.includes(each));
    },
    findIn(text) {
      const lower = text.normalize('NFC').toLowerCase();
      if (lower.length < shortest) return undefined;
      // The groups of a UUID are no words.
      const word = wordsOf(lower.replaceAll(guid, ' ')).find((each) => words.has(each));
      if (word !== undefined) return word;
      const decoded = decode(lower);
      for (const original of lower.length <= fewChars ? stretchesOf(decoded, texts) : texts) {
        if (occurs(original, lower) || (decoded !== lower && occurs(original, decoded))) return original;
      }
      return undefined;
    },
  };

  /** Inside a public word is no occurrence: "mark" is not told by "remarked". */
  function occurs(original: string, text: string): boolean {
    for (let at = text.indexOf(original); at >= 0; at = text.indexOf(original, at + 1)) {
      const word = wordAround(text, at, original.length);
      if (word === undefined || !publicWords.has(word)) return true;
    }
    return false;
  }
}

/**
 * Kinds whose words are originals by themselves, from a length on. The words of a free text are anybody's, an address
 * repeats the vendor's, and of encoded bytes only a long stretch tells something.
 */
const shortestParts: { readonly [kind in Kind]?: number } = {
  person: 4,
  name: 4,
  email: 4,
  host: 4,
  domain: 4,
  path: 4,
  id: 4,
  token: 12,
};

/** Figures, and what a hash may hold anywhere: these count as whole words only. */
function isAnywhereByChance(original: string): boolean {
  return /^(\d+|[0-9a-f]{1,7}|(?=\D*\d)[\p{L}\p{M}\p{N}]{1,7})$/u.test(original);
}

const guid = new RegExp(patterns.guid, 'gi');

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** The word that holds a stretch of the text, if one word holds all of it. */
function wordAround(text: string, at: number, length: number): string | undefined {
  const end = at + length;
  if (!/^[\p{L}\p{M}\p{N}]+$/u.test(text.slice(at, end))) return undefined;
  const before = /[\p{L}\p{M}\p{N}]*$/u.exec(text.slice(0, at))?.[0] ?? '';
  const after = /^[\p{L}\p{M}\p{N}]*/u.exec(text.slice(end))?.[0] ?? '';
  return before + text.slice(at, end) + after;
}

/** In a short text it is quicker to look up each stretch than to look for each original. */
const fewChars = 40;

function* stretchesOf(text: string, texts: ReadonlySet<string>): Generator<string> {
  for (let from = 0; from + shortest <= text.length; from++) {
    for (let to = from + shortest; to <= text.length; to++) {
      const stretch = text.slice(from, to);
      if (texts.has(stretch)) yield stretch;
    }
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

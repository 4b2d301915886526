import { inventedWords, lettersOf, scriptOf } from './invented-words.ts';
import { type Draw, keyedDraw } from './keyed-draw.ts';

/** Stand-ins for single values: the same for the same value, whatever its case, and different for different ones. */
export type Pseudonyms = {
  /** A token of letters and digits: as long, of the same script, with capitals in the same places. */
  token(text: string): string;
  /** A version 4 UUID. */
  guid(text: string): string;
  /** Under `.example`, with as many labels; names under one domain stay under one domain. */
  domain(text: string): string;
  /** In the ranges kept for documentation (RFC 5737, RFC 3849). */
  ipv4(text: string): string;
  ipv6(text: string): string;
  /** Locally administered, so nobody's. */
  mac(text: string): string;
  /** With the country code 999, which is no country's, or a leading 0. */
  phone(text: string): string;
};

/** `isOriginal` says of a candidate that it would repeat something of the answers. */
export function createPseudonyms(key: Buffer, isOriginal: (candidate: string) => boolean): Pseudonyms {
  const given = new Map<string, string>();
  const taken = new Set<string>();

  /** The stand-in of a value, drawn until it is new. A space too small for that repeats itself at last. */
  function standIn(space: string, value: string, make: (draw: Draw, attempt: number) => string): string {
    const known = given.get(`${space} ${value}`);
    if (known !== undefined) return known;
    let candidate = '';
    for (let attempt = 0; attempt < 300; attempt++) {
      candidate = make(keyedDraw(key, space, value, attempt), attempt);
      if (candidate !== value && !taken.has(`${space} ${candidate}`) && !isOriginal(candidate)) break;
    }
    taken.add(`${space} ${candidate}`);
    given.set(`${space} ${value}`, candidate);
    return candidate;
  }

  function token(text: string): string {
    const value = text.toLowerCase();
    // Lower case may be longer than the text in a few scripts; then capitals cannot be put back one by one.
    const chars = Array.from(value);
    const made = /^[\p{L}\p{M}]+$/u.test(text)
      ? standIn('token', value, (draw, attempt) => inventWord(chars, draw, attempt))
      : standIn('token', value, (draw) => inventOpaque(chars, draw));
    return withCapitalsOf(text, made);
  }

  const label = (text: string) => text.replaceAll(/[\p{L}\p{M}\p{N}]+/gu, token).toLowerCase();

  /** The last two labels are one name, so that the same word under two ends stays two domains. */
  function domain(text: string): string {
    const labels = text.toLowerCase().replace(/\.$/, '').split('.');
    const [first = '', ...end] = labels.slice(-2);
    const registered = standIn('domain', [first, ...end].join('.'), (draw, attempt) => {
      const more = attempt === 0 ? '' : letters[draw(letters.length)];
      return `${label(first)}${more ?? ''}.example`;
    });
    return [...labels.slice(0, -2).map((each) => (each === 'www' ? each : label(each))), registered].join('.');
  }

  return {
    token,
    domain,
    guid: (text) => withCapitalsOf(text, standIn('guid', text.toLowerCase(), inventGuid)),
    ipv4: (text) => standIn('ipv4', text, (draw) => `${documentationNets[draw(3)] ?? ''}.${1 + draw(254)}`),
    ipv6: (text) =>
      standIn(
        'ipv6',
        text.toLowerCase(),
        (draw) =>
          `2001:db8:${Array.from({ length: 3 }, () => (1 + draw(65_535)).toString(16)).join(':')}::${(1 + draw(255)).toString(16)}`,
      ),
    mac(text) {
      const digits = standIn(
        'mac',
        text.toLowerCase().replaceAll(/[^0-9a-f]/g, ''),
        (draw) => `02${hexDigits(10, draw)}`,
      );
      return inPlacesOf(/[0-9a-f]/gi, text, digits);
    },
    phone(text) {
      const value = text.replaceAll(/\D/g, '');
      const start = text.trim().startsWith('+') ? '999' : '0';
      const digits = standIn('phone', value, (draw) =>
        (start + Array.from(value, () => draw(10)).join('')).slice(0, value.length),
      );
      return inPlacesOf(/\d/g, text, digits);
    },
  };
}

const documentationNets = ['192.0.2', '198.51.100', '203.0.113'];
const letters = 'abcdefghijklmnopqrstuvwxyz';
const consonants = 'bdfgklmnprstvz';
const vowels = 'aeiou';

/** A listed word, and syllables where the list has none of the length, or none left. */
function inventWord(chars: readonly string[], draw: Draw, attempt: number): string {
  const script = scriptOf(chars.join(''));
  const listed = inventedWords(script, chars.length);
  if (attempt < 12 && listed.length > 0) return listed[draw(listed.length)] ?? '';
  const own = lettersOf(script);
  if (own.length > 0) return chars.map(() => own[draw(own.length)]).join('');
  return chars.map((_, index) => pick(chars.length > 1 && index % 2 === 1 ? vowels : consonants, draw)).join('');
}

/** Letters for letters and digits for digits; what is all hexadecimal stays so, and a number begins with no new zero. */
function inventOpaque(chars: readonly string[], draw: Draw): string {
  const isHex = chars.length >= 8 && chars.every((char) => /[0-9a-f]/.test(char));
  return chars
    .map((char, index) => {
      if (char === '0' && index === 0) return '0';
      if (/\p{N}/u.test(char)) return String(index === 0 ? 1 + draw(9) : draw(10));
      if (isHex) return pick('abcdef', draw);
      const own = lettersOf(scriptOf(char));
      return own.length > 0 ? (own[draw(own.length)] ?? '') : pick(letters, draw);
    })
    .join('');
}

function inventGuid(draw: Draw): string {
  const hex = hexDigits(32, draw);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${pick('89ab', draw)}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function hexDigits(count: number, draw: Draw): string {
  return Array.from({ length: count }, () => draw(16).toString(16)).join('');
}

function pick(from: string, draw: Draw): string {
  return from.charAt(draw(from.length));
}

function withCapitalsOf(model: string, text: string): string {
  if (model === model.toUpperCase() && model !== model.toLowerCase()) return text.toUpperCase();
  const chars = Array.from(text);
  const isCapital = Array.from(model, (char) => char !== char.toLowerCase());
  return chars.map((char, index) => (isCapital[index] === true ? char.toUpperCase() : char)).join('');
}

/** The text with its own marks, and other digits in the places of its digits. */
function inPlacesOf(places: RegExp, text: string, digits: string): string {
  let at = 0;
  const made = text.replaceAll(places, () => digits.charAt(at++));
  return text === text.toUpperCase() ? made.toUpperCase() : made;
}

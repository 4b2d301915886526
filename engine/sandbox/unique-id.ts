import { stir, unstir } from './random.ts';

/** Ids unlike each other that can be read back: the number of the record is in them, stirred. */
export type UniqueId = {
  readonly write: (index: number) => string;
  /** The index an id would belong to; to be compared with the id of that record. */
  readonly read: (id: string) => number | undefined;
};

const alphabets = { hex: '0123456789abcdef', upper: 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789', digits: '0123456789' };

export function uniqueId(prefix: string, length: number, letters: keyof typeof alphabets, salt: number): UniqueId {
  const alphabet = alphabets[letters];
  const telling = Math.ceil(32 / Math.log2(alphabet.length));
  const filling = length - prefix.length - telling;
  return {
    write: (index) => {
      const word = stir(index ^ stir(salt)) >>> 0;
      return `${prefix}${digits(word, alphabet, telling)}${fill(word, alphabet, Math.max(0, filling))}`;
    },
    read: (id) => {
      if (!id.startsWith(prefix)) return undefined;
      let word = 0;
      for (const letter of id.slice(prefix.length, prefix.length + telling)) {
        const value = alphabet.indexOf(letter);
        if (value < 0) return undefined;
        word = word * alphabet.length + value;
      }
      return (unstir(word | 0) ^ stir(salt)) >>> 0;
    },
  };
}

function digits(word: number, alphabet: string, count: number): string {
  let left = word;
  let written = '';
  for (let at = 0; at < count; at += 1) {
    written = `${alphabet[left % alphabet.length] ?? ''}${written}`;
    left = Math.floor(left / alphabet.length);
  }
  return written;
}

function fill(word: number, alphabet: string, count: number): string {
  let seed = word;
  return Array.from({ length: count }, () => {
    seed = stir(seed + 0x9e3779b9);
    return alphabet[(seed >>> 0) % alphabet.length] ?? '';
  }).join('');
}

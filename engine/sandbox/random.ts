/** Chance that can be repeated: the same seed gives the same numbers. */
export type Random = {
  reseed: (seed: number) => void;
  /** From 0 to less than 1. */
  next: () => number;
};

/** mulberry32: small, fast, and even enough for invented data. Not for secrets. */
export function createRandom(): Random {
  let state = 0;
  return {
    reseed: (seed) => {
      state = seed | 0;
    },
    next: () => {
      state = (state + 0x6d2b79f5) | 0;
      let word = Math.imul(state ^ (state >>> 15), 1 | state);
      word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
      return ((word ^ (word >>> 14)) >>> 0) / 0x1_0000_0000;
    },
  };
}

/** Stirs 32 bits (the last step of MurmurHash3). One-to-one: different numbers stay different. */
export function stir(word: number): number {
  let stirred = word | 0;
  stirred = Math.imul(stirred ^ (stirred >>> 16), 0x85ebca6b);
  stirred = Math.imul(stirred ^ (stirred >>> 13), 0xc2b2ae35);
  return stirred ^ (stirred >>> 16);
}

/** What was stirred into this. */
export function unstir(stirred: number): number {
  let word = stirred | 0;
  word ^= word >>> 16;
  word = Math.imul(word, 0x7ed1b41d); // the inverse of 0xc2b2ae35 modulo 2^32
  word ^= (word >>> 13) ^ (word >>> 26);
  word = Math.imul(word, 0xa5cb9243); // the inverse of 0x85ebca6b
  return word ^ (word >>> 16);
}

/** A text as 32 bits (FNV-1a), to tell fields and collections apart. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** A UUID of version 4 form. `index` goes in one-to-one, so no two records of a collection share one. */
export function inventedUuid(salt: number, index: number): string {
  const first = stir(index ^ stir(salt));
  const second = stir(first + 1);
  const third = stir(second + salt);
  const fourth = stir(third + index);
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  const middle = hex(second);
  const end = hex((third & 0x3fffffff) | 0x80000000);
  return `${hex(first)}-${middle.slice(0, 4)}-4${middle.slice(5)}-${end.slice(0, 4)}-${end.slice(4)}${hex(fourth)}`;
}

/** The index a UUID of {@link inventedUuid} would belong to; to be compared with the UUID of that record. */
export function indexOfUuid(salt: number, uuid: string): number | undefined {
  const first = /^[0-9a-f]{8}/.exec(uuid)?.[0];
  return first === undefined ? undefined : (unstir(Number.parseInt(first, 16)) ^ stir(salt)) >>> 0;
}

import { hash } from 'node:crypto';

/**
 * Remembers which keys were seen in at most 16 bytes a key, whatever their length: an open-addressed table of 64-bit
 * hashes, between 53 and 80 percent full once it has grown. Among a million keys, the odds that two share a hash are
 * about one to forty million.
 */
export type SeenKeys = {
  /** Whether the key is new; from now on it is not. */
  add(key: string): boolean;
  has(key: string): boolean;
  /** The same of a hash that was told before. */
  addHash(hash: bigint): boolean;
  /** Memory the table takes. */
  bytes(): number;
};

const fullAt = 0.8;
const growth = 1.5;

export function createSeenKeys(capacity = 1024): SeenKeys {
  let slots = new BigUint64Array(capacity);
  let used = 0;

  const insert = (table: BigUint64Array, value: bigint): boolean => {
    let index = firstPlace(value, table.length);
    for (let held = table[index]; held !== 0n; held = table[index]) {
      if (held === value) return false;
      index = (index + 1) % table.length;
    }
    table[index] = value;
    return true;
  };

  const grow = (): void => {
    const larger = new BigUint64Array(Math.ceil(slots.length * growth));
    for (const value of slots) if (value !== 0n) insert(larger, value);
    slots = larger;
  };

  const addHash = (value: bigint): boolean => {
    if (used >= slots.length * fullAt) grow();
    const isNew = insert(slots, value);
    if (isNew) used += 1;
    return isNew;
  };

  const has = (key: string): boolean => {
    const value = keyHash(key);
    let index = firstPlace(value, slots.length);
    for (let held = slots[index]; held !== 0n; held = slots[index]) {
      if (held === value) return true;
      index = (index + 1) % slots.length;
    }
    return false;
  };

  return { has, add: (key) => addHash(keyHash(key)), addHash, bytes: () => slots.byteLength };
}

/** By half of the hash, which has more values than a table has places. */
function firstPlace(hash: bigint, places: number): number {
  return Number(BigInt.asUintN(32, hash)) % places;
}

/** 64 bits of SHA-256. Never 0, which marks an empty slot. */
export function keyHash(key: string): bigint {
  const value = BigInt(`0x${hash('sha256', key, 'hex').slice(0, 16)}`); // node:crypto is quicker with text than with a buffer
  return value === 0n ? 1n : value;
}

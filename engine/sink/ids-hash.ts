import { hash } from 'node:crypto';

/** A hash of which ids were written, each as often as it was, in whatever order; it can be saved and gone on with. */
export type IdsHash = {
  add(id: string): void;
  /** 32 hexadecimal digits. */
  value(): string;
};

const modulus = 1n << 128n;

/**
 * The sum, modulo 2^128, of the first 16 bytes of SHA-256 of each id. A sum, because that of appended files is the sum of
 * theirs; the order of lines is told by the bytes of the file itself.
 */
export function createIdsHash(start = ''): IdsHash {
  let sum = start === '' ? 0n : BigInt(`0x${start}`);
  return {
    add(id) {
      sum = (sum + BigInt(`0x${hash('sha256', id, 'hex').slice(0, 32)}`)) % modulus;
    },
    value: () => sum.toString(16).padStart(32, '0'),
  };
}

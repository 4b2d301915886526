import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeenKeys } from '../../engine/run/seen-keys.ts';

describe('keys that were seen', () => {
  it('are told from new ones exactly as a set does, also while the table grows', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 400 }), (keys) => {
        const seen = createSeenKeys(4);
        const plain = new Set<string>();
        for (const key of keys) {
          expect(seen.add(key)).toBe(!plain.has(key));
          plain.add(key);
        }
      }),
    );
  });

  it('cost at most 16 bytes each, whatever their length', () => {
    const long = 'x'.repeat(1000);
    const seen = createSeenKeys();
    for (let index = 0; index < 100_000; index++) seen.add(`${long}${index}`);

    expect(seen.bytes() / 100_000).toBeLessThanOrEqual(16);
  });
});

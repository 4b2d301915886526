import fc from 'fast-check';
import { v5 } from 'uuid';
import { expect, it } from 'vitest';
import { nameBasedUuid } from '../../engine/run/record-identity.ts';

it('a name-based UUID is the one that the package uuid makes of any text', () => {
  const namespace = '6f2d4a58-3c1e-5b7a-9d40-51c5e0a7f1ce';

  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      expect(nameBasedUuid(name)).toBe(v5(name, namespace));
    }),
  );
});

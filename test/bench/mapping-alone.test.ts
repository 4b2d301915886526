import { describe, expect, it } from 'vitest';
import { compare, comparedMappings } from './mapping-alone.ts';

describe.each(comparedMappings)('$stream by hand', (compared) => {
  it('gives the JSON of the engine for rows of a well-kept directory', async () => {
    expect(await compare(process.cwd(), compared, 2000, 'clean')).toBeUndefined();
  });

  it('gives the JSON of the engine for rows with fields gone, null, empty and retyped', async () => {
    expect(await compare(process.cwd(), compared, 2000, 'soiled')).toBeUndefined();
  });

  it('is not taken for equal where it differs', async () => {
    const wrong = { ...compared, byHand: (row: object) => ({ ...row, message: 'wrong' }) };

    expect(await compare(process.cwd(), wrong, 1, 'clean')).toMatchObject({ row: 0 });
  });
});

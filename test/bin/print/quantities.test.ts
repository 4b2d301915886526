import { describe, expect, it } from 'vitest';
import { count, duration, list } from '../../../bin/print/quantities.ts';

describe('quantities in words', () => {
  it.each([
    [0, '0 s'],
    [34.2, '35 ms'],
    [3120, '3.1 s'],
    [59_990, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [119_800, '2 min 0 s'],
  ])('says %i ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('knows one from many', () => {
    expect([count(1, 'record'), count(1200, 'record'), count(0, 'record')]).toEqual([
      '1 record',
      '1,200 records',
      '0 records',
    ]);
  });

  it('lists as a sentence does', () => {
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'], 'or')]).toEqual([
      '',
      'a',
      'a and b',
      'a, b or c',
    ]);
  });
});

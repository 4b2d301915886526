import { describe, expect, it } from 'vitest';
import { wrap } from '../../../bin/print/wrap.ts';

describe('wrapping', () => {
  it('breaks between words and indents every line', () => {
    expect(wrap('one two three four', 11, '  ')).toBe('  one two\n  three\n  four');
  });

  it('lets a word longer than the line stand alone', () => {
    expect(wrap('see https://docs.example/a/long/way now', 10)).toBe('see\nhttps://docs.example/a/long/way\nnow');
  });

  it('keeps line breaks, and leaves one line whole where there is no width', () => {
    expect(wrap('one two\n\nthree', Infinity, '  ')).toBe('  one two\n\n  three');
  });
});

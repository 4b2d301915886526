import { describe, expect, it } from 'vitest';
import { maskSecrets } from '../../engine/diagnostics/mask-secrets.ts';

describe('masking secrets', () => {
  it.each(['a~b +&', 'a~b%20%2B%26', 'a%7Eb+%2B%26'])('takes them out in clear and encoded: %s', (shape) => {
    expect(maskSecrets(`key=${shape}; ${shape}`, ['a~b +&'])).toBe('key=***; ***');
  });

  it('takes out what looks like a signed token, known or not', () => {
    expect(maskSecrets('got eyJhbGciOi.eyJhdWQi.c2ln!', [])).toBe('got ***!');
  });

  it('leaves a text without secrets as it is, and does not tear words apart for a short one', () => {
    expect(maskSecrets('nothing to see', ['', 'see'])).toBe('nothing to see');
  });
});

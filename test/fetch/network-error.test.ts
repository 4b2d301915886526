import { describe, expect, it } from 'vitest';
import { networkError } from '../../engine/fetch/network-error.ts';

function coded(code: string, cause?: Error): Error {
  return Object.assign(new Error('raw words', { cause }), { code });
}

describe('trouble below HTTP', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'its TLS certificate is not trusted', false],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its TLS certificate is not trusted', false],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its TLS certificate is not trusted', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its TLS certificate is not trusted', false],
    ['ENOTFOUND', 'the host name is not known to DNS', false],
    ['EAI_AGAIN', 'the name could not be looked up just now', true],
    ['ECONNRESET', 'the connection broke off', true],
    ['EHOSTUNREACH', 'there is no way to the host', true],
    ['ETIMEDOUT', 'it timed out', true],
    ['Z_BUF_ERROR', 'damaged or cut off', true],
  ])('%s is told in words: %s', (code, words, retryable) => {
    const error = networkError('GET https://api.example/users', coded(code));

    expect(error.code).toBe('fetch/network');
    expect(error.message).toContain(words);
    expect(error.message).toContain(code);
    expect(error.hint).toBeDefined();
    expect(error.retryable).toBe(retryable);
  });

  it('looks for the code inside a wrapping error', () => {
    const error = networkError('GET https://api.example/', coded('ERR_GOT_REQUEST_ERROR', coded('ENOTFOUND')));

    expect(error.message).toContain('ENOTFOUND');
  });

  it('looks for the code where several addresses were tried', () => {
    const error = networkError('GET https://api.example/', new AggregateError([coded('ECONNREFUSED')]));

    expect(error.message).toContain('refused');
  });

  it('has a sentence for what it does not know, and not the raw words', () => {
    const error = networkError('GET https://api.example/', new Error('raw words'));

    expect(error.message).toBe('GET https://api.example/ failed: the connection failed.');
    expect(error.retryable).toBe(true);
  });
});

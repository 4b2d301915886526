import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FetchError } from '../../engine/fetch/fetch-error.ts';
import { parseJson } from '../../engine/fetch/parse-json.ts';

function parse(body: string | Buffer, contentType = 'application/json', status = 200) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const answer = { status, headers: { 'content-type': contentType }, body: bytes, receivedAt: new Date() };
  return parseJson(answer, 'GET https://api.example/users');
}

function failure(work: () => unknown): FetchError {
  try {
    work();
  } catch (error) {
    if (error instanceof FetchError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

describe('an answer that is no JSON', () => {
  it('is said to look like HTML, which another try does not cure', () => {
    const error = failure(() => parse('\n<!doctype html><title>Sign in</title>'));

    expect(error).toMatchObject({ code: 'fetch/not-json', retryable: false });
    expect(error.message).toBe(
      'GET https://api.example/users answered 200 with what looks like an HTML page instead of JSON.',
    );
    expect(error.hint).toContain('proxy');
  });

  it('is said to look like HTML when it calls itself so', () => {
    expect(failure(() => parse('Welcome!', 'text/html; charset=utf-8')).message).toContain('HTML');
  });

  it('is said to be empty', () => {
    expect(failure(() => parse(' \n')).message).toContain('an empty body where JSON was expected');
  });

  it('may come again whole when it was empty, but not when its status says so', () => {
    expect(failure(() => parse('')).retryable).toBe(true);
    expect(failure(() => parse('', '', 204)).retryable).toBe(false);
  });

  it('is told as something else, and not repeated', () => {
    const error = failure(() => parse('id,name\n1,hush'));

    expect(error).toMatchObject({ code: 'fetch/not-json', retryable: false });
    expect(error.message).not.toContain('hush');
  });

  it.each(['{"value":[{"a":1}', '{"value":[{"a":"x]}', '[1,2,', '{"a":"\\', '{"a":"b\\"', '"'])(
    'is said to be cut off: %s',
    (text) => {
      const error = failure(() => parse(text));

      expect(error.message).toContain('cut off');
      expect(error.retryable).toBe(true);
    },
  );

  it('is said to be cut off wherever a page breaks', () => {
    const whole = JSON.stringify({ value: [{ name: 'a "quoted\\" [name', tags: ['{', 1.5, null] }] });

    for (let length = 1; length < whole.length; length++) {
      expect(failure(() => parse(whole.slice(0, length))).message).toContain('cut off');
    }
  });
});

describe('an answer that is JSON', () => {
  it('may begin with a byte order mark', () => {
    expect(parse('\uFEFF{"a":1}')).toEqual({ a: 1 });
  });

  it('may call itself anything', () => {
    expect(parse('{"a":1}', 'text/plain')).toEqual({ a: 1 });
  });

  it('is what it says', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps integers beyond 2^53 exact, as text', () => {
    const text =
      '{"id":9007199254740993,"low":[-9223372036854775808, 1 ],"safe":9007199254740991,"even":9007199254740992}';

    expect(parse(text)).toEqual({
      id: '9007199254740993',
      low: ['-9223372036854775808', 1],
      safe: 9007199254740991,
      even: 9007199254740992,
    });
  });

  it('leaves digits in strings and fractions alone', () => {
    const text =
      '{"1234567890123456789":"x: 1234567890123456789, \\"1234567890123456789\\\\","f":0.12345678901234567890,"e":1.5e300}';

    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('may hold a field of ten megabytes', () => {
    const big = '1234567890123456 "\\'.repeat(500_000);

    expect(parse(JSON.stringify({ big, id: 1 }))).toEqual({ big, id: 1 });
  });
});

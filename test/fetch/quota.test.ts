import { describe, expect, it } from 'vitest';
import type { Quota } from '../../engine/descriptor/descriptor.ts';
import { answerError } from '../../engine/fetch/answer-error.ts';
import { quotaPauseMs, secondsUntil } from '../../engine/fetch/quota.ts';
import { everydayRetry, noRules } from '../support/fetch-options.ts';

const receivedAt = new Date('2026-03-04T12:00:00Z');
const epoch = receivedAt.getTime() / 1000;
const quota: Quota = {
  remaining: 'X-Rate-Limit-Remaining',
  reset: 'X-Rate-Limit-Reset',
  resetIn: 'epoch-seconds',
  pauseBelow: 2,
};

function answer(headers: Record<string, string>, status = 200, body = '') {
  return { status, headers, body: Buffer.from(body), receivedAt };
}

describe('the quota of a source', () => {
  it.each([
    ['is not told', {}],
    ['is ample', { 'x-rate-limit-remaining': '3', 'x-rate-limit-reset': String(epoch + 30) }],
    ['has no reset', { 'x-rate-limit-remaining': '0' }],
    ['is no number', { 'x-rate-limit-remaining': 'few', 'x-rate-limit-reset': String(epoch + 30) }],
  ])('asks for no pause where it %s', (_, headers) => {
    expect(quotaPauseMs(answer(headers), quota)).toBeUndefined();
  });

  it('pauses until the reset, by the clock of the source', () => {
    const headers = { 'x-rate-limit-remaining': '2', 'x-rate-limit-reset': String(epoch + 30) };

    expect(quotaPauseMs(answer(headers), quota)).toBe(30_000);
    expect(quotaPauseMs(answer({ ...headers, date: 'Wed, 04 Mar 2026 12:00:20 GMT' }), quota)).toBe(10_000);
  });

  it('pauses a moment where the reset is past', () => {
    const headers = { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(epoch - 5) };

    expect(quotaPauseMs(answer(headers), quota)).toBe(1000);
  });
});

describe('the time that a header tells', () => {
  it.each([
    ['17', 'seconds', 17],
    ['0', 'seconds', 1],
    [String(epoch + 5), 'epoch-seconds', 5],
    [String((epoch + 5) * 1000), 'epoch-ms', 5],
    [String(epoch + 5), 'epoch-auto', 5],
    [String((epoch + 5) * 1000), 'epoch-auto', 5],
    ['soon', 'seconds', undefined],
  ] as const)('%s in %s is %s seconds away', (text, unit, expected) => {
    expect(secondsUntil(text, unit, answer({}))).toBe(expected);
  });
});

describe('a throttle that is told in another way', () => {
  const rule = {
    status: [403],
    messagePattern: 'secondary rate limit',
    means: 'throttled' as const,
    message: 'Too fast.',
    hint: 'Wait.',
  };
  const reading = { ...noRules, messagePointers: ['/message'], rules: [rule] };
  const options = { reading, requestName: 'GET https://api.example/rows', fill: (text: string) => text, secrets: [] };
  const retry = { ...everydayRetry, after: [{ header: 'X-RateLimit-RetryAfter', unit: 'epoch-auto' as const }] };

  it('as a 403 is tried again, after the vendor’s own header', () => {
    const refused = answer({ 'x-ratelimit-retryafter': String(epoch + 12) }, 403, '{"message":"secondary rate limit"}');

    const error = answerError(refused, retry, options);

    expect(error).toMatchObject({ code: 'fetch/throttled', retryable: true, retryAfterSeconds: 12 });
  });

  it('leaves any other 403 a refusal', () => {
    const error = answerError(answer({}, 403, '{"message":"no scope"}'), retry, options);

    expect(error).toMatchObject({ code: 'fetch/permission-denied', retryable: false });
  });

  it('minds Retry-After first', () => {
    const both = answer({ 'retry-after': '3', 'x-ratelimit-retryafter': String(epoch + 12) }, 429);

    expect(answerError(both, retry, options).retryAfterSeconds).toBe(3);
  });
});

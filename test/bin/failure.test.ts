import { Errors } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { readFailure } from '../../bin/failure.ts';
import { CannotRunError, StreamError } from '../../engine/index.ts';

describe('what an error means for the exit code', () => {
  it.each([
    ['what kept the run from starting', new CannotRunError('auth/refused', 'The credentials were refused.'), 2],
    ['a stream that could not go on', new StreamError('fetch/permission-denied', 'Refused.'), 1],
    ['a mistyped command line', new Errors.CLIError('Nonexistent flag: --strem'), 2],
    ['what nobody foresaw', new TypeError('x is not a function'), 2],
  ])('%s', (_, error, exitCode) => {
    expect(readFailure(error, 'run', []).exitCode).toBe(exitCode);
  });

  it('keeps code, hint and issues for machines', () => {
    const issue = { code: 'descriptor/unknown-key', severity: 'error', message: 'Unknown.' } as const;
    const error = new CannotRunError('descriptor/wrong-value', 'Wrong.', { hint: 'Mend it.', issues: [issue] });

    expect(readFailure(error, 'run', [])).toEqual({
      exitCode: 2,
      code: 'descriptor/wrong-value',
      message: 'Wrong.',
      hint: 'Mend it.',
      issues: [issue],
    });
  });

  it('names the flag that was meant', () => {
    const error = Object.assign(new Errors.CLIError('Nonexistent flag: --strem'), { flags: ['--strem'] });

    expect(readFailure(error, 'run', ['stream', 'set']).hint).toBe('Did you mean --stream?');
  });

  it('takes the query, which may hold a token, out of a foreign message', () => {
    const error = new TypeError('Invalid URL: https://api.example/items?sig=s3cret&page=2 was given');

    const { message } = readFailure(error, 'run', []);

    expect(message).toContain('https://api.example/items?… was given');
    expect(message).not.toContain('s3cret');
  });
});

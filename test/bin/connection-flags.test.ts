import { describe, expect, it } from 'vitest';
import { connectionInput } from '../../bin/connection-flags.ts';

describe('--set', () => {
  it('splits at the first equals sign, so that a value may hold more', () => {
    expect(connectionInput({ set: ['clientSecret=a=b==', 'cloud='] }).set).toEqual({
      clientSecret: 'a=b==',
      cloud: '',
    });
  });

  it('refuses what is no pair without repeating it, for it may be a secret', () => {
    expect(() => connectionInput({ set: ['hunter2'] })).toThrow(/KEY=VALUE/);
    expect(() => connectionInput({ set: ['hunter2'] })).not.toThrow(/hunter2/);
  });

  it('lets the last of two win', () => {
    expect(connectionInput({ set: ['cloud=usgov', 'cloud=dod'] }).set).toEqual({ cloud: 'dod' });
  });
});

import { describe, expect, it } from 'vitest';
import { toldCursor } from '../../engine/run/certificate.ts';

describe('a cursor in a report', () => {
  it('has no query, which may let its finder read on', () => {
    const told = toldCursor({ url: 'https://api.example/log?after=opaque&sig=s3cret', until: '2026-03-04T05:06:07Z' });

    expect(told).toEqual({
      url: expect.stringMatching(/^https:\/\/api\.example\/log\?sha256=[0-9a-f]{16}$/) as string,
      until: '2026-03-04T05:06:07Z',
    });
  });

  it('can still be told from another, and is the same for the same', () => {
    const told = (token: string) => toldCursor({ url: `https://api.example/log?after=${token}` });

    expect(told('a')).toEqual(told('a'));
    expect(told('a')).not.toEqual(told('b'));
  });
});

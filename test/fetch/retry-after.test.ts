import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterSeconds } from '../../engine/fetch/retry-after.ts';

const now = new Date('2026-03-04T05:06:07.000Z');

describe('Retry-After', () => {
  it.each([undefined, '', '  ', 'soon', '-3', '1e9', '0x10', '12 apples', '2026-03-04T05:06:09Z', 'Wed, tomorrow'])(
    'says nothing when it is %j',
    (header) => {
      expect(retryAfterSeconds(header, now)).toBeUndefined();
    },
  );

  it('takes fractions of a second as they are', () => {
    expect(retryAfterSeconds('2.128', now)).toBe(2.128);
  });

  it('takes a date in the past as no pause', () => {
    expect(retryAfterSeconds('Wed, 04 Mar 2026 05:06:00 GMT', now)).toBe(0);
  });

  it.each(['Wed, 04 Mar 2026 05:06:19 GMT', 'Wednesday, 04-Mar-26 05:06:19 GMT', 'Wed Mar  4 05:06:19 2026'])(
    'takes each of the three date forms: %s',
    (header) => {
      expect(retryAfterSeconds(header, now)).toBe(12);
    },
  );

  it('gives back any number of whole seconds', () => {
    fc.assert(fc.property(fc.nat(), (seconds) => retryAfterSeconds(` ${seconds} `, now) === seconds));
  });

  it('gives back the distance to any date, never less than nothing', () => {
    const dates = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

    fc.assert(
      fc.property(dates, (date) => {
        const distance = (Math.floor(date.getTime() / 1000) * 1000 - now.getTime()) / 1000;
        return retryAfterSeconds(date.toUTCString(), now) === Math.max(0, distance);
      }),
    );
  });

  it('never throws and never gives a negative pause, whatever is sent', () => {
    fc.assert(fc.property(fc.string(), (header) => (retryAfterSeconds(header, now) ?? 0) >= 0));
  });
});

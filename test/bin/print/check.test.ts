import { describe, expect, it } from 'vitest';
import { describeCheck } from '../../../bin/print/check.ts';
import type { CheckReport, StreamCheck } from '../../../engine/index.ts';

const people: StreamCheck = {
  stream: 'people',
  state: 'ready',
  default: 'on',
  needs: ['People.Read'],
  missing: [],
  httpStatus: 200,
};
const devices: StreamCheck = {
  stream: 'devices',
  state: 'denied',
  default: 'on',
  needs: ['Devices.Read'],
  missing: ['Devices.Read'],
  httpStatus: 403,
  reason: { code: 'fetch/permission-denied', message: 'The source refused our rights.', hint: 'Grant Devices.Read.' },
};
const report: CheckReport = {
  integration: 'acme',
  granted: ['People.Read', 'Mail.Read'],
  beyondNeed: ['Mail.Read'],
  consentUrl: 'https://login.example/consent',
  streams: [people, devices],
};

describe('a check in words', () => {
  it('tells what each stream needs, whether it is granted, and what the source answered', () => {
    const [head, first, second] = describeCheck(report).split('\n');

    expect(head).toBe('stream   state   answer  needs');
    expect(first).toBe('people   ready   200     ✓ People.Read');
    expect(second).toBe('devices  denied  403     ✗ Devices.Read');
  });

  it('tells what to grant, where to consent, and what is granted beyond need', () => {
    const text = describeCheck(report);

    expect(text).toContain(
      'devices: denied\n  Not granted: Devices.Read.\n  The source refused our rights.\n  Grant Devices.Read.',
    );
    expect(text).toContain('https://login.example/consent');
    expect(text).toContain('Granted beyond need, better taken away: Mail.Read.');
  });

  it('does not send anyone to consent when nothing is missing', () => {
    const text = describeCheck({ ...report, streams: [people], beyondNeed: [] });

    expect(text).not.toContain('consent');
    expect(text).toContain('Nothing is granted beyond need.');
  });

  it('says so when the token does not tell what was granted', () => {
    const text = describeCheck({ integration: 'acme', beyondNeed: [], streams: [people] });

    expect(text).toContain('? People.Read');
    expect(text).toContain('The token does not tell');
  });
});

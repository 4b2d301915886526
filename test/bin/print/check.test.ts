import { describe, expect, it } from 'vitest';
import { describeCheck } from '../../../bin/print/check.ts';
import type { CheckReport, StreamCheck } from '../../../engine/index.ts';

const untold: StreamCheck = {
  stream: 'people',
  state: 'ready',
  default: 'on',
  grant: 'application',
  needs: ['People.Read'],
  missing: [],
  httpStatus: 200,
};
const people: StreamCheck = { ...untold, openedBy: ['People.Read'] };
const devices: StreamCheck = {
  stream: 'devices',
  state: 'denied',
  default: 'on',
  grant: 'application',
  needs: ['Devices.Read'],
  openedBy: [],
  missing: ['Devices.Read'],
  httpStatus: 403,
  cause: 'permission',
  whatToDo: 'grant Devices.Read',
  reason: {
    code: 'fetch/permission-denied',
    message: 'The token does not carry Devices.Read.',
    hint: 'Grant Devices.Read.',
  },
};
const report: CheckReport = {
  integration: 'acme',
  granted: ['People.Read', 'Mail.Read'],
  beyondNeed: ['Mail.Read'],
  consentUrl: 'https://login.example/consent',
  streams: [people, devices],
};

describe('a check in words', () => {
  it('tells per stream what it needs, whether it is granted, what the source answered, and what to do', () => {
    const [head, first, second] = describeCheck(report).split('\n');

    expect(head).toBe('stream   needs         granted  answer      what to do');
    expect(first).toBe('people   People.Read   yes      200 ready   nothing');
    expect(second).toBe('devices  Devices.Read  no       403 denied  grant Devices.Read');
  });

  it('tells why and what to do at length, where to consent, and what is granted beyond need', () => {
    const text = describeCheck(report);

    expect(text).toContain(
      'devices: denied (permission)\n  The token does not carry Devices.Read.\n  Grant Devices.Read.',
    );
    expect(text).toContain('https://login.example/consent');
    expect(text).toContain('Granted beyond need, better taken away: Mail.Read.');
  });

  it('does not send anyone to consent when nothing is missing', () => {
    const text = describeCheck({ ...report, streams: [people], beyondNeed: [] });

    expect(text).not.toContain('consent');
    expect(text).toContain('Nothing is granted beyond need.');
  });

  it('does not advise to take away what a stream relies on before the lesser one is granted', () => {
    const relying: StreamCheck = { ...people, openedBy: ['Directory.Read'] };
    const text = describeCheck({
      ...report,
      granted: ['Directory.Read'],
      beyondNeed: ['Directory.Read'],
      streams: [relying],
    });

    expect(text).toContain('people  People.Read  by Directory.Read  200 ready  nothing; People.Read would do');
    expect(text).toContain('Before taking Directory.Read away, grant People.Read: people relies on it.');
  });

  it('says that a permission is of no use where only users may ask', () => {
    const derived: StreamCheck = {
      ...devices,
      grant: 'delegated',
      missing: [],
      state: 'derived',
      cause: 'delegated-only',
      whatToDo: 'nothing: it is computed from people',
    };

    expect(describeCheck({ ...report, streams: [derived] })).toContain(
      'devices  Devices.Read  no use   403 derived  nothing: it is computed from people',
    );
  });

  it('says so when the token does not tell what was granted', () => {
    const text = describeCheck({ integration: 'acme', beyondNeed: [], streams: [untold] });

    expect(text).toMatch(/^people {2}People\.Read {2}\? /m);
    expect(text).toContain('The token does not tell');
  });
});

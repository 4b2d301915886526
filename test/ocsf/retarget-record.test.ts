import { describe, expect, it } from 'vitest';
import { type CheckerRequest, createRecordChecker } from '../../engine/ocsf/check-record.ts';
import type { JsonObject, Outcome } from '../../engine/records.ts';
import { bareExample, type Candidate, contextOf, type ExampleName, exampleNames, requestFor } from './examples.ts';

const bareUser = bareExample('user-registration');
const user = bareUser.user as Candidate; // the example has one
const bareDevice = bareExample('device');
const device = bareDevice.device as Candidate; // the same

describe.each(['1.1.0', '1.3.0', '1.8.0'])('retargeting from 1.5.0 to %s', (targetVersion) => {
  it.each(exampleNames)('gives a valid record of %s that says its release', async (name) => {
    const outcome = await retarget(name, bareExample(name), targetVersion);

    expect(outcome).toMatchObject({ kind: 'accepted', record: { metadata: { version: targetVersion } } });
  });
});

describe('retargeting down to 1.1.0', () => {
  it('moves what has no home there to unmapped, under its path', async () => {
    const record = await accepted('user-registration', bareUser, '1.1.0');

    expect(record.user).not.toHaveProperty('has_mfa');
    expect(record.unmapped).toMatchObject({
      userType: 'member',
      'user.has_mfa': true,
      'user.display_name': 'Adele Vance',
      'enrichments[0].short_desc': 'Registered authentication methods',
    });
  });

  it('keeps unmapped last, and makes it where there was none', async () => {
    const record = await accepted('user-registration', { ...bareUser, unmapped: undefined }, '1.1.0');

    expect(Object.keys(record).at(-1)).toBe('unmapped');
    expect(record.unmapped).toMatchObject({ 'user.has_mfa': true });
  });

  it('never overwrites what the source has put there', async () => {
    const unmapped = { 'user.has_mfa': 'the source’s own' };

    const record = await accepted('user-registration', { ...bareUser, unmapped }, '1.1.0');

    expect(record.unmapped).toMatchObject({ 'user.has_mfa': 'the source’s own', 'user.has_mfa#2': true });
  });

  it('turns an id the target lacks into 99, with its caption as the word', async () => {
    const record = await accepted('user-registration', bareUser, '1.1.0');

    expect(record.cloud).toMatchObject({ account: { type_id: 99, type: 'M365 Tenant' } });
  });

  it('moves an id to unmapped where the target has no 99, and keeps the word', async () => {
    const candidate = { ...bareDevice, device: { ...device, risk_level_id: 99, risk_level: 'dire' } };

    const record = await accepted('device', candidate, '1.1.0');

    expect(record.device).toMatchObject({ risk_level: 'dire' });
    expect(record.device).not.toHaveProperty('risk_level_id');
    expect(record.unmapped).toMatchObject({ 'device.risk_level_id': 99 });
  });

  it('moves a value that the older form of its type refuses', async () => {
    const candidate = { ...bareDevice, device: { ...device, hostname: 'Adele’s phone' } };

    const record = await accepted('device', candidate, '1.1.0');

    expect(record.device).not.toHaveProperty('hostname');
    expect(record.unmapped).toMatchObject({ 'device.hostname': 'Adele’s phone' });
    expect((record.observables ?? []) as JsonObject[]).not.toContainEqual(
      expect.objectContaining({ name: 'device.hostname' }),
    );
  });

  it('moves an address with #EXT#, which its email_t refuses', async () => {
    const email_addr = 'guest_contoso.example#EXT#@fabrikam.example';

    const record = await accepted('user-registration', { ...bareUser, user: { ...user, email_addr } }, '1.1.0');

    expect(record.unmapped).toMatchObject({ 'user.email_addr': email_addr });
  });

  it('derives the observables anew, with the types the target has', async () => {
    const observables = [
      { name: 'user.uid', type_id: 31, value: user.uid },
      { name: 'user', type_id: 21 },
    ];

    const record = await accepted('user-registration', { ...bareUser, observables }, '1.1.0');

    expect(record.observables).toEqual([
      { name: 'user', type: 'User', type_id: 21 },
      { name: 'user.name', type: 'User Name', type_id: 4, value: 'adelev@contoso.example' },
    ]);
  });
});

describe('retargeting', () => {
  it('moves an object whole that would break what the target asks of it', async () => {
    const place = { uid: 'd-1', type_id: 0, location: { coordinates: [13.4, 52.5] } };
    const request = { nativeVersion: '1.1.0' };

    const record = await accepted('device', { ...bareDevice, device: place }, '1.5.0', request);

    expect(record.device).not.toHaveProperty('location');
    expect(record.unmapped).toMatchObject({ 'device.location': { coordinates: [13.4, 52.5] } });
  });

  it('moves only the item of a list that would break it', async () => {
    const candidate = {
      activity_id: 1,
      severity_id: 1,
      user: { uid: 'u-1' },
      service: { name: 'portal' },
      auth_factors: [{ factor_type_id: 1 }, { factor_type_id: 8, email_addr: 'adele@contoso.example' }],
    };

    const record = await accepted('credential-usage', candidate, '1.3.0', { className: 'authentication' });

    expect(record.auth_factors).toMatchObject([{ factor_type: 'Email' }]);
    expect(record.unmapped).toEqual({ 'auth_factors[0]': { factor_type_id: 1, factor_type: 'SMS' } });
  });

  it('no longer declares a profile that the class does not take there, and moves its attributes', async () => {
    const candidate = { ...bareExample('credential-usage'), device: { uid: 'd-1', type_id: 0 } };

    const record = await accepted('credential-usage', candidate, '1.3.0', { profiles: ['host'] });

    expect(record.metadata).not.toHaveProperty('profiles');
    expect(record).not.toHaveProperty('device');
    expect(record.unmapped).toMatchObject({ device: { uid: 'd-1', type_id: 0, type: 'Unknown' } });
  });

  it('changes the type with an activity that the target lacks', async () => {
    const candidate = { activity_id: 12, severity_id: 1, user: { uid: 'u-1' } };
    const request = { className: 'account_change', nativeVersion: '1.8.0' };

    const record = await accepted('credential-usage', candidate, '1.1.0', request);

    expect(record).toMatchObject({
      activity_id: 99,
      activity_name: 'Unlock',
      type_uid: 300199,
      type_name: 'Account Change: Other',
    });
  });

  it('does not excuse an attribute that the native release does not know either', async () => {
    const outcome = await retarget('user-registration', { ...bareUser, user: { ...user, is_disabled: true } }, '1.8.0');

    expect(outcome).toMatchObject({
      kind: 'rejected',
      issues: [{ code: 'ocsf/unknown-attribute', pointer: '/user/is_disabled' }],
    });
  });

  it('does not excuse what is wrong in the native release, even if the target allows it', async () => {
    const outcome = await retarget('user-registration', { ...bareUser, user: { ...user, type_id: 4 } }, '1.8.0');

    expect(outcome).toMatchObject({ kind: 'rejected', issues: [{ code: 'ocsf/unknown-enum-value' }] });
  });

  it('makes a Base Event of a record that its class cannot hold there, and keeps all of it', async () => {
    const candidate = {
      ...bareDevice,
      activity_id: 1,
      device: { type_id: 0, boot_uid: 'b-1', hostname: 'Adele’s phone' },
    };

    const record = await accepted('device', candidate, '1.3.0');

    expect(record).toMatchObject({
      ...{ class_uid: 0, class_name: 'Base Event', category_uid: 0, type_uid: 99, type_name: 'Base Event: Other' },
      ...{ activity_id: 99, activity_name: 'Log', metadata: { version: '1.3.0' } },
      unmapped: { device: { boot_uid: 'b-1', hostname: 'Adele’s phone' } },
    });
  });

  it('keeps the word of an id that means something else in a Base Event', async () => {
    const vulnerable = {
      ...{ activity_id: 1, severity_id: 1, status_id: 1, finding_info: { uid: 'f-1' } },
      vulnerabilities: [{ advisory: { uid: 'a-1' } }],
    };

    const record = await accepted('device', vulnerable, '1.1.0', { className: 'vulnerability_finding', profiles: [] });

    expect(record).toMatchObject({ class_uid: 0, activity_name: 'Create', status_id: 99, status: 'New' });
    expect(record.unmapped).toMatchObject({ vulnerabilities: [{ advisory: { uid: 'a-1' } }] });
  });
});

async function retarget(
  name: ExampleName,
  candidate: Candidate,
  targetVersion: string,
  change: Partial<CheckerRequest> = {},
): Promise<Outcome> {
  const checker = await createRecordChecker(requestFor(name, { targetVersion, ...change }));
  return checker.check(candidate, contextOf(name));
}

async function accepted(...given: Parameters<typeof retarget>): Promise<JsonObject> {
  const outcome = await retarget(...given);
  if (outcome.kind === 'rejected') throw new Error(JSON.stringify(outcome.issues));
  return outcome.record;
}

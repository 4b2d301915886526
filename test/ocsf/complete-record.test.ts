import { describe, expect, it } from 'vitest';
import { completeRecord, type RecordContext } from '../../engine/ocsf/complete-record.ts';
import { createRecordChecker } from '../../engine/ocsf/check-record.ts';
import { prepareClass } from '../../engine/ocsf/prepare-class.ts';
import type { JsonObject } from '../../engine/records.ts';
import { bareExample, type Candidate, contextOf, example, exampleNames, requestFor, schemasDir } from './examples.ts';

describe('completing a record', () => {
  it.each(exampleNames)('gives back what was taken out of the example %s', async (name) => {
    const checker = await createRecordChecker(requestFor(name));
    const { observables: expectedObservables = [], metadata, ...rest } = example(name);

    const outcome = checker.check(bareExample(name), contextOf(name));

    expect(outcome).toMatchObject({ kind: 'accepted', warnings: [] });
    if (outcome.kind === 'rejected') return;
    const { observables = [], metadata: filledIn, ...others } = outcome.record;
    expect(others).toEqual(rest);
    // The example leaves out what need not be there; we fill it in all the same.
    expect(filledIn).toMatchObject(metadata as JsonObject);
    expect(observables).toEqual(expect.arrayContaining(expectedObservables as JsonObject[]));
  });

  it('opens as records do, and puts unmapped last', async () => {
    const { unmapped, ...rest } = bareExample('credential-usage');

    const keys = Object.keys(await complete({ unmapped, ...rest }));

    expect(keys.slice(0, 4)).toEqual(['class_uid', 'class_name', 'category_uid', 'category_name']);
    expect(keys.slice(-2)).toEqual(['user', 'unmapped']);
  });

  it('gives a record the same order of keys, however the mapping wrote it', async () => {
    const forwards = bareExample('user-registration');
    const backwards = Object.fromEntries(Object.entries(forwards).reverse());

    expect(JSON.stringify(await complete(backwards))).toBe(JSON.stringify(await complete(forwards)));
  });

  it('leaves the type_name of a Base Event out', async () => {
    expect(await complete({ activity_id: 0 }, 'base_event')).not.toHaveProperty('type_name');
  });

  it('finds the activity by its caption, and the type by the activity', async () => {
    expect(await complete({ activity_name: 'Collect' })).toMatchObject({ activity_id: 2, type_uid: 500302 });
    expect(await complete({ activity_name: 'Removed' })).toMatchObject({
      activity_id: 99,
      activity_name: 'Removed',
      type_uid: 500399,
      type_name: 'User Inventory Info: Other',
    });
    expect(await complete({ type_uid: 500301 })).toMatchObject({ activity_id: 1, activity_name: 'Log' });
  });

  it('fills in what the mapping gives as nothing', async () => {
    expect(await complete({ activity_id: 1, type_uid: {}, class_uid: null, category_uid: [''] })).toMatchObject({
      class_uid: 5003,
      category_uid: 5,
      type_uid: 500301,
    });
  });

  it('takes the time of the context where the mapping gives none', async () => {
    expect(await complete({ time: null })).toMatchObject({ time: contextOf('user-registration').defaultTimeMs });
    expect(await complete({ time: 1700000000000 })).toMatchObject({ time: 1700000000000 });
  });
});

describe('ids and captions', () => {
  it('finds the caption of an id, at any depth', async () => {
    const record = await complete({ device: { owner: { account: { type_id: 6 } } } }, 'inventory_info');

    expect(record).toMatchObject({ device: { owner: { account: { type: 'Azure AD Account', type_id: 6 } } } });
  });

  it('finds the id of a caption, and writes the caption as OCSF does', async () => {
    expect(await complete({ severity: 'HIGH', user: { type: 'admin' } })).toMatchObject({
      severity_id: 4,
      severity: 'High',
      user: { type_id: 2, type: 'Admin' },
    });
  });

  it('gives a caption that no id has the id 99, and keeps the word', async () => {
    expect(await complete({ device: { type: 'Printer' } }, 'inventory_info')).toMatchObject({
      device: { type_id: 99, type: 'Printer' },
    });
  });

  it('leaves such a caption alone where the enumeration has no 99', async () => {
    const record = await complete({ user: { risk_level: 'dire' } }, 'user_inventory', '1.1.0');

    expect(record.user).toEqual({ risk_level: 'dire' });
  });

  it('invents no word for 99', async () => {
    expect((await complete({ user: { type_id: 99 } })).user).toEqual({ type_id: 99 });
  });

  it('changes neither where both are given', async () => {
    expect(await complete({ severity_id: 1, severity: 'informational' })).toMatchObject({
      severity_id: 1,
      severity: 'informational',
    });
  });

  it('pairs lists of ids and captions by position', async () => {
    const url = (inner: Candidate) => ({ http_request: { url: inner } });

    expect(await complete(url({ category_ids: [3, 99] }), 'http_activity')).toMatchObject(
      url({ categories: ['Pornography', 'Other'] }),
    );
    expect(await complete(url({ categories: ['pornography', 'Knitting'] }), 'http_activity')).toMatchObject(
      url({ category_ids: [3, 99], categories: ['Pornography', 'Knitting'] }),
    );
  });
});

describe('what counts as nothing', () => {
  it('is left out at any depth, also where no schema looks', async () => {
    const empty = { a: null, b: '', c: {}, d: [], e: [null, '', { f: [] }], g: undefined, h: Number.NaN };

    const record = await complete({
      status_detail: '',
      user: { name: 'adele', full_name: null, org: { uid: '' }, groups: [{}, { name: 'Staff' }] },
      enrichments: [{ name: 'user.name', value: 'adele', data: { kept: 0, ...empty } }],
      unmapped: { kept: false, ...empty },
    });

    expect(record).not.toHaveProperty('status_detail');
    expect(record).toMatchObject({ enrichments: [{ data: { kept: 0 } }], unmapped: { kept: false } });
    expect(record.user).toEqual({ name: 'adele', groups: [{ name: 'Staff' }] });
    expect(record.unmapped).toEqual({ kept: false });
    expect(JSON.stringify(record)).not.toMatch(/null|""|\{\}|\[\]/);
  });

  it('comes out as plain objects and arrays, whatever the mapping handed over', async () => {
    const groups: unknown[] & { sequence?: boolean } = [Object.assign(Object.create(null), { name: 'Staff' })];
    groups.sequence = true;
    const unmapped: unknown = Object.assign(Object.create(null), { list: groups });

    const record = await complete({ user: { name: 'adele', groups }, unmapped });

    expect(record).toMatchObject({ user: { groups: [{ name: 'Staff' }] }, unmapped: { list: [{ name: 'Staff' }] } });
    expect(Object.getPrototypeOf(record.unmapped)).toBe(Object.prototype);
    expect(Object.keys((record.unmapped as { list: object }).list)).toEqual(['0']);
  });

  it('keeps a key that would change an object’s prototype as a mere key', async () => {
    const unmapped: unknown = JSON.parse('{"__proto__": {"isAdmin": true}}');

    const record = await complete({ unmapped });

    expect(JSON.stringify(record.unmapped)).toBe('{"__proto__":{"isAdmin":true}}');
    expect((record.unmapped as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('metadata', () => {
  it('is filled in from the context', async () => {
    const record = await complete({});

    expect(record.metadata).toEqual({
      correlation_uid: 'run-2025-03-12T04:10:00Z',
      event_code: 'userRegistrationDetails',
      log_name: 'reports/authenticationMethods/userRegistrationDetails',
      log_provider: 'Microsoft Graph',
      log_version: 'beta',
      logged_time: 1741752600000,
      processed_time: 1741752601000,
      product: {
        feature: { name: 'Authentication methods activity' },
        name: 'Microsoft Entra ID',
        vendor_name: 'Microsoft',
        version: 'beta',
      },
      tenant_uid: '11111111-2222-4333-8444-555555555555',
      uid: '5d4f4a0e-6a0b-5c36-9a0e-0d6a3f0f9b11',
      version: '1.5.0',
    });
  });

  it('leaves the mapping its own values, but not release, id and profiles', async () => {
    const own = {
      event_code: 'reset',
      product: { lang: 'en' },
      uid: 'mine',
      version: '9',
      profiles: ['host'],
      log_name: '',
    };

    const { metadata } = await complete({ metadata: own });

    expect(metadata).toMatchObject({
      event_code: 'reset',
      log_name: 'reports/authenticationMethods/userRegistrationDetails',
      product: { lang: 'en', name: 'Microsoft Entra ID' },
      uid: '5d4f4a0e-6a0b-5c36-9a0e-0d6a3f0f9b11',
      version: '1.5.0',
    });
    expect(metadata).not.toHaveProperty('profiles');
  });

  it('joins the labels of mapping and engine', async () => {
    const { metadata } = await complete({ metadata: { labels: ['eu', 'derived'] } }, 'user_inventory', '1.5.0', {
      labels: ['derived', 'nightly'],
    });

    expect(metadata).toMatchObject({ labels: ['eu', 'derived', 'nightly'] });
  });
});

async function complete(
  candidate: Candidate,
  className = 'user_inventory',
  version = '1.5.0',
  change: Partial<RecordContext> = {},
): Promise<JsonObject> {
  const { plan } = await prepareClass(schemasDir, version, className, []);
  return completeRecord(candidate, plan, { ...contextOf('user-registration'), ...change });
}

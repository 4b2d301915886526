import { describe, expect, it } from 'vitest';
import type { Issue } from '../../engine/diagnostics/issue.ts';
import { type CheckerRequest, createRecordChecker } from '../../engine/ocsf/check-record.ts';
import type { Outcome } from '../../engine/records.ts';
import { bareExample, type Candidate, contextOf, example, type ExampleName, requestFor } from './examples.ts';

const bare = bareExample('user-registration');
const user = bare.user as Candidate; // the example has one
const device = bareExample('device').device as Candidate; // the same

describe('what is no record', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'text'],
    ['a number', 7],
    ['a list', [{ class_uid: 5003 }]],
    ['a function', () => 1],
  ])('rejects %s', async (_, candidate) => {
    expect(await faults('user-registration', candidate)).toMatchObject([{ code: 'mapping/no-record' }]);
  });

  it('rejects a record that contains itself, and does not loop', async () => {
    const circle: Candidate = { ...bare };
    circle.unmapped = { circle };

    expect(await faults('user-registration', circle)).toMatchObject([
      { code: 'ocsf/wrong-type', message: 'The record is nested more than 100 levels deep.' },
    ]);
  });
});

describe('types', () => {
  it('rejects a text where a boolean belongs, and shows what it got', async () => {
    expect(await faults('user-registration', { ...bare, user: { ...user, has_mfa: 'yes' } })).toEqual([
      {
        code: 'ocsf/wrong-type',
        severity: 'error',
        message: 'user.has_mfa must be a boolean (boolean_t), but is the string "yes".',
        pointer: '/user/has_mfa',
      },
    ]);
  });

  it('rejects a caption given as an id, and says where it goes', async () => {
    expect(await faults('user-registration', { ...bare, user: { ...user, type_id: 'Admin' } })).toMatchObject([
      { code: 'ocsf/wrong-type', hint: '"Admin" is the caption of 2: give it as "type", and the id is filled in.' },
    ]);
  });

  it('rejects one bare item where a list belongs', async () => {
    expect(await faults('user-registration', { ...bare, user: { ...user, groups: { name: 'Staff' } } })).toMatchObject([
      {
        message: 'user.groups must be an array, but is the object {"name":"Staff"}.',
        hint: expect.stringContaining('square brackets') as string,
      },
    ]);
  });

  it('rejects a text where an object belongs, and says so once', async () => {
    expect(await faults('user-registration', { ...bare, user: 'Adele' })).toMatchObject([
      { code: 'ocsf/wrong-type', pointer: '/user' },
    ]);
  });

  it('cuts a long value short', async () => {
    const [issue] = await faults('user-registration', { ...bare, user: { ...user, has_mfa: 'x'.repeat(10_000_000) } });

    expect(issue?.message.length).toBeLessThan(140);
  });

  it('tells no more than fifty faults of one record', async () => {
    const groups = Array.from({ length: 5000 }, () => 'Staff');

    expect(await faults('user-registration', { ...bare, user: { ...user, groups } })).toHaveLength(50);
  });
});

describe('attributes', () => {
  it('rejects one that the object does not have, and suggests the one that was meant', async () => {
    expect(await faults('user-registration', { ...bare, user: { ...user, dsplay_name: 'Adele' } })).toEqual([
      {
        code: 'ocsf/unknown-attribute',
        severity: 'error',
        message: 'user.dsplay_name is no attribute of User (user).',
        hint: 'Did you mean "display_name"?',
        pointer: '/user/dsplay_name',
      },
    ]);
  });

  it('sends what has no home to unmapped', async () => {
    expect(await faults('user-registration', { ...bare, methodsRegistered: ['push'] })).toMatchObject([
      { pointer: '/methodsRegistered', hint: 'What has no home in OCSF belongs in "unmapped".' },
    ]);
  });

  it('rejects a record without what its class requires', async () => {
    expect(await faults('user-registration', { ...bare, user: null })).toMatchObject([
      { code: 'ocsf/missing-attribute', message: 'user is missing; User Inventory Info (user_inventory) requires it.' },
    ]);
  });

  it('asks an optional object for what it requires, once it is there', async () => {
    const os = { type_id: 100 };

    expect(await faults('device', { ...bareExample('device'), device: { ...device, os } })).toMatchObject([
      {
        code: 'ocsf/missing-attribute',
        message: 'device.os.name is missing; Operating System (OS) (os) requires it.',
        hint: 'Give "name" in the mapping, or leave device.os out altogether.',
        pointer: '/device/os',
      },
    ]);
  });

  it('tells a missing activity once, and not its type_uid as well', async () => {
    expect(await faults('user-registration', { ...bare, activity_id: undefined })).toMatchObject([
      { message: 'activity_id is missing; User Inventory Info (user_inventory) requires it.' },
    ]);
  });

  it('rejects a user without name, uid and account', async () => {
    expect(await faults('user-registration', { ...bare, user: { display_name: 'Adele' } })).toEqual([
      {
        code: 'ocsf/constraint',
        severity: 'error',
        message: 'user needs at least one of account, name, uid.',
        hint: 'Null and empty values do not count.',
        pointer: '/user',
      },
    ]);
  });
});

describe('profiles', () => {
  it('rejects an attribute whose profile is not declared', async () => {
    expect(await faults('user-registration', bare, { profiles: [] })).toMatchObject([
      {
        code: 'ocsf/profile',
        message: 'cloud belongs to profile cloud, which the record does not declare.',
        pointer: '/cloud',
      },
    ]);
  });

  it('owes what a declared profile requires', async () => {
    expect(await faults('user-registration', { ...bare, cloud: undefined })).toMatchObject([
      { code: 'ocsf/missing-attribute', message: 'cloud is missing; profile cloud requires it.' },
    ]);
  });
});

describe('limits', () => {
  it.each([
    ['a number beyond 32 bits', { count: 3_000_000_000 }, 'count 3000000000 lies outside -2147483648 to 2147483647'],
    [
      'a fraction where an integer belongs',
      { count: 1.5 },
      'count must be an integer (integer_t), but is the number 1.5',
    ],
    ['a long beyond what JavaScript keeps', { duration: 2 ** 60 }, 'duration 1152921504606847000 lies outside'],
    [
      'an enumeration value that does not exist',
      { severity_id: 7 },
      'severity_id is 7, which the enumeration does not',
    ],
    ['another class', { class_uid: 5001 }, 'class_uid is 5001, which the enumeration does not have'],
  ])('rejects %s', async (_, change, message) => {
    const issues = await faults('user-registration', { ...bare, ...change });

    expect(issues).toHaveLength(1);
    expect(issues[0]?.message).toContain(message);
  });

  it('rejects what does not have the form of its type', async () => {
    expect(await faults('user-registration', { ...bare, user: { ...user, email_addr: 'Adele Vance' } })).toMatchObject([
      { code: 'ocsf/out-of-range', message: 'user.email_addr "Adele Vance" does not have the form of email_t.' },
    ]);
  });

  it('rejects an address longer than its type, in form or not', async () => {
    const ip = '1'.repeat(41);

    const issues = await faults('device', { ...bareExample('device'), device: { ...device, ip } });

    expect(issues.map(({ code }) => code)).toEqual(['ocsf/out-of-range']);
  });

  it('lists what an enumeration allows', async () => {
    const [issue] = await faults('user-registration', { ...bare, user: { ...user, type_id: 12 } });

    expect(issue).toMatchObject({
      code: 'ocsf/unknown-enum-value',
      hint: 'Allowed: 0 Unknown, 1 User, 2 Admin, 3 System, 99 Other.',
    });
  });
});

describe('ids and captions', () => {
  it('warns of a caption that says something else than its id', async () => {
    const outcome = await check('user-registration', { ...bare, severity: 'Critical' });

    expect(outcome).toMatchObject({
      kind: 'accepted',
      warnings: [
        {
          code: 'ocsf/sibling-mismatch',
          severity: 'warning',
          message: 'severity is "Critical", but severity_id 1 means "Informational".',
          pointer: '/severity',
        },
      ],
    });
  });

  it('warns of "Other" beside 99, where the word of the source belongs', async () => {
    const outcome = await check('user-registration', { ...bare, status_id: 99, status: 'Other' });

    expect(outcome).toMatchObject({
      kind: 'accepted',
      warnings: [{ code: 'ocsf/sibling-mismatch', pointer: '/status' }],
    });
  });

  it('takes any word beside 99', async () => {
    const outcome = await check('user-registration', { ...bare, status_id: 99, status: 'half done' });

    expect(outcome).toMatchObject({ kind: 'accepted', warnings: [] });
  });

  it('rejects lists of ids and captions that do not pair', async () => {
    const url = { category_ids: [1, 3], categories: ['Adult/Mature Content'], url_string: 'https://a.example' };

    const candidate = {
      activity_id: 1,
      severity_id: 1,
      src_endpoint: { ip: '192.0.2.1' },
      dst_endpoint: { ip: '192.0.2.2' },
      http_request: { http_method: 'GET', url },
    };

    expect(await faults('credential-usage', candidate, { className: 'http_activity' })).toMatchObject([
      {
        code: 'ocsf/sibling-mismatch',
        severity: 'error',
        message: 'http_request.url.categories has 1 captions for 2 ids in category_ids; they pair by position.',
      },
    ]);
  });

  it('rejects a type_uid that does not follow from class and activity', async () => {
    expect(await faults('user-registration', { ...bare, type_uid: 500301 })).toMatchObject([
      {
        code: 'ocsf/type-uid',
        message: 'type_uid is 500301, but class_uid 5003 and activity_id 2 make 500302.',
      },
    ]);
  });
});

describe('times', () => {
  it('rejects seconds', async () => {
    expect(await faults('user-registration', { ...bare, time: 1741752000 })).toMatchObject([
      {
        code: 'ocsf/implausible-time',
        message: 'time is 1741752000, which looks like seconds since 1970; OCSF counts milliseconds.',
        hint: 'Multiply by 1000 in the mapping.',
      },
    ]);
  });

  it.each([-62135596800000, 1741752000000000])('rejects %i, at any depth', async (last_seen_time) => {
    const issues = await faults('device', { ...bareExample('device'), device: { ...device, last_seen_time } });

    expect(issues).toMatchObject([{ code: 'ocsf/implausible-time', pointer: '/device/last_seen_time' }]);
  });

  it.each(['2025-02-31T10:00:00Z', '2025-03-12T25:00:00Z'])('rejects %s, which is in no calendar', async (time_dt) => {
    const issues = await faults(
      'credential-usage',
      { ...bareExample('credential-usage'), time_dt },
      { profiles: ['datetime'] },
    );

    expect(issues).toMatchObject([{ code: 'ocsf/out-of-range', pointer: '/time_dt' }]);
  });

  it('takes a date and time with or without zone', async () => {
    for (const time_dt of ['2025-03-12T10:00:00.123+05:30', '2025-03-12t10:00:00z', '2025-03-12T10:00:00']) {
      const candidate = { ...bareExample('credential-usage'), time_dt };

      expect(await faults('credential-usage', candidate, { profiles: ['datetime'] })).toEqual([]);
    }
  });
});

describe('observables of the mapping', () => {
  it.each([
    [{ name: 'user.colour', type_id: 4, value: 'x' }, 'Observable "user.colour" names no attribute of the class.'],
    [{ name: 'user.email_addr', type_id: 5, value: 'x' }, 'names an attribute that is not in the record.'],
    [
      { name: 'user.name', type_id: 4, value: 'someone else' },
      'has the value "someone else", which is not what stands there.',
    ],
    [
      { name: 'user.name', type_id: 5, value: 'adelev@contoso.example' },
      'has type_id 5; the observable type of that attribute is 4',
    ],
  ])('rejects %j', async (observable, message) => {
    const issues = await faults('user-registration', { ...bare, observables: [observable] });

    expect(issues).toMatchObject([{ code: 'ocsf/observable', pointer: '/observables/0' }]);
    expect(issues[0]?.message).toContain(message);
  });

  it('takes an object without a value, and any way of writing an index', async () => {
    const observables = [
      { name: 'user', type_id: 21 },
      { name: 'user.groups[].name', type_id: 32, value: 'Staff' },
      { name: 'user.groups[1].name', type_id: 32, value: 'Staff' },
    ];
    const groups = [{ name: 'Guests' }, { name: 'Staff' }];

    expect(await faults('user-registration', { ...bare, user: { ...user, groups }, observables })).toEqual([]);
  });
});

describe('what OCSF has deprecated', () => {
  it('is accepted with a warning: an attribute', async () => {
    const outcome = await check('device', { ...bareExample('device'), device: { ...device, imei: '490154203237518' } });

    expect(outcome).toMatchObject({
      kind: 'accepted',
      warnings: [
        {
          code: 'ocsf/deprecated',
          message: 'Attribute device.imei is deprecated since OCSF 1.4.0.',
          pointer: '/device/imei',
        },
      ],
    });
  });

  it('is accepted with a warning: a value of an enumeration', async () => {
    const account = { uid: 'a-1', type_id: 3 };
    const outcome = await check(
      'user-registration',
      { ...bare, user: { ...user, account } },
      { nativeVersion: '1.8.0', targetVersion: '1.8.0' },
    );

    expect(outcome).toMatchObject({
      warnings: [{ message: 'Value 3 of user.account.type_id is deprecated since OCSF 1.6.0.' }],
    });
  });

  it('is accepted with a warning: a class', async () => {
    const candidate = { activity_id: 1, severity_id: 1, query_result_id: 1, user: { uid: 'u-1' } };
    const outcome = await check('credential-usage', candidate, { className: 'user_query' });

    expect(outcome).toMatchObject({
      kind: 'accepted',
      warnings: [{ message: 'Class user_query is deprecated since OCSF 1.5.0.' }],
    });
  });
});

it('warns of a mapping that claims another release than its stream', async () => {
  const outcome = await check('user-registration', { ...bare, metadata: { version: '1.8.0' } });

  expect(outcome).toMatchObject({ record: { metadata: { version: '1.5.0' } }, warnings: [{ code: 'ocsf/version' }] });
});

it('hands the origin on, whether it accepts or rejects', async () => {
  const { origin } = contextOf('user-registration');

  expect(await check('user-registration', bare)).toMatchObject({ kind: 'accepted', origin });
  expect(await check('user-registration', {})).toMatchObject({ kind: 'rejected', origin });
});

it('accepts a whole record as it stands', async () => {
  const whole = example('user-registration');

  expect(await check('user-registration', whole)).toMatchObject({
    kind: 'accepted',
    warnings: [],
    record: { user: whole.user },
  });
});

async function check(name: ExampleName, candidate: unknown, change: Partial<CheckerRequest> = {}): Promise<Outcome> {
  const checker = await createRecordChecker(requestFor(name, change));
  return checker.check(candidate, contextOf(name));
}

async function faults(...given: Parameters<typeof check>): Promise<readonly Issue[]> {
  const outcome = await check(...given);
  return outcome.kind === 'rejected' ? outcome.issues : [];
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Descriptor } from '../../engine/descriptor/descriptor.ts';
import type { JsonObject, JsonValue } from '../../engine/records.ts';
import { defaults, derive, folder, readFeed, rowMapper, runStartedAt } from './entra-mfa-feed.ts';
import * as vendor from './vendor-rows.ts';

const further = [
  'devices-delta',
  'users-delta',
  'sign-ins',
  'mfa-sign-in-summary',
  'authentication-methods-policy',
  'conditional-access-policies',
  'risky-users',
];

let feed: Descriptor;
beforeAll(async () => {
  feed = await readFeed();
});

describe('the descriptor of microsoft-entra-mfa', () => {
  it('names the eight streams of the contract, and seven that are read when asked for', () => {
    expect(feed.streams.slice(0, 8).map(({ name }) => name)).toEqual([
      'user-registration-details',
      'users-registered-by-feature',
      'users-registered-by-method',
      'user-credential-usage-details',
      'credential-user-registration-count',
      'credential-usage-summary',
      'devices',
      'user-events-summary',
    ]);
    expect(feed.streams.slice(8).map((stream) => [stream.name, stream.default])).toEqual(
      further.map((name) => [name, 'off']),
    );
  });

  it('says the eight in at most 160 lines, and each further stream in at most 8', async () => {
    const text = await readFile(join(folder, 'integration.yaml'), 'utf8');
    const [first = '', ...others] = text.trimEnd().split(new RegExp(`\\n(?= {2}(?:${further.join('|')}):)`));

    expect(linesOf(first)).toBeLessThanOrEqual(160);
    expect(others).toHaveLength(further.length);
    expect(others.filter((stream) => linesOf(stream) > 8)).toEqual([]);
  });
});

function linesOf(text: string): number {
  return text.split('\n').length;
}

const sameIn =
  (...paths: string[]) =>
  (value: JsonValue): vendor.Homes =>
    Object.fromEntries(paths.map((path) => [path, value]));

const timeIn =
  (...paths: string[]) =>
  (value: JsonValue): vendor.Homes => {
    if (typeof value !== 'string') throw new Error('the vendor sends times as text');
    // The year 1 is the vendor's "none": it is owed nowhere.
    return value.startsWith('0001-') ? {} : sameIn(...paths)(Date.parse(value.replace(/(\.\d{3})\d+/, '$1')));
  };

const who: vendor.FindHomes = {
  userPrincipalName: sameIn('user.name'),
  userDisplayName: sameIn('user.display_name', 'user.full_name'),
};
const activity: vendor.FindHomes = {
  ...who,
  isSuccess: (value) => (typeof value === 'boolean' ? { status_id: value ? 1 : 2 } : undefined),
  feature: (value) => ({ 'metadata.event_code': value, 'unmapped.feature': value }),
  failureReason: sameIn('status_detail'),
  eventDateTime: timeIn('time'),
};

const cases: { stream: string; rows: vendor.Rows; homes: vendor.FindHomes }[] = [
  {
    stream: 'user-registration-details',
    rows: vendor.registrationDetails,
    homes: {
      ...who,
      id: sameIn('user.uid', 'user.account.uid'),
      isAdmin: (value) => (typeof value === 'boolean' ? { 'user.type_id': value ? 2 : 1 } : undefined),
      isMfaRegistered: sameIn('user.has_mfa'),
      lastUpdatedDateTime: timeIn('time'),
    },
  },
  { stream: 'users-registered-by-feature', rows: vendor.byFeature, homes: {} },
  { stream: 'users-registered-by-method', rows: vendor.byMethod, homes: {} },
  { stream: 'user-credential-usage-details', rows: vendor.usageDetails, homes: activity },
  { stream: 'credential-user-registration-count', rows: vendor.registrationCount, homes: {} },
  { stream: 'credential-usage-summary', rows: vendor.usageSummary, homes: {} },
  {
    stream: 'devices',
    rows: vendor.devices,
    homes: {
      id: (value, row) => ({ [isEmpty(row.deviceId) ? 'device.uid' : 'device.uid_alt']: value }),
      deviceId: sameIn('device.uid'),
      displayName: sameIn('device.name'),
      domainName: sameIn('device.domain'),
      operatingSystem: sameIn('device.os.name'),
      operatingSystemVersion: (value, row) =>
        isEmpty(row.operatingSystem) ? undefined : { 'device.os.version': value },
      manufacturer: sameIn('device.vendor_name', 'device.hw_info.vendor_name'),
      model: sameIn('device.model'),
      isManaged: sameIn('device.is_managed'),
      isCompliant: sameIn('device.is_compliant'),
      deviceOwnership: (value) =>
        value === 'personal' || value === 'company' ? { 'device.is_personal': value === 'personal' } : undefined,
      registrationDateTime: timeIn('device.first_seen_time'),
      createdDateTime: timeIn('device.created_time'),
      approximateLastSignInDateTime: timeIn('device.last_seen_time'),
    },
  },
  {
    stream: 'user-events-summary',
    rows: vendor.userEvents,
    homes: { ...activity, id: sameIn('user.uid', 'user.account.uid') },
  },
];

describe.each(cases)('a row of $stream', ({ stream, rows, homes }) => {
  it('becomes a valid record that keeps every value the source gave', async () => {
    const map = await rowMapper(feed, stream);

    await fc.assert(
      fc.asyncProperty(rows, async (row) => {
        const outcome = await map(row);

        expect(outcome).toMatchObject({ kind: 'accepted', warnings: [] });
        if (outcome.kind === 'accepted') expect(lost(row, outcome.record, homes)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the words for methods', () => {
  const factors: [number, string[]][] = [
    [1, ['mobilePhone', 'sms', 'mobileSMS']],
    [2, ['securityQuestion']],
    [3, ['alternateMobilePhone', 'officePhone', 'mobileCall', 'alternateMobileCall', 'voiceMobile', 'voiceOffice']],
    [5, ['appNotification', 'microsoftAuthenticatorPush', 'push', 'microsoftAuthenticatorPasswordless']],
    [6, ['hardwareOneTimePasscode']],
    [7, ['appCode', 'softwareOneTimePasscode', 'oneTimePasscode', 'oath']],
    [8, ['email']],
    [10, ['fido', 'fido2', 'fido2SecurityKey', 'passKeyDeviceBound', 'passKeyDeviceBoundAuthenticator']],
    [10, ['passKeyDeviceBoundWindowsHello', 'passKeySynced', 'windowsHelloForBusiness', 'macOsSecureEnclaveKey']],
    [11, ['appPassword', 'password']],
    [99, ['temporaryAccessPass', 'qrCode', 'qrCodePin', 'externalAuthMethod', 'certificateBasedAuthentication']],
  ];
  const words = factors.flatMap(([id, ofId]) => ofId.map((word) => ({ word, id })));

  it.each(words)('$word is factor $id, in every stream that has it', async ({ word, id }) => {
    const who = { id: 'u-1', userPrincipalName: 'nora.quist@fabrikam.example' };
    const expected = [expect.objectContaining({ factor_type_id: id, source_method: word })];

    expect(await factorsOf('user-registration-details', { ...who, methodsRegistered: [word] })).toEqual(expected);
    expect(await factorsOf('user-credential-usage-details', { ...who, authMethod: word })).toEqual(expected);
    expect(await factorsOf('user-events-summary', { ...who, authMethod: word })).toEqual(expected);
  });

  it('"none" is no factor', async () => {
    const who = { id: 'u-1', userPrincipalName: 'nora.quist@fabrikam.example' };

    expect(await factorsOf('user-registration-details', { ...who, methodsRegistered: ['none'] })).toBeUndefined();
    expect(await factorsOf('user-events-summary', { ...who, authMethod: 'none' })).toBeUndefined();
  });

  async function factorsOf(stream: string, row: JsonObject): Promise<JsonValue | undefined> {
    const outcome = await (await rowMapper(feed, stream))(row);
    return outcome.kind === 'accepted' ? at(outcome.record, 'enrichments.0.data.auth_factors') : 'rejected';
  }
});

describe('figures derived from registration details', () => {
  const choices = fc.record({
    includedUserTypes: fc.constantFrom('all', 'member', 'guest'),
    includedUserRoles: fc.constantFrom('all', 'admin', 'user'),
  });
  const users = fc.array(vendor.registrationDetails, { maxLength: 30 });

  it('count each feature as a plain count does', () =>
    property(async (rows, chosen) => {
      const features = {
        ssprRegistered: 'isSsprRegistered',
        ssprEnabled: 'isSsprEnabled',
        ssprCapable: 'isSsprCapable',
        passwordlessCapable: 'isPasswordlessCapable',
        mfaCapable: 'isMfaCapable',
      };

      const derived = await derive(feed, 'users-registered-by-feature', rows, { ...defaults, ...chosen });

      const counted = rows.filter((row) => isCounted(row, chosen));
      expect(plain(derived)).toEqual([
        {
          totalUserCount: counted.length,
          userTypes: chosen.includedUserTypes,
          userRoles: chosen.includedUserRoles,
          userRegistrationFeatureCounts: Object.entries(features).map(([feature, field]) => ({
            feature,
            userCount: howMany(counted, (row) => row[field] === true),
          })),
        },
      ]);
    }));

  it('count each method as a plain count does, the most used first', () =>
    property(async (rows, chosen) => {
      const derived = await derive(feed, 'users-registered-by-method', rows, { ...defaults, ...chosen });

      const counted = rows.filter((row) => isCounted(row, chosen));
      const methods = [...new Set(counted.flatMap(methodsOf))];
      const counts = methods.map((authenticationMethod) => ({
        authenticationMethod,
        userCount: howMany(counted, (row) => methodsOf(row).includes(authenticationMethod)),
      }));
      expect(plain(derived)).toEqual([
        {
          totalUserCount: counted.length,
          userTypes: chosen.includedUserTypes,
          userRoles: chosen.includedUserRoles,
          userRegistrationMethodCounts: counts.sort(
            (a, b) => b.userCount - a.userCount || (a.authenticationMethod < b.authenticationMethod ? -1 : 1),
          ),
        },
      ]);
    }));

  it('count each credential status as a plain count does', () =>
    property(async (rows) => {
      const statuses = {
        registered: 'isSsprRegistered',
        enabled: 'isSsprEnabled',
        capable: 'isSsprCapable',
        mfaRegistered: 'isMfaRegistered',
      };

      const derived = await derive(feed, 'credential-user-registration-count', rows, defaults);

      expect(plain(derived)).toEqual([
        {
          totalUserCount: rows.length,
          userRegistrationCounts: Object.entries(statuses).map(([registrationStatus, field]) => ({
            registrationStatus,
            registrationCount: howMany(rows, (row) => row[field] === true),
          })),
        },
      ]);
    }));

  it('cannot be had for privileged administrators, whom no row tells', async () => {
    const connection = { ...defaults, includedUserRoles: 'privilegedAdmin' };

    expect(await derive(feed, 'users-registered-by-feature', [], connection)).toBeUndefined();
    expect(await derive(feed, 'users-registered-by-method', [], connection)).toBeUndefined();
  });

  function property(check: (rows: JsonObject[], chosen: Choice) => Promise<void>): Promise<void> {
    return fc.assert(fc.asyncProperty(users, choices, check), { numRuns: 50 });
  }
});

describe('the usage summary derived from user events', () => {
  it('counts successes and failures of each feature and method within the period', async () => {
    const periods = fc.constantFrom({ period: 'D1', days: 1 }, { period: 'D7', days: 7 }, { period: 'D30', days: 30 });
    const recent = fc.integer({ min: 0, max: 40 * 24 }).map((hours) => hoursBefore(hours));
    const events = fc.array(
      fc.tuple(vendor.userEvents, recent).map(([row, eventDateTime]) => ({ ...row, eventDateTime })),
    );

    await fc.assert(
      fc.asyncProperty(events, periods, async (rows, { period, days }) => {
        const derived = await derive(feed, 'credential-usage-summary', rows, { ...defaults, period });

        const counted = rows.filter(({ eventDateTime }) => eventDateTime >= hoursBefore(days * 24));
        expect(asSet(derived)).toEqual(asSet(summaries(counted)));
      }),
      { numRuns: 50 },
    );
  });

  function summaries(rows: readonly JsonObject[]): JsonObject[] {
    const groups = new Map(
      rows.map(({ feature = null, authMethod = null }) => [
        JSON.stringify([feature, authMethod]),
        { feature, authMethod },
      ]),
    );
    return [...groups].map(([key, group]) => {
      const ofGroup = rows.filter(
        ({ feature = null, authMethod = null }) => JSON.stringify([feature, authMethod]) === key,
      );
      return {
        ...group,
        successfulActivityCount: howMany(ofGroup, ({ isSuccess }) => isSuccess === true),
        failureActivityCount: howMany(ofGroup, ({ isSuccess }) => isSuccess === false),
      };
    });
  }

  function hoursBefore(hours: number): string {
    return new Date(runStartedAt.getTime() - hours * 3_600_000).toISOString();
  }

  function asSet(values: readonly unknown[] | undefined): ReadonlySet<string> {
    return new Set(values?.map((value) => JSON.stringify(value)));
  }
});

type Choice = { readonly includedUserTypes: string; readonly includedUserRoles: string };

function isCounted(row: JsonObject, { includedUserTypes, includedUserRoles }: Choice): boolean {
  const typeFits = includedUserTypes === 'all' || row.userType === includedUserTypes;
  const roleFits = includedUserRoles === 'all' || row.isAdmin === (includedUserRoles === 'admin');
  return typeFits && roleFits;
}

function methodsOf({ methodsRegistered }: JsonObject): string[] {
  const methods = Array.isArray(methodsRegistered) ? methodsRegistered : [];
  return methods.filter((method) => typeof method === 'string').filter((method) => method !== '');
}

function howMany(rows: readonly JsonObject[], fits: (row: JsonObject) => boolean): number {
  return rows.filter(fits).length;
}

/** What JSONata made, without the extra properties of its arrays. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The fields of a row that are not found where they belong: every value counts that is neither null nor empty. */
function lost(row: JsonObject, record: JsonObject, homes: vendor.FindHomes): string[] {
  return Object.entries(row).flatMap(([field, value]) => {
    const owed = withoutEmpties(value);
    if (owed === undefined) return [];
    const found = Object.hasOwn(homes, field) ? homes[field]?.(value, row) : undefined;
    if (found === undefined) {
      const unmapped = record.unmapped as JsonObject | undefined; // OCSF says it is an object, and the record was checked
      const kept = unmapped !== undefined && Object.hasOwn(unmapped, field) ? unmapped[field] : undefined;
      return isSame(kept, owed) ? [] : [`${field} is not in unmapped: ${JSON.stringify(kept)}`];
    }
    return Object.entries(found)
      .filter(([path, expected]) => !isSame(at(record, path), expected))
      .map(([path]) => `${field} is not at ${path}: ${JSON.stringify(at(record, path))}`);
  });
}

/** Key order aside, which no JSON reader may rely on. */
function isSame(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: JsonValue | undefined): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, inner]) => [key, sorted(inner)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}

function at(record: JsonValue, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = record;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : value[step];
  }
  return value;
}

function isEmpty(value: JsonValue | undefined): boolean {
  return value === undefined || withoutEmpties(value) === undefined;
}

function withoutEmpties(value: JsonValue): JsonValue | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = withoutEmpties(inner);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  if (entries.length === 0) return undefined;
  return Array.isArray(value) ? entries.map(([, kept]) => kept) : Object.fromEntries(entries);
}

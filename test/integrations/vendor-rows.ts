import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../engine/records.ts';

/** Rows as the vendor may send them: its fields, present or not, its enums with every surprise, and fields it has yet to invent. */
export type Rows = fc.Arbitrary<JsonObject>;

/** Where in the OCSF record a value must be found: dotted path → what stands there. `undefined`: in `unmapped`, as sent. */
export type Homes = { readonly [path: string]: JsonValue } | undefined;
export type FindHomes = { readonly [field: string]: (value: JsonValue, row: JsonObject) => Homes };

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const nullableText = fc.oneof(text, fc.constantFrom(null, ''));
const flag = fc.boolean();
const nullableFlag = fc.constantFrom(true, false, null);
const count = fc.maxSafeNat();
const principalName = fc
  .tuple(
    fc.stringMatching(/^[a-z.]{1,12}(#EXT#)?$/),
    fc.constantFrom('@fabrikam.example', '@mail.fabrikam.example', ''),
  )
  .map(([name, suffix]) => name + suffix);

/** Times from 1990 to 2090 with 0 to 7 decimals, and the vendor's way to say "none". */
const time = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(fc.integer({ min: 631_152_000, max: 3_786_912_000 }), fc.stringMatching(/^\d{0,7}$/))
      .map(isoTime),
  },
  { weight: 1, arbitrary: fc.constant('0001-01-01T00:00:00Z') },
);
const nullableTime = fc.oneof(time, fc.constantFrom(null, ''));

function isoTime([seconds, decimals]: [number, string]): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', decimals === '' ? 'Z' : `.${decimals}Z`);
}

function word(...known: string[]): fc.Arbitrary<JsonValue> {
  return fc.oneof(fc.constantFrom(...known), fc.constantFrom(null, '', 'unknownFutureValue', 'none', 'toString'), text);
}

const method = word(
  ...['email', 'securityQuestion', 'mobilePhone', 'mobileSMS', 'officePhone', 'microsoftAuthenticatorPush', 'qrCode'],
  ...['softwareOneTimePasscode', 'hardwareOneTimePasscode', 'windowsHelloForBusiness', 'passKeySynced', 'password'],
);
const secondFactor = word('push', 'oath', 'sms', 'voiceMobile', 'voiceAlternateMobile', 'voiceOffice');

/** Every known field may be missing but the `required`; unknown fields of any JSON stand between them. */
function rows(fields: { [field: string]: fc.Arbitrary<JsonValue> }, required: string[] = []): Rows {
  const reserved = new Set([...Object.keys(fields), 'Manufacturer', 'Model', 'alternativeSecurityIds', 'hostNames']);
  const unknownName = fc.string({ minLength: 1 }).filter((name) => !reserved.has(name) && !name.startsWith('@odata.'));
  const unknown = fc.dictionary(unknownName, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
  const known = fc.record(fields, { requiredKeys: required });
  // Through JSON and back, as it would come over the wire: no -0, no odd prototypes.
  return fc
    .tuple(known, unknown)
    .map(([ours, theirs]) => JSON.parse(JSON.stringify({ ...theirs, ...ours })) as JsonObject); // made of JSON
}

export const registrationDetails = rows(
  {
    id: fc.uuid(),
    userPrincipalName: principalName,
    userDisplayName: nullableText,
    userType: word('member', 'guest'),
    isAdmin: fc.oneof(nullableFlag, text),
    isMfaRegistered: nullableFlag,
    isMfaCapable: flag,
    isPasswordlessCapable: flag,
    isSsprRegistered: flag,
    isSsprEnabled: flag,
    isSsprCapable: flag,
    methodsRegistered: fc.oneof(fc.array(method), fc.constant(null)),
    isSystemPreferredAuthenticationMethodEnabled: nullableFlag,
    systemPreferredAuthenticationMethods: fc.array(secondFactor),
    userPreferredMethodForSecondaryAuthentication: secondFactor,
    defaultMfaMethod: method,
    lastUpdatedDateTime: nullableTime,
  },
  ['id'],
);

const usage = {
  id: fc.uuid(),
  feature: word('registration', 'reset'),
  userPrincipalName: principalName,
  userDisplayName: nullableText,
  isSuccess: fc.oneof(nullableFlag, text),
  authMethod: method,
  failureReason: nullableText,
  eventDateTime: nullableTime,
};
export const usageDetails = rows(usage, ['userPrincipalName']);
export const userEvents = rows(usage, ['id']);

export const devices = rows(
  {
    id: fc.uuid(),
    deviceId: fc.oneof(fc.uuid(), fc.constantFrom(null, '')),
    displayName: fc.oneof(nullableText, fc.domain()),
    domainName: nullableText,
    accountEnabled: nullableFlag,
    operatingSystem: word('Windows', 'Windows Phone', 'Linux', 'Android', 'MacMDM', 'iOS', 'IPad', 'Unknown'),
    operatingSystemVersion: fc.oneof(nullableText, fc.constant('10.0.26100.1')),
    trustType: word('Workplace', 'AzureAd', 'ServerAd'),
    profileType: word('RegisteredDevice', 'SecureVM', 'Printer', 'Shared', 'IoT'),
    deviceOwnership: word('unknown', 'company', 'personal'),
    managementType: word('mdm', 'eas'),
    isCompliant: nullableFlag,
    isManaged: nullableFlag,
    isRooted: nullableFlag,
    manufacturer: nullableText,
    model: fc.oneof(nullableText, fc.constantFrom('Virtual Machine', 'iPad11,6')),
    registrationDateTime: nullableTime,
    createdDateTime: nullableTime,
    approximateLastSignInDateTime: nullableTime,
    onPremisesLastSyncDateTime: nullableTime,
    physicalIds: fc.array(text),
    hostnames: fc.array(fc.domain()),
    extensionAttributes: fc.dictionary(fc.stringMatching(/^extensionAttribute\d$/), nullableText),
  },
  ['id'],
);

function countsBy(field: string, kind: fc.Arbitrary<JsonValue>, countField: string): fc.Arbitrary<JsonValue> {
  return fc.array(fc.record({ [field]: kind, [countField]: count }));
}

const scope = {
  totalUserCount: fc.oneof(count, fc.constant(null)),
  userTypes: word('all', 'member'),
  userRoles: word('all', 'admin'),
};
export const byFeature = rows({
  ...scope,
  userRegistrationFeatureCounts: countsBy('feature', word('ssprRegistered', 'mfaCapable'), 'userCount'),
});
export const byMethod = rows({
  ...scope,
  userRegistrationMethodCounts: countsBy('authenticationMethod', method, 'userCount'),
});
export const registrationCount = rows({
  id: fc.uuid(),
  totalUserCount: fc.oneof(count, fc.constant(null)),
  userRegistrationCounts: fc.oneof(
    countsBy('registrationStatus', word('registered', 'mfaRegistered'), 'registrationCount'),
    countsBy('userRegistrationStatus', word('registered', 'mfaRegistered'), 'userRegistationCount'),
  ),
});
export const usageSummary = rows({
  id: fc.uuid(),
  feature: word('registration', 'reset'),
  authMethod: method,
  successfulActivityCount: fc.oneof(count, fc.nat(), fc.constant(null)),
  failureActivityCount: fc.oneof(count, fc.nat(), fc.constant(null)),
});

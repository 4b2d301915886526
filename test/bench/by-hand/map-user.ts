import type { UserRow } from '../rows.ts';

/** What a mapping is told beside the row. */
export type Surroundings = {
  readonly connection: { readonly tenantId: string; readonly graphUrl: string };
  readonly stream: { readonly apiVersion: string; readonly path: string };
};

/** `user-registration-details.jsonata` as an engineer would write it: the same JSON, key for key. */
export function mapUser(row: UserRow, { connection, stream }: Surroundings) {
  const { id, userPrincipalName: name, isMfaRegistered } = row;
  const refreshed = toTime(row.lastUpdatedDateTime);
  const chosen = row.userPreferredMethodForSecondaryAuthentication;
  const standard =
    row.defaultMfaMethod || (chosen !== undefined && chosen !== null ? chosenMethods.get(chosen) : undefined);
  const factors = [];
  for (const method of row.methodsRegistered ?? []) {
    if (method !== null && method !== '' && method !== 'none') factors.push(factorOf(method, standard));
  }
  const facts = {
    is_mfa_registered: isMfaRegistered,
    is_mfa_capable: row.isMfaCapable,
    is_passwordless_capable: row.isPasswordlessCapable,
    auth_factors: factors,
  };
  const isAnyKnown =
    isSaid(isMfaRegistered) || isSaid(row.isMfaCapable) || isSaid(row.isPasswordlessCapable) || factors.length > 0;
  const state =
    isMfaRegistered === true
      ? ' is registered for MFA'
      : isMfaRegistered === false
        ? ' is not registered for MFA'
        : ' is in the registration report';
  return {
    activity_id: 2,
    severity_id: 1,
    status_id: 1,
    time: refreshed,
    timezone_offset: refreshed === undefined ? undefined : 0,
    message: (name || id || 'A user') + state,
    metadata: { original_time: refreshed === undefined ? undefined : row.lastUpdatedDateTime },
    cloud: { provider: 'Azure', account: { uid: connection.tenantId, type_id: 17 } },
    user: {
      uid: id,
      name,
      display_name: row.userDisplayName,
      full_name: row.userDisplayName,
      domain: name?.includes('@') === true ? name.slice(name.lastIndexOf('@') + 1) : undefined,
      type_id: row.isAdmin === true ? 2 : row.isAdmin === false ? 1 : undefined,
      has_mfa: isMfaRegistered,
      account: { uid: id, name, type_id: 6 },
      org: { uid: connection.tenantId },
    },
    enrichments:
      id && isAnyKnown
        ? [
            {
              name: 'user.uid',
              value: id,
              type: 'authentication_methods',
              provider: 'Microsoft Entra ID',
              short_desc: 'Registered authentication methods',
              created_time: refreshed,
              src_url: `${connection.graphUrl}/${stream.apiVersion}/${stream.path}`,
              data: facts,
            },
          ]
        : [],
    unmapped: unmappedOf(row),
  };
}

/** Milliseconds; what is no time goes on as it is. */
export function toTime(text: string | null | undefined): number | string | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  if (!isTime.test(text)) return text;
  return text.startsWith('0001-') ? undefined : Date.parse(text);
}

export function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}

const isTime = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?Z$/;

function factorOf(method: string, standard: string | readonly string[] | undefined) {
  const factor = factors.get(method);
  return {
    factor_type_id: factor?.id ?? 99,
    factor_type: factor?.caption ?? method,
    is_totp: factor?.id === 7 || factor?.id === 6 ? true : undefined,
    source_method: method,
    is_default: isStandard(method, standard) ? true : undefined,
  };
}

function isStandard(method: string, standard: string | readonly string[] | undefined): boolean {
  return typeof standard === 'string' ? method === standard : standard?.includes(method) === true;
}

function unmappedOf(row: UserRow): Record<string, unknown> | undefined {
  const rest: Record<string, unknown> = {};
  let isEmpty = true;
  for (const [field, value] of Object.entries(row)) {
    if (mapped.has(field) || (field === 'isAdmin' && typeof value === 'boolean')) continue;
    rest[field] = value;
    isEmpty = false;
  }
  return isEmpty ? undefined : rest;
}

const mapped = new Set(['id', 'userPrincipalName', 'userDisplayName', 'isMfaRegistered', 'lastUpdatedDateTime']);

const chosenMethods: ReadonlyMap<string, string | readonly string[]> = new Map<string, string | readonly string[]>([
  ['push', 'microsoftAuthenticatorPush'],
  ['oath', ['softwareOneTimePasscode', 'hardwareOneTimePasscode']],
  ['sms', 'mobilePhone'],
  ['voiceMobile', 'mobilePhone'],
  ['voiceAlternateMobile', 'alternateMobilePhone'],
  ['voiceOffice', 'officePhone'],
]);

const methodsByFactor: readonly (readonly [id: number, caption: string, methods: readonly string[]])[] = [
  [1, 'SMS', ['mobilePhone', 'mobileSMS', 'sms']],
  [2, 'Security Question', ['securityQuestion']],
  [
    3,
    'Phone Call',
    [
      ...['alternateMobilePhone', 'officePhone', 'mobileCall', 'alternateMobileCall'],
      ...['voiceMobile', 'voiceAlternateMobile', 'voiceOffice'],
    ],
  ],
  [
    5,
    'Push Notification',
    ['appNotification', 'push', 'microsoftAuthenticatorPush', 'microsoftAuthenticatorPasswordless'],
  ],
  [6, 'Hardware Token', ['hardwareOneTimePasscode']],
  [7, 'OTP', ['appCode', 'softwareOneTimePasscode', 'oneTimePasscode', 'oath']],
  [8, 'Email', ['email']],
  [
    10,
    'WebAuthn',
    [
      ...['fido', 'fido2', 'fido2SecurityKey', 'passKeyDeviceBound', 'passKeyDeviceBoundAuthenticator'],
      ...['passKeyDeviceBoundWindowsHello', 'passKeySynced', 'windowsHelloForBusiness', 'macOsSecureEnclaveKey'],
    ],
  ],
  [11, 'Password', ['appPassword', 'password']],
];

const factors: ReadonlyMap<string, { readonly id: number; readonly caption: string }> = new Map(
  methodsByFactor.flatMap(([id, caption, methods]) => methods.map((method) => [method, { id, caption }] as const)),
);

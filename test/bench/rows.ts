/** A row as Microsoft Graph lists it under `authenticationMethods/userRegistrationDetails`, v1.0. */
export type UserRow = {
  id?: string | null;
  userPrincipalName?: string | null;
  userDisplayName?: string | null;
  userType?: string | null;
  isAdmin?: boolean | null;
  isSsprRegistered?: boolean | null;
  isSsprEnabled?: boolean | null;
  isSsprCapable?: boolean | null;
  isMfaRegistered?: boolean | null;
  isMfaCapable?: boolean | null;
  isPasswordlessCapable?: boolean | null;
  methodsRegistered?: (string | null)[] | null;
  isSystemPreferredAuthenticationMethodEnabled?: boolean | null;
  systemPreferredAuthenticationMethods?: string[] | null;
  userPreferredMethodForSecondaryAuthentication?: string | null;
  defaultMfaMethod?: string | null;
  lastUpdatedDateTime?: string | null;
};

/** A row as Microsoft Graph lists it under `devices`, v1.0. */
export type DeviceRow = {
  id?: string | null;
  deviceId?: string | null;
  displayName?: string | null;
  accountEnabled?: boolean | null;
  operatingSystem?: string | null;
  operatingSystemVersion?: string | null;
  trustType?: string | null;
  profileType?: string | null;
  managementType?: string | null;
  deviceOwnership?: string | null;
  isCompliant?: boolean | null;
  isManaged?: boolean | null;
  isRooted?: boolean | null;
  manufacturer?: string | null;
  Manufacturer?: string | null;
  model?: string | null;
  Model?: string | null;
  domainName?: string | null;
  registrationDateTime?: string | null;
  approximateLastSignInDateTime?: string | null;
  createdDateTime?: string | null;
  physicalIds?: string[] | null;
  systemLabels?: string[] | null;
  hostnames?: (string | null)[] | null;
  hostNames?: (string | null)[] | null;
};

/** Rows of a well-kept directory differ in every field that the mapping looks at. The same number gives the same row. */
export function userRow(number: number): UserRow {
  const draw = drawFrom(number);
  const name = `${draw.of(firstNames)}.${draw.of(lastNames)}.${number}`;
  const methods = methodsOfUser.filter(() => draw.below(4) === 0);
  const isRegistered = methods.length > 0;
  return {
    id: uuid(number, draw),
    userPrincipalName: `${name}@${draw.of(domains)}`,
    userDisplayName: name.replaceAll('.', ' '),
    userType: draw.below(10) === 0 ? 'guest' : 'member',
    isAdmin: draw.below(20) === 0,
    isSsprRegistered: isRegistered,
    isSsprEnabled: draw.below(3) > 0,
    isSsprCapable: isRegistered && draw.below(2) === 0,
    isMfaRegistered: isRegistered,
    isMfaCapable: isRegistered,
    isPasswordlessCapable: methods.includes('windowsHelloForBusiness'),
    methodsRegistered: methods,
    isSystemPreferredAuthenticationMethodEnabled: draw.below(2) === 0,
    systemPreferredAuthenticationMethods: isRegistered ? [draw.of(preferred)] : [],
    userPreferredMethodForSecondaryAuthentication: isRegistered ? draw.of(preferred) : 'none',
    lastUpdatedDateTime: instant(draw),
  };
}

export function deviceRow(number: number): DeviceRow {
  const draw = drawFrom(number);
  const name = `LARK-${draw.of(['LT', 'WS', 'PH'])}-${number}`;
  const [operatingSystem, operatingSystemVersion] = draw.of(systems);
  return {
    id: uuid(number, draw),
    deviceId: uuid(number, draw),
    displayName: name,
    accountEnabled: draw.below(20) > 0,
    operatingSystem,
    operatingSystemVersion,
    trustType: draw.of(['AzureAd', 'ServerAd', 'Workplace']),
    profileType: draw.of(['RegisteredDevice', 'RegisteredDevice', 'SecureVM', 'Printer', 'Shared', 'IoT']),
    managementType: draw.of(['mdm', 'eas', 'unknown']),
    deviceOwnership: draw.of(['company', 'personal', 'unknown']),
    isCompliant: draw.below(3) > 0,
    isManaged: draw.below(3) > 0,
    isRooted: false,
    manufacturer: draw.of(['Northwind', 'Larkfield Computers']),
    model: draw.of(['Fjord 3', 'Virtual Machine', 'iPad Air']),
    domainName: draw.of(domains),
    registrationDateTime: instant(draw),
    approximateLastSignInDateTime: instant(draw),
    createdDateTime: instant(draw),
    physicalIds: [`[USER-GID]:${uuid(number, draw)}:6966518641169130`],
    systemLabels: draw.below(2) === 0 ? ['M365Managed'] : [],
    ...(draw.below(2) === 0 && { hostnames: [`${name.toLowerCase()}.${draw.of(domains)}`] }),
  };
}

/** The same row with one field in four gone, null, empty, or unlike what the vendor documents. */
export function soiled<Row extends object>(row: Row, number: number): Row {
  const draw = drawFrom(number + 7);
  const fields = Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
    const fate = draw.below(20);
    if (fate === 0) return [];
    if (fate === 1) return [[name, null]];
    if (fate === 2) return [[name, Array.isArray(value) ? [] : '']];
    if (fate === 3 && name.endsWith('Time')) return [[name, draw.of(['0001-01-01T00:00:00Z', 'yesterday'])]];
    if (fate === 4 && Array.isArray(value)) return [[name, [null, '', 'none', 'methodNobodyKnows']]];
    if (fate === 5 && name.startsWith('m')) return [[name.replace(/^./, (first) => first.toUpperCase()), value]];
    return [[name, value]];
  });
  return Object.fromEntries(fields) as Row; // every field of a row may be missing or null
}

const firstNames = ['ines', 'tomas', 'aiko', 'wren', 'omar', 'freya', 'zoltán', 'lin'];
const lastNames = ['iyer', 'okafor', 'lindqvist', 'sato', 'moreau', "o'hara", 'nowak'];
const domains = ['larkfield.example', 'emea.larkfield.example', 'northwind.example'];
const methodsOfUser = [
  ...['mobilePhone', 'email', 'microsoftAuthenticatorPush', 'softwareOneTimePasscode', 'hardwareOneTimePasscode'],
  ...['windowsHelloForBusiness', 'fido2', 'passKeyDeviceBound', 'officePhone', 'securityQuestion', 'quantumBadge'],
];
const preferred = ['push', 'oath', 'voiceMobile', 'voiceOffice', 'sms'];
const systems: readonly (readonly [string, string])[] = [
  ['Windows', '10.0.26100.1'],
  ['Windows Phone', '8.1'],
  ['IPad', '18.2'],
  ['iOS', '18.1.1'],
  ['AndroidEnterprise', '15'],
  ['MacMDM', '15.3'],
  ['Linux', '24.04'],
  ['Unknown', '1'],
  ['TempleOS', '5.03'],
];

type Draw = { below(limit: number): number; of<Item>(items: readonly Item[]): Item };

/** A linear congruential generator, which is random enough for rows. @see Numerical Recipes, its constants */
function drawFrom(seed: number): Draw {
  let state = (seed * 2654435761) >>> 0;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {
    below,
    of<Item>(items: readonly Item[]): Item {
      return items[below(items.length)] as Item; // the index is one of the list
    },
  };
}

function uuid(number: number, draw: Draw): string {
  const hex = (length: number): string =>
    draw
      .below(16 ** length)
      .toString(16)
      .padStart(length, '0');
  return `${number.toString(16).padStart(8, '0')}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`;
}

/** Seven decimals, as the vendor writes them. */
function instant(draw: Draw): string {
  const time = new Date(Date.UTC(2026, 0, 1) + draw.below(300 * 86_400_000)).toISOString();
  return time.replace('Z', `${String(draw.below(10_000)).padStart(4, '0')}Z`);
}

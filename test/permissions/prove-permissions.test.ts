import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Issue, type Places, validateIntegration } from '../../engine/index.ts';
import {
  changedIntegration,
  peopleMapping,
  scratchIntegration,
  shippedPlaces,
} from '../support/scratch-integration.ts';

type Fault = {
  /** YAML of `permissions` and whatever else stands before the streams. */
  readonly permissions?: string;
  readonly defaults?: string;
  /** Keys of the only stream, flow or block, each on a line of its own. */
  readonly stream: readonly string[];
  readonly baseUrl?: string;
  readonly catalogue?: string;
};

function descriptor({
  permissions = '',
  defaults,
  stream,
  baseUrl = '{url}/v1.0',
  catalogue = 'microsoft-graph',
}: Fault): string {
  return `formatVersion: 1
name: acme
title: Acme Directory
summary: People of the invented Acme Directory.
product: { vendorName: Acme, name: Acme Directory }
ocsf: { version: 1.5.0 }
connection: { required: [url], properties: { url: { title: Address, format: base-url } } }
baseUrl: "${baseUrl}"
auth: { kind: none }
vendorCatalogue: ${catalogue}
permissions:${permissions === '' ? ' {}' : `\n${permissions}`}
${defaults === undefined ? '' : `defaults: ${defaults}\n`}streams:
  people:
    summary: One record a person.
    class: user_inventory
${stream.map((line) => `    ${line}\n`).join('')}`;
}

async function acme(fault: Fault): Promise<Places> {
  return scratchIntegration('acme', {
    'integration.yaml': descriptor(fault),
    'mappings/people.jsonata': peopleMapping,
  });
}

/** `severity code line:column the text there`, in the order found; only what concerns permissions. */
async function found(fault: Fault): Promise<string[]> {
  const { issues } = await validateIntegration(await acme(fault), 'acme');
  const lines = descriptor(fault).split('\n');
  return issues
    .filter(({ code }) => code.startsWith('permissions/') || code === 'descriptor/unknown-reference')
    .map(({ severity, code, at }) => {
      const marked = lines[(at?.line ?? 0) - 1]?.slice((at?.column ?? 0) - 1).slice(0, at?.length);
      return `${severity} ${code} ${at?.line}:${at?.column} ${marked}`;
    });
}

async function issue(fault: Fault): Promise<Issue | undefined> {
  const { issues } = await validateIntegration(await acme(fault), 'acme');
  return issues[0];
}

const may = (...names: string[]) => names.map((name) => `  ${name}: { why: Opens it. }`).join('\n');

const faults: [name: string, fault: Fault, expected: string[]][] = [
  [
    'a larger permission than the least',
    { permissions: may('Directory.Read.All'), stream: ['path: /devices', 'permissions: [Directory.Read.All]'] },
    ['warning permissions/not-least 18:19 Directory.Read.All'],
  ],
  [
    'a permission that writes though one that reads is enough',
    {
      permissions: may('Device.ReadWrite.All'),
      stream: ['path: /devices', 'permissions:', '  - Device.ReadWrite.All'],
    },
    ['warning permissions/not-least 19:9 Device.ReadWrite.All'],
  ],
  [
    'a permission of another path',
    { permissions: may('Device.Read.All'), stream: ['path: /auditLogs/signIns', 'permissions: [Device.Read.All]'] },
    ['error permissions/does-not-open 18:19 Device.Read.All'],
  ],
  [
    'a mistyped permission',
    { permissions: may('Device.Read.Al'), stream: ['path: /devices', 'permissions: [Device.Read.Al]'] },
    ['error permissions/does-not-open 18:19 Device.Read.Al'],
  ],
  [
    'a permission inherited from the defaults, where it is written',
    {
      permissions: may('Device.Read.All'),
      defaults: '{ permissions: [Device.Read.All] }',
      stream: ['path: /auditLogs/signIns'],
    },
    ['error permissions/does-not-open 13:27 Device.Read.All'],
  ],
  [
    'a second permission beside one that is enough',
    {
      permissions: may('Device.Read.All', 'Directory.Read.All'),
      stream: ['path: /devices', 'permissions: [Directory.Read.All, Device.Read.All]'],
    },
    ['warning permissions/beyond-need 19:19 Directory.Read.All'],
  ],
  [
    'a second permission that opens something else',
    {
      permissions: may('Device.Read.All', 'Mail.Read'),
      stream: ['path: /devices', 'permissions: [Device.Read.All, Mail.Read]'],
    },
    ['warning permissions/beyond-need 19:36 Mail.Read'],
  ],
  [
    'two permissions, neither of them the least',
    {
      permissions: may('Directory.Read.All', 'Directory.ReadWrite.All'),
      stream: ['path: /devices', 'permissions: [Directory.Read.All, Directory.ReadWrite.All]'],
    },
    [
      'warning permissions/not-least 19:19 Directory.Read.All',
      'warning permissions/beyond-need 19:39 Directory.ReadWrite.All',
    ],
  ],
  [
    'a path that no app-only token can read',
    {
      permissions: may('AuditLog.Read.All'),
      stream: ['path: /reports/authenticationMethods/usersRegisteredByMethod', 'permissions: [AuditLog.Read.All]'],
    },
    ['error permissions/delegated-only 17:11 /reports/authenticationMethods/usersRegisteredByMethod'],
  ],
  [
    'a grant that asks for less than the vendor gives',
    {
      permissions: may('Device.Read.All'),
      stream: ['path: /devices', 'grant: delegated', 'permissions: [Device.Read.All]'],
    },
    ['warning permissions/app-only-allowed 18:12 delegated'],
  ],
  [
    'a permission of a signed-in user that does not open the path to one',
    {
      permissions: may('Device.Read.All'),
      stream: [
        'path: /reports/authenticationMethods/usersRegisteredByMethod',
        'grant: delegated',
        'permissions: [Device.Read.All]',
      ],
    },
    ['error permissions/does-not-open 19:19 Device.Read.All'],
  ],
  [
    'no permission though the path is closed without one',
    { stream: ['path: /devices'] },
    ['error permissions/undeclared 13:3 people'],
  ],
  [
    'an empty list of permissions',
    { stream: ['path: /devices', 'permissions: []'] },
    ['error permissions/undeclared 17:5 permissions'],
  ],
  [
    'a permission that no stream uses',
    { permissions: may('Device.Read.All', 'Mail.Read'), stream: ['path: /devices', 'permissions: [Device.Read.All]'] },
    ['warning permissions/unused 13:3 Mail.Read'],
  ],
  [
    'a path that the vendor does not list',
    { permissions: may('Device.Read.All'), stream: ['path: /devicess', 'permissions: [Device.Read.All]'] },
    ['warning permissions/unknown-path 17:11 /devicess'],
  ],
  [
    'a function without the arguments it must have',
    {
      permissions: may('Reports.Read.All'),
      stream: ['path: /reports/getCredentialUsageSummary', 'permissions: [Reports.Read.All]'],
    },
    ['warning permissions/unknown-path 17:11 /reports/getCredentialUsageSummary'],
  ],
  [
    'a path whose first half stands in the base address',
    {
      permissions: may('Device.Read.All'),
      baseUrl: '{url}/{apiVersion}/auditLogs',
      stream: ['apiVersion: beta', 'path: /signIns', 'permissions: [Device.Read.All]'],
    },
    ['error permissions/does-not-open 19:19 Device.Read.All'],
  ],
  [
    'a catalogue that does not exist',
    {
      permissions: may('Device.Read.All'),
      catalogue: 'microsoft-grahp',
      stream: ['path: /devices', 'permissions: [Device.Read.All]'],
    },
    ['error descriptor/unknown-reference 10:18 microsoft-grahp'],
  ],
];

describe('a permission at fault', () => {
  it.each(faults)('is found at its place: %s', async (_, fault, expected) => {
    expect(await found(fault)).toEqual(expected);
  });

  it('is told with what to declare instead', async () => {
    expect(
      await issue({
        permissions: may('Directory.Read.All'),
        stream: ['path: /devices', 'permissions: [Directory.Read.All]'],
      }),
    ).toMatchObject({
      message: 'The permission Directory.Read.All is more than "people" needs.',
      hint: 'Declare Device.Read.All, the least that opens its path.',
      pointer: '/streams/people/permissions/0',
    });
    expect(await issue({ stream: ['path: /devices'] })).toMatchObject({
      hint: 'Declare Device.Read.All under its permissions.',
    });
    expect(
      await issue({
        permissions: may('device.read.all'),
        stream: ['path: /devices', 'permissions: [device.read.all]'],
      }),
    ).toMatchObject({ hint: 'Did you mean "Device.Read.All"?' });
  });
});

describe('permissions that are as they should be', () => {
  it.each<[string, Fault]>([
    [
      'the least',
      { permissions: may('Device.Read.All'), stream: ['path: /devices', 'permissions: [Device.Read.All]'] },
    ],
    [
      'one of several that are least',
      {
        permissions: may('AccessReview.Read.All'),
        stream: ['path: /accessReviews', 'permissions: [AccessReview.Read.All]'],
      },
    ],
    [
      'one where the vendor names no least',
      {
        permissions: may('Directory.ReadWrite.All'),
        stream: ['path: /admin/cloudLicensing/allotments', 'permissions: [Directory.ReadWrite.All]'],
      },
    ],
    [
      'a path for signed-in users only, owned up to',
      {
        permissions: may('AuditLog.Read.All'),
        stream: [
          'path: /reports/authenticationMethods/usersRegisteredByMethod',
          'grant: delegated',
          'permissions: [AuditLog.Read.All]',
        ],
      },
    ],
    [
      'a path that only a page of the vendor tells of',
      {
        permissions: may('Device.Read.All'),
        stream: [
          'path: /devices/hidden/list',
          'permissionsUrl: https://vendor.example/hidden',
          'permissions: [Device.Read.All]',
        ],
      },
    ],
    [
      'a second permission that a page of the vendor asks for',
      {
        permissions: may('Device.Read.All', 'Mail.Read'),
        stream: [
          'path: /devices',
          'permissionsUrl: https://vendor.example/devices',
          'permissions: [Device.Read.All, Mail.Read]',
        ],
      },
    ],
  ])('raise nothing: %s', async (_, fault) => {
    expect(await found(fault)).toEqual([]);
  });

  it('are told all the same where they cannot help, as the descriptor owns up to it', async () => {
    const { ownedUp } = await validateIntegration(shippedPlaces, 'microsoft-entra-mfa');

    expect(ownedUp.map(({ stream, message }) => `${stream}: ${message}`)).toEqual([
      'users-registered-by-feature: No app-only token can read its path, whatever is granted; it is computed from user-registration-details.',
      'users-registered-by-method: No app-only token can read its path, whatever is granted; it is computed from user-registration-details.',
      'user-credential-usage-details: Retired on 2025-08-01. The vendor returns no data after 1 August 2025. Read user-events-summary instead.',
      'credential-usage-summary: Retired on 2025-08-01. The vendor returns no data after 1 August 2025. Read user-events-summary instead.',
    ]);
  });

  it('are those of the shipped feed', async () => {
    const { issues } = await validateIntegration(shippedPlaces, 'microsoft-entra-mfa');

    expect(issues.filter(({ code }) => code.startsWith('permissions/'))).toEqual([]);
  });
});

describe('the shipped feed, if it did not own up', () => {
  const shipped = () =>
    readFile(join(shippedPlaces.integrationsDirs[0] ?? '', 'microsoft-entra-mfa', 'integration.yaml'), 'utf8');

  it('would be told of the two streams that no app-only token can read', async () => {
    const silent = (yaml: string) => yaml.replaceAll(/^ +grant: delegated.*\n/gm, '');
    const places = await changedIntegration('microsoft-entra-mfa', silent);

    const { issues } = await validateIntegration(places, 'microsoft-entra-mfa');

    expect(silent(await shipped())).not.toBe(await shipped());
    expect(issues.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'permissions/delegated-only /streams/users-registered-by-feature/path',
      'permissions/delegated-only /streams/users-registered-by-method/path',
    ]);
  });
});

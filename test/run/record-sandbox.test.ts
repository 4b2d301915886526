import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordCases, runCases, startIntegrationSandbox } from '../../engine/index.ts';
import { leavesOf } from '../../engine/record/leaves.ts';
import type { JsonValue } from '../../engine/records.ts';
import { changedIntegration, shippedPlaces } from '../support/scratch-integration.ts';
import { startRelay } from '../support/relay.ts';

const feed = 'microsoft-entra-mfa';

/** Words of the vendor, and names of products, which say nothing about anybody. */
const vendorWords = new Set(
  (
    'userType methodsRegistered systemPreferredAuthenticationMethods userPreferredMethodForSecondaryAuthentication ' +
    'defaultMfaMethod feature authMethod registrationStatus operatingSystem operatingSystemVersion manufacturer model ' +
    'trustType profileType managementType deviceOwnership enrollmentType systemLabels token_type ' +
    'clientAppUsed browser authenticationProtocol authenticationRequirement authenticationMethod conditionalAccessStatus ' +
    'authenticationStepRequirement failureReason riskDetail riskLevel riskLevelAggregated riskLevelDuringSignIn riskState ' +
    'policyMigrationState targetType targetedAuthenticationMethod'
  ).split(' '),
);

/** The same, where a field holds other things as well. */
const vendorTexts = new Set(
  'authenticationMethodsPolicy,Authentication Methods Policy,all_users,enabled,disabled,Fido2,MicrosoftAuthenticator,TemporaryAccessPass'.split(
    ',',
  ),
);

describe('a recording of every stream of the sandbox', async () => {
  const { report, sent, written, out } = await recordAll();

  it('has a case of every stream that has rows, and tells why the others have none', () => {
    expect(report.unclassified).toEqual([]);
    expect(report.leaks).toEqual([]);
    expect(report.cases.map(({ stream }) => stream)).toEqual([
      'user-registration-details',
      'users-registered-by-feature',
      'users-registered-by-method',
      'credential-user-registration-count',
      'credential-usage-summary',
      'devices',
      'user-events-summary',
      'devices-delta',
      'users-delta',
      'sign-ins',
      'mfa-sign-in-summary',
      'authentication-methods-policy',
      'conditional-access-policies',
      'risky-users',
    ]);
    expect(report.notRecorded.map(({ stream, reason }) => [stream, reason.code])).toEqual([
      ['user-credential-usage-details', 'fetch/retired'],
    ]);
  });

  it('holds no text that the sandbox sent, but words of the vendor', () => {
    const texts = sent.flatMap(({ name, value }) =>
      typeof value === 'string' && !vendorWords.has(name) && !vendorTexts.has(value) ? [value] : [],
    );
    // A time that was moved may fall, by chance, on that of somebody else.
    const isTime = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text);
    const personal = [...new Set(texts)].filter((text) => text.length >= 4 && /[a-z]/i.test(text) && !isTime(text));

    expect(personal.length).toBeGreaterThan(3000);
    expect(personal.filter((text) => written.includes(text.toLowerCase()))).toEqual([]);
  });

  it('holds no part of a name, address or token that the sandbox sent', () => {
    const named = sent.filter(
      ({ name, value }) =>
        value !== null &&
        !vendorTexts.has(String(value)) &&
        /displayName|userPrincipalName|userDisplayName|access_token/i.test(name),
    );
    const parts = new Set(
      named.flatMap(
        ({ value }) =>
          String(value)
            .toLowerCase()
            .match(/[\p{L}\d]{4,}/gu) ?? [],
      ),
    );
    const words = new Set(written.match(/[\p{L}\d]{4,}/gu));

    expect(parts).toContain('larkfield');
    expect(parts).toContain('castellan');
    expect(
      [...parts].filter(
        (part) =>
          words.has(part) && !['example', 'iphone', 'ipad', 'android', 'macbook', 'build', 'desktop'].includes(part),
      ),
    ).toEqual([]);
  });

  it('holds nothing of the connection, with hyphens or without', async () => {
    const description = await readFile(
      join(shippedPlaces.integrationsDirs[0] ?? '', feed, 'sandbox/sandbox.yaml'),
      'utf8',
    );
    const values = [...description.matchAll(/^ {2}(?:tenantId|clientId|clientSecret): ([^'{\s]\S+)$/gm)].map(
      ([, value = '']) => value,
    );

    expect(values).toHaveLength(3);
    for (const value of values) {
      expect(written).not.toContain(value.toLowerCase());
      expect(written).not.toContain(value.replaceAll('-', '').toLowerCase());
    }
    expect(written).not.toContain('127.0.0.1');
  });

  it('passes sluice test', async () => {
    const places = await changedIntegration(feed, (text) => text);
    await cp(out, join(places.integrationsDirs[0] ?? '', feed, 'cases'), { recursive: true });

    const cases = (await runCases({ places, integrations: [feed] })).filter(({ name }) => name === 'recorded');

    expect(cases).toHaveLength(14);
    expect(cases.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('lets a user be found in the events under the same stand-in', async () => {
    const events = await rowsOf(out, 'user-events-summary');
    const users = await rowsOf(out, 'user-registration-details');
    const byId = new Map([...users, ...events].map((row) => [row['id'], row['userPrincipalName']]));

    for (const { id, userPrincipalName } of [...users, ...events]) expect(byId.get(id)).toBe(userPrincipalName);
  });
});

async function recordAll() {
  const sandbox = await startIntegrationSandbox({ places: shippedPlaces, integration: feed, scale: 300 });
  try {
    const relay = await startRelay(sandbox.origin);
    const out = await mkdtemp(join(tmpdir(), 'sluice-test-'));
    afterAll(() => rm(out, { recursive: true, force: true }));
    const { connection } = sandbox;
    const report = await recordCases({
      places: shippedPlaces,
      integration: feed,
      connection: { set: { ...connection, loginUrl: relay.origin, graphUrl: relay.origin }, env: {} },
      streams: await allStreams(),
      caseName: 'recorded',
      limit: 40,
      pages: 2,
      decisions: {},
      outDir: out,
      replace: false,
      pace: false,
    });
    relay.close();
    const sent = relay.bodies.flatMap((body) => leavesOf(JSON.parse(body) as JsonValue));
    return { report, sent, out, written: (await textsIn(out)).toLowerCase() };
  } finally {
    await sandbox.close();
  }
}

async function allStreams(): Promise<string[]> {
  const text = await readFile(join(shippedPlaces.integrationsDirs[0] ?? '', feed, 'integration.yaml'), 'utf8');
  const [, streams = ''] = text.split(/^streams:$/m);
  return [...streams.matchAll(/^ {2}([a-z-]+):/gm)].map(([, name = '']) => name);
}

async function textsIn(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.json'));
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

async function rowsOf(out: string, stream: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(out, stream, 'recorded', 'source.json'), 'utf8');
  return (JSON.parse(text) as { value: Record<string, unknown>[] }).value; // the vendor's shape
}

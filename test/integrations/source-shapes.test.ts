import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDescriptor } from '../../engine/descriptor/read-descriptor.ts';
import { readSourceShape } from '../../engine/descriptor/source-shape.ts';
import { resolveConnection } from '../../engine/descriptor/resolve-connection.ts';
import { newTally } from '../../engine/fetch/ask-source.ts';
import { readPages } from '../../engine/fetch/read-pages.ts';
import { splitRows } from '../../engine/fetch/split-rows.ts';
import { type Issue, type RunningSandbox, StreamError, startIntegrationSandbox } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/records.ts';
import { loadIntegration, streamNamed } from '../../engine/run/integrations.ts';
import { openSource } from '../../engine/run/open-source.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import { schemasDir, shippedPlaces } from '../support/scratch-integration.ts';
import { derive, defaults, readFeed } from './entra-mfa-feed.ts';

const integrations = join(schemasDir, '..', 'integrations');
const names = readdirSync(integrations).filter((name) => existsSync(join(integrations, name, 'integration.yaml')));

/** Cases that show what becomes of rows the vendor does not document. */
const outside: { readonly [integration: string]: readonly string[] } = {
  'cisco-duo': [
    'authentication-log/what-nobody-documents',
    'users/nulls-and-fields-of-no-schema',
    'users/wrong-types-are-rejected',
  ],
  'crowdstrike-falcon': ['hosts/empty-text-is-unknown', 'hosts/wrong-types-are-rejected'],
  okta: ['system-log/what-cannot-be-is-rejected', 'users/what-is-no-time-is-rejected'],
  'microsoft-entra-mfa': [
    'user-registration-details/dates-of-every-precision',
    'user-registration-details/enums-empty-null-and-unknown',
    'user-registration-details/method-nobody-knows-yet',
    'user-registration-details/wrong-types-are-rejected',
    'users-registered-by-method/method-nobody-knows-yet',
    'user-credential-usage-details/enums-empty-null-and-unknown',
    'user-credential-usage-details/rejected-without-a-user-name',
    'user-credential-usage-details/without-a-domain-a-method-or-a-time',
    'credential-user-registration-count/without-a-total',
    'credential-usage-summary/enums-empty-null-and-unknown',
    'credential-usage-summary/missing-and-mistyped-figures',
    'devices/documented-example-in-capitals',
    'devices/documented-examples-with-host-names',
    'devices/both-spellings-and-an-empty-date',
    'devices/wrong-types-are-rejected',
    'user-events-summary/deleted-user-known-by-id-only',
    'user-events-summary/enums-empty-null-and-unknown',
    'user-events-summary/without-a-name-or-a-time',
    'user-events-summary/wrong-types-are-rejected',
    'users-delta/sparse-and-odd-rows',
    'users-delta/wrong-types-are-rejected',
    'sign-ins/wrong-types-are-rejected',
    'mfa-sign-in-summary/a-day-that-is-none-is-rejected',
    'risky-users/nothing-told-without-the-licence',
    'risky-users/wrong-types-are-rejected',
  ],
  'tenable-vm': ['assets/what-is-no-time', 'vulnerabilities/what-is-no-time'],
};

describe.each(names)('the declared shapes of %s', async (integration) => {
  const folder = join(integrations, integration);
  const { descriptor, locate } = await readDescriptor(folder, schemasDir);
  const streams = descriptor?.streams ?? [];
  const issues: Issue[] = [];
  const misfits = new Map<string, (row: JsonValue) => string[]>();
  for (const stream of streams) {
    const read = await readSourceShape(folder, stream, schemasDir, locate);
    issues.push(...read.issues);
    if (read.shape !== undefined) misfits.set(stream.name, misfitsOf(read.shape));
  }
  const shaped = streams.filter(({ name }) => misfits.has(name));
  const misfitsOfCase = (stream: string, name: string) => {
    const { records } = shaped.find((candidate) => candidate.name === stream) ?? {};
    const file = join(folder, 'cases', stream, name, 'source.json');
    const rows = records === undefined || !existsSync(file) ? [] : splitRows(records, readJson(file));
    return rows.flatMap((row) => misfits.get(stream)?.(row) ?? []);
  };
  const cases = shaped.flatMap(({ name }) => {
    return readdirSync(join(folder, 'cases', name)).map((inner) => `${name}/${inner}`);
  });
  const isOutside = (name: string) => outside[integration]?.includes(name) === true;

  it('are sound', () => {
    expect(issues).toEqual([]);
  });

  it.each(cases.filter((name) => !isOutside(name)))('fit the rows of the golden case %s', (name) => {
    const [stream = '', inner = ''] = name.split('/');

    expect(misfitsOfCase(stream, inner)).toEqual([]);
  });

  it.each(cases.filter(isOutside))('do not fit those of the case %s, which shows what is not documented', (name) => {
    const [stream = '', inner = ''] = name.split('/');

    expect(misfitsOfCase(stream, inner)).not.toEqual([]);
  });

  describe.skipIf(!existsSync(join(folder, 'sandbox')))('and its sandbox', () => {
    let sandbox: RunningSandbox;
    beforeAll(async () => {
      sandbox = await startIntegrationSandbox({ places: shippedPlaces, integration });
      return () => sandbox.close();
    });

    it.each(shaped.filter(({ request }) => request !== undefined))(
      'agree on $name',
      async ({ name, grant, deprecation }) => {
        const rows = await rowsOf(integration, name, sandbox);

        expect(rows.length > 0).toBe(grant === 'application' && deprecation === undefined);
        expect(rows.flatMap(misfits.get(name) ?? (() => ['no shape']))).toEqual([]);
      },
    );
  });
});

/** The first page of a stream; none where the stand-in vendor refuses it. */
async function rowsOf(integration: string, stream: string, { connection }: RunningSandbox): Promise<JsonValue[]> {
  const { descriptor } = await loadIntegration(shippedPlaces, integration);
  const source = openSource(descriptor, await resolveConnection(descriptor, { set: connection, env: {} }), {
    pace: false,
  });
  try {
    for await (const page of readPages(source.reading(streamNamed(descriptor, stream), { tally: newTally() })))
      return [...page.rows];
    return [];
  } catch (cause) {
    if (cause instanceof StreamError) return [];
    throw cause;
  } finally {
    source.close();
  }
}

function misfitsOf(shape: object): (row: JsonValue) => string[] {
  const check = compileSchema(shape);
  return (row) => check(row).map(({ pointer, message, value }) => `${pointer} ${message}: ${JSON.stringify(value)}`);
}

function readJson(file: string): JsonValue {
  return JSON.parse(readFileSync(file, 'utf8')) as JsonValue; // what JSON.parse gives is JSON
}

describe('the derived rows of the Entra feed', () => {
  it.each([
    'users-registered-by-feature',
    'users-registered-by-method',
    'credential-user-registration-count',
    'credential-usage-summary',
  ])('have the shape of what the vendor sends: %s', async (name) => {
    const feed = await readFeed();
    const stream = feed.streams.find((candidate) => candidate.name === name);
    if (stream === undefined) throw new Error(`no stream ${name}`);
    const { shape } = await readSourceShape(join(integrations, feed.name), stream, schemasDir, () => ({
      file: '',
      line: 1,
      column: 1,
    }));
    const user = {
      id: 'u',
      userType: 'member',
      isMfaCapable: true,
      isMfaRegistered: true,
      methodsRegistered: ['email'],
    };
    const event = {
      id: 'u',
      feature: 'reset',
      authMethod: 'email',
      isSuccess: true,
      eventDateTime: '2026-03-03T05:06:07Z',
    };
    const rows = stream.derive?.from === 'user-events-summary' ? [event] : [user];

    const derived = await derive(feed, name, rows, defaults);

    expect(derived).toHaveLength(1);
    expect(derived?.flatMap((row) => misfitsOf(shape ?? {})(row as JsonValue))).toEqual([]); // made of JSON
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveConnection } from '../../engine/descriptor/resolve-connection.ts';
import { readFeed } from '../integrations/entra-mfa-feed.ts';
import { openSandbox } from '../sandbox/entra-sandbox.ts';
import { makeCertificate } from '../support/certificate.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import type { ScratchRun } from '../support/run-scratch.ts';
import { cannotRun, type Connection, runFeed } from './entra-run.ts';

const scale = 60;
const users = 'user-registration-details';
const byFeature = 'users-registered-by-feature';
const byMethod = 'users-registered-by-method';
const count = 'credential-user-registration-count';
const usageSummary = 'credential-usage-summary';
const events = 'user-events-summary';

/** What these tests read of a record. */
type Told = {
  readonly metadata: { readonly uid: string; readonly labels?: readonly string[] };
  readonly user?: { readonly uid: string; readonly name: string };
  readonly device?: { readonly name: string };
  readonly unmapped: { readonly [field: string]: unknown };
};

async function recordsOf(run: ScratchRun, stream: string): Promise<Told[]> {
  return (await run.lines(`${stream}.ndjson`)) as Told[]; // as every record of the feed
}

async function figuresOf(run: ScratchRun, stream: string): Promise<Told['unmapped']> {
  const [record] = await recordsOf(run, stream);
  if (record === undefined) throw new Error(`${stream} delivered nothing`);
  return record.unmapped;
}

describe('all eight streams of the sandbox tenant', () => {
  const endings = {
    [users]: 'complete',
    [byFeature]: 'complete',
    [byMethod]: 'complete',
    'user-credential-usage-details': 'retired',
    [count]: 'complete',
    [usageSummary]: 'complete',
    devices: 'complete',
    [events]: 'complete',
    'devices-delta': 'complete',
    'users-delta': 'complete',
    'sign-ins': 'complete',
    'mfa-sign-in-summary': 'complete',
    'authentication-methods-policy': 'complete',
    'conditional-access-policies': 'complete',
    'risky-users': 'complete',
  };

  it.each(['1.1.0', '1.3.0', '1.5.0', '1.8.0'])(
    'are accepted as OCSF %s, and a checker that shares nothing with ours agrees on every record',
    async (ocsfVersion) => {
      const { connection } = await openSandbox({ scale });

      const run = await runFeed(connection, { allStreams: true, ocsfVersion });

      expect(Object.fromEntries(run.report.streams.map(({ stream, ending }) => [stream, ending]))).toEqual(endings);
      expect(await run.lines('rejected.ndjson')).toEqual([]);
      let checked = 0;
      for (const { stream, accepted } of run.report.streams) {
        const records = await recordsOf(run, stream);
        expect(records).toHaveLength(accepted);
        expect(new Set(records.map(({ metadata }) => metadata.uid)).size).toBe(accepted);
        for (const record of records) expect(independentCheck(ocsfVersion, record)).toEqual([]);
        checked += records.length;
      }
      expect(checked).toBeGreaterThan(2 * scale);
    },
  );

  it('have the same metadata.uid for the same row in every run', async () => {
    const { connection } = await openSandbox({ scale });

    const [first, second] = [await runFeed(connection), await runFeed(connection)];

    for (const stream of [users, 'devices', events]) {
      const uids = (records: Told[]): string[] => records.map(({ metadata }) => metadata.uid);
      expect(uids(await recordsOf(first, stream))).toEqual(uids(await recordsOf(second, stream)));
    }
  });
});

describe('a certificate in place of a secret', () => {
  it('opens the tenant that knows it, and no other', async () => {
    const { certificate, key } = makeCertificate();
    const clientCertificate = `${certificate}\n${key}`;
    const knowing = await openSandbox({ scale: 20, credentials: { certificates: [certificate] } });
    const other = await openSandbox({ scale: 20 });
    const set = { clientSecret: '', clientCertificate };

    const run = await runFeed(knowing.connection, { set });
    const { error } = await cannotRun(other.connection, { set });

    expect(run.report.streams.map(({ ending }) => ending)).toEqual(Array.from({ length: 6 }, () => 'complete'));
    expect(error).toMatchObject({ code: 'auth/refused', message: expect.stringContaining('AADSTS700027') as unknown });
    expect(error.hint).toContain('upload the certificate');
  });
});

describe('the second opinion', () => {
  let once: Promise<{ [attribute: string]: unknown }> | undefined;
  const good = (): Promise<{ [attribute: string]: unknown }> => (once ??= deliverOne());
  const deliverOne = async (): Promise<{ [attribute: string]: unknown }> => {
    const run = await runFeed((await openSandbox({ scale: 3 })).connection, { streams: [users] });
    return (await run.lines(`${users}.ndjson`))[0] as { [attribute: string]: unknown }; // a record is an object
  };

  it.each<[string, object]>([
    ['a missing attribute', { time: undefined }],
    ['an unknown attribute', { colour: 'red' }],
    ['a wrong type', { message: 12 }],
    ['an id outside its list', { severity_id: 77 }],
    ['a caption that belies its id', { severity: 'Fatal' }],
    ['a wrong type_uid', { type_uid: 500399 }],
    ['an attribute of a profile not declared', { osint: [{ value: 'x', type_id: 1 }] }],
    [
      'observables that point at nothing',
      { observables: [{ name: 'user.name', type: 'User Name', type_id: 4, value: 'x' }] },
    ],
    ['seconds for milliseconds', { time: 1_770_000_000 }],
  ])('sees %s', async (_, change) => {
    const record = await good();

    expect(independentCheck('1.5.0', record)).toEqual([]);
    expect(independentCheck('1.5.0', JSON.parse(JSON.stringify({ ...record, ...change })))).not.toEqual([]);
  });
});

describe('figures the vendor refuses to app-only tokens', () => {
  // Each value of either choice; the unit tests of the feed take all pairs.
  const choices = [
    { includedUserTypes: 'all', includedUserRoles: 'all' },
    { includedUserTypes: 'member', includedUserRoles: 'admin' },
    { includedUserTypes: 'guest', includedUserRoles: 'user' },
  ];

  it.each(choices)(
    'are derived as the vendor itself would tell them ($includedUserTypes, $includedUserRoles)',
    async (set) => {
      const streams = [byFeature, byMethod];
      const refusing = await openSandbox({ scale });
      const allowing = await openSandbox({ scale, allowDelegatedOnly: true });

      const derived = await runFeed(refusing.connection, { set, streams });
      const direct = await runFeed(allowing.connection, { set, streams });

      for (const stream of streams) {
        expect(derived.stream(stream)).toMatchObject({
          ending: 'complete',
          derived: { from: users, instead: { ending: 'denied', reason: { httpStatus: 403 } } },
        });
        expect(direct.stream(stream).derived).toBeUndefined();
        expect(asSets(await figuresOf(derived, stream))).toEqual(asSets(await figuresOf(direct, stream)));
      }
      expect((await recordsOf(derived, byFeature))[0]?.metadata.labels).toEqual(['derived']);
      expect((await recordsOf(direct, byFeature))[0]?.metadata.labels).toBeUndefined();
    },
  );
});

describe('the registration count', () => {
  it('is derived, with the same figures, where its endpoint is closed, gone or not in the cloud', async () => {
    const open = await openSandbox({ scale });
    const { totalUserCount, userRegistrationCounts } = await figuresOf(
      await runFeed(open.connection, { streams: [count] }),
      count,
    );
    const closed = await openSandbox({ scale, without: ['Reports.Read.All'] });
    const gone = await openSandbox({ scale, faults: [`${count}:410`] });

    const runs = [
      await runFeed(closed.connection, { streams: [count] }),
      await runFeed(gone.connection, { streams: [count] }),
      await runFeed(open.connection, { streams: [count], set: { cloud: 'usgov' } }),
    ];

    for (const run of runs) {
      expect(run.stream(count)).toMatchObject({ ending: 'complete', derived: { from: users } });
      expect(asSets(await figuresOf(run, count))).toEqual(asSets({ totalUserCount, userRegistrationCounts }));
    }
  });
});

describe('the usage summary', () => {
  it('is summed up from the events, one record a feature and method', async () => {
    const { connection } = await openSandbox({ scale });

    const run = await runFeed(connection, { streams: [usageSummary, events] });

    expect(run.stream(usageSummary)).toMatchObject({
      ending: 'complete',
      derived: { from: events, instead: { ending: 'retired', reason: { code: 'fetch/retired' } } },
    });
    const sums = (await recordsOf(run, usageSummary)).map(({ unmapped }) => unmapped);
    const total = sums.reduce(
      (sum, one) => sum + Number(one['successfulActivityCount']) + Number(one['failureActivityCount']),
      0,
    );
    const recent = (await run.lines(`${events}.ndjson`)) as { time: number }[]; // every record has a time
    const since = Date.parse(run.report.startedAt) - 30 * 86_400_000;
    expect(total).toBe(recent.filter(({ time }) => time >= since).length);
    expect(total).toBeGreaterThan(0);
  });
});

describe('the four clouds', () => {
  it.each([
    ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
    ['usgov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
    ['dod', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
    ['china', 'https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('%s has its own addresses', async (cloud, loginUrl, graphUrl) => {
    const set = { tenantId: 'fabrikam.example', clientId: 'app', clientSecret: 'made~up', cloud };

    const { shown } = await resolveConnection(await readFeed(), { set, env: {} });

    expect(shown).toMatchObject({ loginUrl, graphUrl });
  });

  it.each(['usgov', 'dod', 'china'])('%s is not asked for what only the global cloud has', async (cloud) => {
    const sandbox = await openSandbox({ scale: 5 });

    const run = await runFeed(sandbox.connection, { set: { cloud }, allStreams: true });

    expect(Object.keys(sandbox.requests())).not.toContain(count);
    expect(run.stream('user-credential-usage-details')).toMatchObject({ reason: { code: 'fetch/not-in-cloud' } });
    expect(run.stream(users).ending).toBe('complete');
  });
});

describe('a server that speaks the documented API in its own manner', () => {
  type Manner = { readonly name: string; readonly pageSize: number } & Partial<{
    /** Before each page, one without rows. */
    emptyPages: boolean;
    gzip: boolean;
    chunked: boolean;
    shouting: boolean;
    requestIds: boolean;
    /** The last page says so with null instead of leaving the link out. */
    nullAtEnd: boolean;
    bom: boolean;
  }>;

  const manners: Manner[] = [
    { name: 'one row a page', pageSize: 1 },
    { name: 'all in one page, header names in upper case', pageSize: 1000, shouting: true },
    { name: 'odd pages, each after an empty one', pageSize: 7, emptyPages: true },
    { name: 'chunked, with request ids', pageSize: 11, chunked: true, requestIds: true },
    { name: 'gzip, header names in upper case', pageSize: 13, gzip: true, shouting: true },
    { name: 'gzip and chunked, each after an empty one', pageSize: 5, gzip: true, chunked: true, emptyPages: true },
    { name: 'a next link of null at the end', pageSize: 9, nullAtEnd: true },
    { name: 'a byte order mark', pageSize: 17, bom: true },
  ];

  it.each(manners)('($name) gives every id once', async (manner) => {
    const people = Array.from({ length: 37 }, (_, number) => ({
      id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      userPrincipalName: `person${number}@fabrikam.example`,
      userDisplayName: `Person ${number}`,
      userType: number % 5 === 0 ? 'guest' : 'member',
      isAdmin: number % 9 === 0,
      isMfaRegistered: number % 2 === 0,
      isMfaCapable: number % 2 === 0,
      isPasswordlessCapable: false,
      isSsprRegistered: true,
      isSsprEnabled: true,
      isSsprCapable: true,
      methodsRegistered: number % 2 === 0 ? ['mobilePhone', 'fido2SecurityKey'] : [],
      isSystemPreferredAuthenticationMethodEnabled: null,
      systemPreferredAuthenticationMethods: [],
      userPreferredMethodForSecondaryAuthentication: '',
      lastUpdatedDateTime: '2026-03-04T05:06:07.1234567Z',
    }));
    const machines = Array.from({ length: 23 }, (_, number) => ({
      id: `device-${number}`,
      displayName: `FAB-${number}`,
    }));
    const server = await startOtherGraph(manner, {
      '/v1.0/reports/authenticationMethods/userRegistrationDetails': people,
      '/v1.0/devices': machines,
    });

    const run = await runFeed(server, { streams: [users, 'devices', byFeature] });

    expect(run.report.exitCode).toBe(0);
    const delivered = await recordsOf(run, users);
    expect(delivered.map(({ user }) => user?.uid).sort()).toEqual(people.map(({ id }) => id).sort());
    expect((await recordsOf(run, 'devices')).map(({ device }) => device?.name).sort()).toEqual(
      machines.map(({ displayName }) => displayName).sort(),
    );
    expect(run.stream(byFeature).derived).toMatchObject({ from: users });
    expect(await figuresOf(run, byFeature)).toMatchObject({ totalUserCount: 37 });
    for (const record of delivered) expect(independentCheck('1.5.0', record)).toEqual([]);
  });

  /** Written from the vendor's documentation alone; the token is opaque and no JSON Web Token. */
  async function startOtherGraph(manner: Manner, lists: { [path: string]: readonly object[] }): Promise<Connection> {
    let origin = '';
    const tokens = new Set<string>();
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', origin);
      if (request.method === 'POST' && url.pathname.endsWith('/oauth2/v2.0/token')) {
        const token = `opaque-${tokens.size}`;
        tokens.add(token);
        request.resume();
        answer(response, 200, { token_type: 'Bearer', expires_in: 4211, access_token: token });
      } else if (!tokens.has((request.headers.authorization ?? '').replace(/^Bearer /, ''))) {
        answer(response, 401, { error: { code: 'InvalidAuthenticationToken', message: 'Access token is empty.' } });
      } else {
        serveList(request, response, url);
      }
    });

    function serveList(_: IncomingMessage, response: ServerResponse, url: URL): void {
      const rows = lists[url.pathname];
      if (rows === undefined) {
        const message = 'Application permissions are not supported.';
        answer(response, 403, { error: { code: 'Authentication_MSGraphPermissionMissing', message, innererror: {} } });
        return;
      }
      // The state of the paging is the server's affair: here a position and whether the empty page has been sent.
      const [at = 0, sent = 0] = (url.searchParams.get('$skipToken') ?? '').split('!').map(Number);
      const empty = manner.emptyPages === true && sent === 0;
      const to = empty ? at : at + manner.pageSize;
      const next = `${origin}${url.pathname}?$skipToken=${to}!${empty ? 1 : 0}&$x=%20a+b%2B`;
      const last = !empty && to >= rows.length;
      const end = manner.nullAtEnd === true ? { '@odata.nextLink': null } : {};
      answer(response, 200, { ...(last ? end : { '@odata.nextLink': next }), value: rows.slice(at, to) });
    }

    function answer(response: ServerResponse, status: number, body: object): void {
      const text = `${manner.bom === true ? '\uFEFF' : ''}${JSON.stringify(body)}`;
      const bytes = manner.gzip === true ? gzipSync(text) : Buffer.from(text);
      const headers: { [name: string]: string } = {
        'content-type': 'application/json; odata.metadata=minimal; charset=utf-8',
        ...(manner.gzip === true ? { 'content-encoding': 'gzip' } : {}),
        ...(manner.requestIds === true ? { 'request-id': 'other-1' } : {}),
        ...(manner.chunked === true ? {} : { 'content-length': String(bytes.length) }),
      };
      const spell = (name: string): string => (manner.shouting === true ? name.toUpperCase() : name);
      response.writeHead(
        status,
        Object.fromEntries(Object.entries(headers).map(([name, value]) => [spell(name), value])),
      );
      for (let from = 0; from < bytes.length; from += 400) response.write(bytes.subarray(from, from + 400));
      response.end();
    }

    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    // A server that listens on a port has an address of this form.
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      tenantId: 'fabrikam.example',
      clientId: '22222222-3333-4444-8555-666666666666',
      clientSecret: 'an~invented.secret+of/its=own',
      loginUrl: origin,
      graphUrl: origin,
    };
  }
});

/** Lists of figures come in no order. */
function asSets(figures: Told['unmapped']): object {
  const entries = Object.entries(figures).filter(([name]) => !name.startsWith('@'));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value,
    ]),
  );
}

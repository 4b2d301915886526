import { describe, expect, it, onTestFinished } from 'vitest';
import { type CheckReport, type CheckRequest, checkIntegration, type StreamCheck } from '../../engine/index.ts';
import type { Sandbox } from '../../engine/sandbox/start-sandbox.ts';
import { type Options, openSandbox } from '../sandbox/entra-sandbox.ts';
import {
  acmeDescriptor,
  changedIntegration,
  peopleMapping,
  scratchIntegration,
  shippedPlaces,
} from '../support/scratch-integration.ts';
import { json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

const feed = 'microsoft-entra-mfa';

async function check(sandbox: Sandbox, more: Partial<CheckRequest> = {}): Promise<CheckReport> {
  return checkIntegration({
    places: shippedPlaces,
    integration: feed,
    connection: { set: sandbox.connection, env: {} },
    pace: false,
    ...more,
  });
}

async function checked(options: Options, more: Partial<CheckRequest> = {}): Promise<CheckReport> {
  return check(await openSandbox(options), more);
}

function of(report: CheckReport, stream: string): StreamCheck {
  const found = report.streams.find((one) => one.stream === stream);
  if (found === undefined) throw new Error(`The report has no ${stream}.`);
  return found;
}

const everything = [
  'AuditLog.Read.All',
  'Device.Read.All',
  'Reports.Read.All',
  'User.Read.All',
  'Policy.Read.All',
  'Policy.Read.AuthenticationMethod',
  'IdentityRiskyUser.Read.All',
];

describe('a check against a tenant where all is as it should be', () => {
  it('asks for one token and asks each stream once', async () => {
    const sandbox = await openSandbox();

    const { streams } = await check(sandbox);

    const asked = Object.entries(sandbox.requests()).map(([route, { requests }]) => [route, requests]);
    expect(Object.fromEntries(asked)).toEqual({
      token: 1,
      ...Object.fromEntries(streams.map(({ stream }) => [stream, 1])),
    });
  });

  it('finds every stream ready or computed, the retired ones retired, and nothing granted beyond need', async () => {
    const report = await checked({});

    expect(report.streams.map(({ stream, state, cause }) => [stream, state, cause])).toEqual([
      ['user-registration-details', 'ready', undefined],
      ['users-registered-by-feature', 'derived', 'delegated-only'],
      ['users-registered-by-method', 'derived', 'delegated-only'],
      ['user-credential-usage-details', 'retired', 'retirement'],
      ['credential-user-registration-count', 'ready', undefined],
      ['credential-usage-summary', 'derived', 'retirement'],
      ['devices', 'ready', undefined],
      ['user-events-summary', 'ready', undefined],
      ['devices-delta', 'ready', undefined],
      ['users-delta', 'ready', undefined],
      ['sign-ins', 'ready', undefined],
      ['mfa-sign-in-summary', 'ready', undefined],
      ['authentication-methods-policy', 'ready', undefined],
      ['conditional-access-policies', 'ready', undefined],
      ['risky-users', 'ready', undefined],
    ]);
    expect(report).toMatchObject({ granted: everything, beyondNeed: [] });
    expect(of(report, 'devices')).toMatchObject({ openedBy: ['Device.Read.All'], missing: [], httpStatus: 200 });
  });
});

describe('a check tells one refusal from another', () => {
  it('nobody has consented, and says where: the token carries no permission at all', async () => {
    const report = await checked({ without: everything });

    expect(of(report, 'devices')).toMatchObject({
      state: 'denied',
      cause: 'consent',
      whatToDo: 'have an administrator consent',
      httpStatus: 403,
      vendorCode: 'Authorization_RequestDenied',
    });
    expect(report.granted).toEqual([]);
  });

  it('gives the link for consent with the tenant and the client filled in', async () => {
    const sandbox = await openSandbox({ without: everything });
    const { tenantId, clientId, loginUrl } = sandbox.connection;

    const report = await check(sandbox);

    const link = `${loginUrl}/${tenantId}/adminconsent?client_id=${clientId}`;
    expect(report.consentUrl).toBe(link);
    expect(of(report, 'devices').reason?.hint).toContain(link);
  });

  it('one permission is not granted, and the others go on', async () => {
    const report = await checked({ without: ['Device.Read.All'] });

    expect(of(report, 'devices')).toMatchObject({
      cause: 'permission',
      missing: ['Device.Read.All'],
      whatToDo: 'grant Device.Read.All',
      reason: { message: expect.stringContaining('does not carry Device.Read.All') as string },
    });
    expect(of(report, 'user-registration-details').state).toBe('ready');
  });

  it('the tenant lacks the licence, for the reports only', async () => {
    const report = await checked({ unlicensed: true });

    expect(of(report, 'user-registration-details')).toMatchObject({
      state: 'unlicensed',
      cause: 'licence',
      whatToDo: 'get Microsoft Entra ID P1 or P2',
    });
    expect(of(report, 'devices').state).toBe('ready');
  });

  it('all is granted, and the source refuses all the same: too early, or a licence', async () => {
    const report = await checked({ faults: ['user-registration-details:403', 'devices:403'] });

    expect(of(report, 'user-registration-details')).toMatchObject({
      cause: 'licence-or-delay',
      missing: [],
      reason: { hint: expect.stringContaining('Microsoft Entra ID P1 or P2') as string },
    });
    expect(of(report, 'devices')).toMatchObject({
      cause: 'licence-or-delay',
      whatToDo: 'wait some minutes, then look at policies',
    });
  });

  it('the source is down: that says nothing of permissions', async () => {
    const report = await checked({ faults: ['devices:503'] });

    expect(of(report, 'devices')).toMatchObject({ state: 'failed', cause: 'source', missing: [] });
  });

  it('the vendor does not offer the stream in this cloud, and it is not asked', async () => {
    const sandbox = await openSandbox();

    const report = await check(sandbox, { connection: { set: { ...sandbox.connection, cloud: 'china' }, env: {} } });

    expect(of(report, 'user-credential-usage-details')).toMatchObject({ state: 'skipped', cause: 'not-offered' });
    expect(sandbox.requests()['user-credential-usage-details']).toBeUndefined();
  });
});

describe('a check of what is granted', () => {
  it('names what no stream needs', async () => {
    const report = await checked({ also: ['Mail.Read'] });

    expect(report.beyondNeed).toEqual(['Mail.Read']);
  });

  it('knows from the vendor’s list that something larger opens a stream, and calls it beyond need', async () => {
    const report = await checked({ without: ['Device.Read.All'], also: ['Directory.Read.All'] });

    expect(of(report, 'devices')).toMatchObject({ state: 'ready', openedBy: ['Directory.Read.All'], missing: [] });
    expect(report.beyondNeed).toEqual(['Directory.Read.All']);
  });
});

describe('a check of streams that can be computed', () => {
  it('asks for the stream they are computed from, where that was left out', async () => {
    const report = await checked({}, { streams: ['users-registered-by-feature'] });

    expect(of(report, 'users-registered-by-feature')).toMatchObject({
      state: 'denied',
      whatToDo: 'check user-registration-details as well: it is computed from it',
    });
  });

  it('points at the stream they are computed from, where that is refused', async () => {
    const report = await checked({ without: ['AuditLog.Read.All'] });

    expect(of(report, 'users-registered-by-feature')).toMatchObject({
      state: 'denied',
      whatToDo: 'make user-registration-details ready: it is computed from it',
    });
  });

  it('does not promise figures that the rows do not tell', async () => {
    const sandbox = await openSandbox();
    const set = { ...sandbox.connection, includedUserRoles: 'privilegedAdmin' };

    const report = await check(sandbox, { connection: { set, env: {} } });

    expect(of(report, 'users-registered-by-feature')).toMatchObject({
      state: 'denied',
      reason: { message: expect.stringContaining('includedUserRoles privilegedAdmin') as string },
    });
  });
});

describe('the request of a check', () => {
  async function source(): Promise<SourceServer> {
    const server = await startSourceServer();
    onTestFinished(() => server.close());
    return server;
  }

  async function checkAcme(
    server: SourceServer,
    descriptor: string,
    more: Partial<CheckRequest> = {},
  ): Promise<CheckReport> {
    const mappings = { 'mappings/people.jsonata': peopleMapping, 'mappings/groups.jsonata': peopleMapping };
    const places = await scratchIntegration('acme', { 'integration.yaml': descriptor, ...mappings });
    const connection = { set: { url: server.origin, token: 'invented-token' }, env: {} };
    return checkIntegration({ places, integration: 'acme', connection, pace: false, ...more });
  }

  function streams(...names: string[]): string {
    return names
      .map(
        (name) =>
          `  ${name}: { summary: One record a person., path: "/${name}", rateLimit: all, class: user_inventory }\n`,
      )
      .join('');
  }

  const page = json([{ id: 'p-1', name: 'Nora Quist' }]);

  it('asks for as little as the descriptor says, in place of what a run asks for', async () => {
    const server = await source();
    server.on('/people', page);

    await checkAcme(
      server,
      acmeDescriptor({
        streams: `  people:
    summary: One record a person.
    path: /people?$top=999&kind=all
    probe: { query: { $top: "1" } }
    class: user_inventory
`,
      }),
    );

    expect(server.requests.map(({ path }) => path)).toEqual(['/people?$top=1&kind=all']);
  });

  it('is another than the stream’s own, where that one would begin a job', async () => {
    const server = await source();
    server.on('/exports/recent', json({ exports: [] }));

    const report = await checkAcme(
      server,
      acmeDescriptor({
        streams: `  people:
    summary: One record a person.
    path: /exports
    body: { json: { since: "{from.s}" } }
    probe: { path: /exports/recent }
    cursor: { kind: time, lookback: 1d }
    pagination:
      kind: job
      create: { id: /job }
      status: { path: "/exports/{job}", state: /state, done: [READY], chunks: /chunks }
      chunk: { path: "/exports/{job}/{chunk}" }
    class: user_inventory
`,
      }),
    );

    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /exports/recent']);
    expect(of(report, 'people')).toMatchObject({ state: 'ready', httpStatus: 200 });
  });

  it('knows by itself how to ask for one row where the size is a parameter of the paging', async () => {
    const server = await source();
    server.on('/people', page);

    await checkAcme(
      server,
      acmeDescriptor({
        streams: `  people:
    summary: One record a person.
    path: /people
    pagination: { kind: offset, parameter: skip, pageSize: 500, sizeParameter: limit }
    class: user_inventory
`,
      }),
    );

    expect(server.requests.map(({ query }) => query)).toEqual([{ skip: '0', limit: '1' }]);
  });

  it('is sent once, also where the token is refused and a run would ask for another', async () => {
    const sandbox = await openSandbox({ faults: ['devices:401:9'] });

    const report = await check(sandbox, { streams: ['devices'] });

    expect(of(report, 'devices')).toMatchObject({ cause: 'token', httpStatus: 401 });
    expect(sandbox.requests()).toMatchObject({ token: { requests: 1 }, devices: { requests: 1 } });
  });

  it('is sent once, also where the source is down and a run would try again', async () => {
    const server = await source();
    server.on('/people', status(503));

    await checkAcme(server, acmeDescriptor());

    expect(server.requests).toHaveLength(1);
  });

  it('keeps to the budget', async () => {
    const server = await source();
    let last = 0;
    const impatient = () => {
      const soon = Date.now() - last < 200;
      last = Date.now();
      return soon ? status(429) : page;
    };
    server.on('/people', impatient);
    server.on('/groups', impatient);
    const more = 'rateLimits: { all: { requests: 1, perSeconds: 0.25 } }';

    const report = await checkAcme(server, acmeDescriptor({ streams: streams('people', 'groups'), more }), {
      pace: true,
    });

    expect(report.streams.map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it('waits before the next stream of the same budget when the source asks for it', async () => {
    const server = await source();
    let until = 0;
    server.on('/people', () => {
      until = Date.now() + 1000;
      return status(429, { 'retry-after': '1' });
    });
    server.on('/groups', () => (Date.now() < until ? status(429) : page));
    const more = 'rateLimits: { all: { requests: 100, perSeconds: 1 } }';

    const report = await checkAcme(server, acmeDescriptor({ streams: streams('people', 'groups'), more }));

    expect(report.streams.map(({ state }) => state)).toEqual(['failed', 'ready']);
  });
});

describe('a check of a feed that names no vendor catalogue', () => {
  it('goes by the descriptor alone', async () => {
    const sandbox = await openSandbox({ without: ['Device.Read.All'], also: ['Directory.Read.All'] });
    const places = await changedIntegration(feed, (yaml) => yaml.replace(/^vendorCatalogue:.*\n/m, ''));

    const report = await check(sandbox, { places });

    expect(of(report, 'devices')).toMatchObject({ state: 'ready', openedBy: [], missing: ['Device.Read.All'] });
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CannotRunError, type Places, type RunRequest, startIntegrationSandbox } from '../../engine/index.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { runScratch } from '../support/run-scratch.ts';
import { changedIntegration, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';
import { type Answer, json, type Reply, type SourceServer, startSourceServer } from '../support/source-server.ts';

const feed = 'okta';
const everyStream = ['system-log', 'users', 'user-factors'];

/** In small pages, so that a small org has several of them, and with retries that cost no time. */
function quickFeed(): Promise<Places> {
  return changedIntegration(feed, (text) =>
    text
      .replace('limit=1000', 'limit=100')
      .replace('limit=200', 'limit=25')
      .replace(/^retry: .*$/m, 'retry: { statuses: [408], maxTries: 2, baseDelayMs: 1, maxDelayMs: 2 }'),
  );
}

async function startOrg() {
  const org = await startIntegrationSandbox({ places: shippedPlaces, integration: feed, scale: 30 });
  onTestFinished(() => org.close());
  return org;
}

type Delivered = {
  readonly class_uid: number;
  readonly user?: { readonly uid?: string; readonly has_mfa?: boolean };
  readonly unmapped: { readonly uuid?: string; readonly status?: string };
};

describe('the descriptor of okta', () => {
  it('says it in at most 60 lines', async () => {
    const [dir = ''] = shippedPlaces.integrationsDirs;
    const text = await readFile(join(dir, feed, 'integration.yaml'), 'utf8');

    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });
});

describe('a run', () => {
  it('of a service app reads all streams to their ends into valid records', async () => {
    const org = await startOrg();

    const { stream, lines } = await runScratch(await quickFeed(), feed, org.connection, { streams: everyStream });

    // The page after the last one is empty; it ends the reading.
    expect(stream('system-log')).toMatchObject({ ending: 'complete', pages: 3, accepted: 180, rejected: 0 });
    expect(stream('users')).toMatchObject({ ending: 'complete', pages: 2, accepted: 30, rejected: 0 });
    expect(stream('user-factors')).toMatchObject({ ending: 'complete', accepted: 30, rejected: 0 });
    const events = (await lines('system-log.ndjson')) as Delivered[];
    const users = (await lines('user-factors.ndjson')) as Delivered[];
    const records = [...events, ...users, ...(await lines('users.ndjson'))];
    expect(records.flatMap((record) => independentCheck('1.5.0', record))).toEqual([]);
    expect(new Set(events.map(({ class_uid }) => class_uid))).toEqual(
      new Set([3001, 3002, 3004, 3005, 3006, 2004, 6003]),
    );
    const unasked = users.filter(({ unmapped }) => /^(SUSPENDED|DEPROVISIONED)$/.test(unmapped.status ?? ''));
    expect(unasked.length).toBeGreaterThan(0);
    expect(users.filter(({ user }) => user?.has_mfa === undefined)).toEqual(unasked);
  });

  it('goes on in the log where the last one ended: nothing is lost, and nothing comes twice', async () => {
    const org = await startOrg();
    const kept = { state: { dir: await scratchFolder() }, out: { dir: await scratchFolder() } };
    const places = await quickFeed();
    const run = () => runScratch(places, feed, org.connection, { streams: ['system-log', 'users'], ...kept });
    await run();
    const [, , updated, deleted] = org.change('between-runs');

    const { stream } = await run();
    const third = await run();

    // One of now, and one that is two hours old and came late.
    expect(stream('system-log')).toMatchObject({ ending: 'complete', received: 2, accepted: 2, duplicates: 0 });
    expect(third.stream('system-log')).toMatchObject({ ending: 'complete', received: 0, accepted: 0 });
    const uuids = (await delivered(kept.out.dir, 'system-log.ndjson')).map(({ unmapped }) => unmapped.uuid);
    expect([uuids.length, new Set(uuids).size]).toEqual([182, 182]);
    const users = new Map<unknown, string | undefined>(
      (await delivered(kept.out.dir, 'users.ndjson')).map(({ user, unmapped }) => [user?.uid, unmapped.status]),
    );
    expect(users.size).toBe(29);
    expect(users.get(updated?.key)).toBe('SUSPENDED');
    expect(users.has(deleted?.key)).toBe(false);
  });

  it('of an API token asks for no other, and takes the token where both are given', async () => {
    const org = await startOrg();
    const set = { ...org.connection, apiToken: '00SandboxTokenThatOpensNothingElse', clientId: 'of-no-app' };

    const { stream } = await runScratch(await quickFeed(), feed, set, { streams: ['users'] });

    expect(stream('users')).toMatchObject({ ending: 'complete', accepted: 30 });
  });
});

describe('an org that answers otherwise', () => {
  let source: SourceServer;
  let places: Places;
  beforeEach(async () => {
    source = await startSourceServer();
    places = await quickFeed();
    source.on('/api/v1/users', json([user('a'), user('b')]));
    source.on('/api/v1/users/a/factors', json([push]));
    source.on('/api/v1/users/b/factors', json([]));
  });
  afterEach(() => source.close());

  function run(streams: readonly string[], more: Partial<RunRequest> = {}) {
    return runScratch(places, feed, { orgUrl: source.origin, apiToken: 'hush' }, { streams, ...more });
  }

  it('is asked for the log with the token, and for deactivated users as well', async () => {
    source.on('/api/v1/logs', linked([], 'after=1'));

    await run(['system-log', 'users']);

    const [log, list] = ['/logs', '/users'].map((path) => source.requests.find((sent) => sent.path.includes(path)));
    expect(log?.headers).toMatchObject({ authorization: 'SSWS hush', accept: 'application/json' });
    expect(log?.query['since']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(list?.query['search']).toBe('status pr');
    expect(list?.headers['content-type']).toContain('okta-response=omitCredentials');
  });

  it('may forget the link that was kept: the log is read from the last event on, without what was delivered', async () => {
    const kept = { state: { dir: await scratchFolder() }, out: { dir: await scratchFolder() } };
    const log: Reply = ({ query }) => {
      if (query['after'] === undefined) return linked([event(1), event(2)], 'after=1');
      return linked([], 'after=2');
    };
    source.on('/api/v1/logs', log);
    await run(['system-log'], kept);
    source.on('/api/v1/logs', ({ query }) => {
      if (query['after'] === '2') return refused(400, 'E0000001');
      return query['after'] === undefined ? linked([event(2), event(3)], 'after=8') : linked([], 'after=9');
    });

    const { stream } = await run(['system-log'], kept);

    expect(stream('system-log')).toMatchObject({ ending: 'complete', received: 2, accepted: 1, duplicates: 1 });
    const anew = source.requests.filter(({ query }) => query['since'] !== undefined).at(-1);
    expect(anew?.query['since']).toBe(`${minutesAgo(28 + 10).slice(0, 19)}Z`);
  });

  it.each([
    ['vanishes', refused(404, 'E0000007'), 'complete'],
    ['is in a state that does not allow it', refused(403, 'E0000038'), 'complete'],
    ['cannot be asked about', refused(500, 'E0000009'), 'failed'],
  ])('has_mfa is left out, and not false, where a user %s', async (_, answer, ending) => {
    source.on('/api/v1/users/a/factors', answer);

    const { stream, lines } = await run(['user-factors']);

    expect(stream('user-factors')).toMatchObject({ ending, received: 2, accepted: 2 });
    const users = (await lines('user-factors.ndjson')) as Delivered[];
    expect(users.map(({ user }) => user?.has_mfa)).toEqual([undefined, false]);
  });

  it('counts e-mail as a second factor only where the operator says so', async () => {
    source.on('/api/v1/users/a/factors', json([{ ...push, factorType: 'email' }]));
    const set = { orgUrl: source.origin, apiToken: 'hush', emailIsFactor: 'true' };

    const usual = await run(['user-factors']);
    const said = await run(['user-factors'], { connection: { set, env: {} } });

    const hasMfa = async ({ lines }: typeof usual) =>
      ((await lines('user-factors.ndjson')) as Delivered[]).map(({ user }) => user?.has_mfa);
    expect(await hasMfa(usual)).toEqual([false, false]);
    expect(await hasMfa(said)).toEqual([true, false]);
  });

  it.each<[string, Answer, string, string, RegExp]>([
    ['E0000001', refused(400, 'E0000001'), 'failed', 'fetch/bad-request', /error id/],
    ['E0000003', refused(400, 'E0000003'), 'failed', 'fetch/bad-request', /error id/],
    ['E0000004', refused(401, 'E0000004'), 'failed', 'fetch/unauthorized', /not used for 30 days/],
    ['E0000005', refused(403, 'E0000005'), 'failed', 'fetch/bad-request', /new API token/],
    [
      'E0000006',
      refused(403, 'E0000006'),
      'denied',
      'fetch/permission-denied',
      /scope okta\.users\.read .* admin role/,
    ],
    ['E0000008', refused(404, 'E0000008'), 'failed', 'fetch/not-found', /orgUrl/],
    ['E0000009', refused(500, 'E0000009'), 'failed', 'fetch/unavailable', /shorter lookback/],
    ['E0000010', refused(503, 'E0000010'), 'failed', 'fetch/unavailable', /maintenance/],
    ['E0000011', refused(401, 'E0000011'), 'failed', 'fetch/unauthorized', /network zone/],
    ['E0000015', refused(401, 'E0000015'), 'unlicensed', 'fetch/unlicensed', /leave the stream users out/],
    ['E0000022', refused(405, 'E0000022'), 'failed', 'fetch/bad-request', /error id/],
    ['E0000031', refused(400, 'E0000031'), 'failed', 'fetch/bad-request', /error id/],
    ['E0000047', refused(429, 'E0000047'), 'failed', 'fetch/throttled', /a token gets half/],
    ['E0000053', refused(400, 'E0000053'), 'failed', 'fetch/bad-request', /lookback to 90d/],
    ['E0000060', refused(501, 'E0000060'), 'failed', 'fetch/unavailable', /error id/],
    ['E0000100', refused(503, 'E0000100'), 'failed', 'fetch/unavailable', /later/],
    ['a bound token', { ...json({ error: 'invalid_request' }), status: 400 }, 'failed', 'fetch/bad-request', /DPoP/],
    ['a 401 without a body', { status: 401, body: '' }, 'failed', 'fetch/unauthorized', /new API token/],
    ['a 403 without a body', { status: 403, body: '' }, 'denied', 'fetch/permission-denied', /admin role/],
    ['a 429 without a body', { status: 429, body: '' }, 'failed', 'fetch/throttled', /Rate limits/],
    [
      'a gateway in trouble',
      { status: 502, body: '<html>later</html>' },
      'failed',
      'fetch/unavailable',
      /status\.okta/,
    ],
  ])('%s ends the stream, with what to do', async (_, answer, ending, code, hint) => {
    source.on('/api/v1/users', answer);

    const { stream } = await run(['users']);

    expect(stream('users')).toMatchObject({ ending, reason: { code, hint: expect.stringMatching(hint) as string } });
    expect(JSON.stringify(stream('users'))).not.toContain('hush');
  });

  it('E0000053 is not tried again, also where it comes as 500', async () => {
    source.on('/api/v1/logs', refused(500, 'E0000053'));

    const { stream } = await run(['system-log']);

    expect(stream('system-log').reason?.hint).toMatch(/90d/);
    expect(stream('system-log').requests).toBe(1);
  });

  it('a 429 is waited out until the instant that X-Rate-Limit-Reset names', async () => {
    places = shippedPlaces;
    const reset = String(Math.round(Date.now() / 1000) + 100);
    source.on('/api/v1/users', { ...refused(429, 'E0000047'), headers: { 'X-Rate-Limit-Reset': reset } });
    const stop = new AbortController();
    const waits: number[] = [];

    await run(['users'], {
      signal: stop.signal,
      onEvent(told) {
        if (told.kind !== 'waiting') return;
        waits.push(told.ms);
        stop.abort();
      },
    });

    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(80_000);
    expect(waits[0]).toBeLessThan(120_000);
  });

  const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });

  it.each<[string, Answer, string, RegExp]>([
    ['invalid_client', denied(401, 'invalid_client'), 'auth/refused', /keyId is its KID/],
    ['invalid_scope', denied(400, 'invalid_scope'), 'auth/refused', /Super Administrator/],
    ['unauthorized_client', denied(400, 'unauthorized_client'), 'auth/refused', /type API Services/],
    ['unsupported_grant_type', denied(400, 'unsupported_grant_type'), 'auth/refused', /type API Services/],
    ['use_dpop_nonce', denied(400, 'use_dpop_nonce'), 'auth/refused', /untick "Require Demonstrating/],
    ['invalid_dpop_proof', denied(400, 'invalid_dpop_proof'), 'auth/refused', /untick "Require Demonstrating/],
    ['invalid_request', denied(400, 'invalid_request'), 'auth/refused', /own words/],
    ['E0000047', refused(429, 'E0000047'), 'auth/unreachable', /in a loop/],
  ])('%s ends the run before it begins, with what to do', async (_, answer, code, hint) => {
    source.on('/oauth2/v1/token', answer);
    const set = { orgUrl: source.origin, clientId: 'app-1', privateKey: String(privateKey) };

    const error: unknown = await runScratch(places, feed, set, { streams: ['users'] }).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) as string });
  });
});

describe('a connection', () => {
  it.each([
    [{ orgUrl: 'acme-admin.okta.com', apiToken: 't' }, /Leave "-admin" out/],
    [{ orgUrl: 'https://acme.okta.com/oauth2/default', apiToken: 't' }, /host alone/],
    [{ orgUrl: 'acme.okta.com', apiToken: 't', lookback: '7 days' }, /12h or 30d/],
    [{ orgUrl: 'acme.okta.com', clientId: 'c', privateKey: '-----BEGIN PUBLIC KEY-----\nMIIB' }, /PEM or JWK/],
    [{ orgUrl: 'acme.okta.com', clientId: 'c' }, /SLUICE_API_TOKEN/],
  ])('that cannot work is refused before anything is sent: %j', async (set, hint) => {
    const error: unknown = await runScratch(shippedPlaces, feed, set).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(CannotRunError);
    expect(JSON.stringify((error as CannotRunError).issues) + String((error as CannotRunError).hint)).toMatch(hint);
  });
});

function user(id: string) {
  return { id, status: 'ACTIVE', lastUpdated: '2026-01-01T00:00:00.000Z', profile: { login: `${id}@acme.example` } };
}

const push = { id: 'opf1', factorType: 'push', provider: 'OKTA', status: 'ACTIVE' };

const testsBegan = Math.floor(Date.now() / 1000) * 1000;

function minutesAgo(minutes: number): string {
  return new Date(testsBegan - minutes * 60_000).toISOString();
}

function event(number: number) {
  const actor = { id: 'u1', type: 'User', alternateId: 'nora@acme.example', displayName: 'Nora Quist' };
  const published = minutesAgo(30 - number);
  return { uuid: `e-${number}`, published, eventType: 'user.session.start', version: '0', severity: 'INFO', actor };
}

/** Two links as Okta has them, of which one always leads on. */
function linked(rows: readonly object[], next: string): Answer {
  return {
    ...json(rows),
    headers: { link: `</api/v1/logs?limit=100>; rel="self", </api/v1/logs?${next}>; rel="next"` },
  };
}

function refused(status: number, errorCode: string): Answer {
  const body = {
    errorCode,
    errorSummary: 'Something is wrong.',
    errorLink: errorCode,
    errorId: 'oae1',
    errorCauses: [],
  };
  return { ...json(body), status };
}

function denied(status: number, error: string): Answer {
  return { ...json({ error, error_description: 'Something is wrong.' }), status };
}

async function delivered(dir: string, file: string): Promise<Delivered[]> {
  const text = await readFile(join(dir, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Delivered);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Places, RunRequest } from '../../engine/index.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { runScratch } from '../support/run-scratch.ts';
import { changedIntegration, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';
import { type Answer, html, json, type SourceServer, startSourceServer } from '../support/source-server.ts';
import { connectionTo, type DuoAccount, failure, serveDuo } from './duo-account.ts';

const feed = 'cisco-duo';
const folder = join(shippedPlaces.integrationsDirs[0] ?? '', feed);

/** In small pages, so that a small account has several of them, and with retries that cost no time. */
function quickFeed(): Promise<Places> {
  return changedIntegration(feed, (text) =>
    text
      .replace('limit=300', 'limit=2')
      .replace('limit=1000', 'limit=2')
      .replace(/^retry: .*$/m, 'retry: { maxTries: 3, baseDelayMs: 1, maxDelayMs: 2 }'),
  );
}

const user = (number: number, more: object = {}) => ({
  user_id: `DU${String(number).padStart(18, '0')}`,
  username: `user${number}@fabrikam.example`,
  status: 'active',
  is_enrolled: true,
  created: 1_733_047_200,
  phones: [
    { phone_id: 'DPK4L5M6N7P8Q9R1S2T3', number: '+4620010901', activated: true, capabilities: ['auto', 'push'] },
  ],
  ...more,
});

const event = (number: number, minutesAgo: number, more: object = {}) => {
  const happened = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  return {
    txid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    timestamp: Math.floor(Date.parse(happened) / 1000),
    isotimestamp: happened.replace('Z', '456+00:00'),
    event_type: 'authentication',
    result: 'success',
    reason: 'user_approved',
    factor: 'duo_push',
    user: { key: user(number).user_id, name: user(number).username, groups: [] },
    application: { key: 'DI0A1B2C3D4E5F6G7H8J', name: 'Payroll portal' },
    access_device: { ip: '198.51.100.24', location: { city: 'Uppsala', state: 'Uppsala', country: 'Sweden' } },
    ...more,
  };
};

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

async function run(places: Places, streams: readonly string[], more: Partial<RunRequest> = {}) {
  return runScratch(places, feed, connectionTo(server), { streams, ...more });
}

describe('the descriptor of cisco-duo', () => {
  it('says it in at most 45 lines', async () => {
    const text = await readFile(join(folder, 'integration.yaml'), 'utf8');

    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(45);
  });

  it('knows every country that has a code, by the name it goes by', async () => {
    const mapping = await readFile(join(folder, 'mappings', 'authentication-log.authentication.jsonata'), 'utf8');
    const [, entries = ''] = /\$countryCode := \{(.*?)\n {2}\};/s.exec(mapping) ?? [];
    const table = new Map(Object.entries(JSON.parse(`{${entries}}`) as { [name: string]: string }));
    const english = new Intl.DisplayNames(['en'], { type: 'region' });
    const codes = new Set(table.values());

    expect(codes.size).toBe(250); // the 249 of ISO 3166-1, and Kosovo
    for (const [name, code] of table) {
      const usual = english.of(code) ?? '';
      if (table.has(usual)) expect(table.get(usual), name).toBe(code);
    }
  });
});

describe('a run', () => {
  it('reads both streams page by page, each request signed anew, into valid records', async () => {
    const account: DuoAccount = {
      users: [user(1), user(2, { status: 'bypass' }), user(3), user(4), user(5)],
      events: [event(1, 60), event(2, 50), event(3, 40, { event_type: 'enrollment', factor: null }), event(4, 1)],
    };
    serveDuo(server, account);

    const { stream, lines } = await run(await quickFeed(), ['users', 'authentication-log']);

    expect(stream('users')).toMatchObject({ ending: 'complete', pages: 3, accepted: 5, rejected: 0, duplicates: 0 });
    // Held back for two minutes; the page after the last one is empty.
    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', pages: 3, accepted: 3, rejected: 0 });
    const records = [...(await lines('users.ndjson')), ...(await lines('authentication-log.ndjson'))];
    expect(records.flatMap((record) => independentCheck('1.5.0', record))).toEqual([]);
    expect(records.map((record) => (record as { type_uid: number }).type_uid)).toEqual([
      ...Array<number>(5).fill(500302),
      300201,
      300201,
      300110,
    ]);
    expect(records[0]).toHaveProperty('metadata.tenant_uid', '127.0.0.1');
  });

  it('goes on in the log where the last run ended: nothing is lost, and nothing comes twice', async () => {
    const account: DuoAccount = {
      users: [user(1), user(2), user(3)],
      events: [event(1, 60), event(2, 20), event(3, 4)],
    };
    serveDuo(server, account);
    const kept = { state: { dir: await scratchFolder() }, out: { dir: await scratchFolder() } };
    const places = await quickFeed();
    await run(places, ['users', 'authentication-log'], kept);
    account.events.push(event(4, 5)); // late: older than what was read
    account.users = [user(1, { status: 'bypass' }), user(3), user(4)];

    const { stream } = await run(places, ['users', 'authentication-log'], kept);

    // The late one, and again the one inside the ten minutes that are read once more.
    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', received: 2, accepted: 1, duplicates: 1 });
    expect(stream('users')).toMatchObject({ ending: 'complete', received: 3, accepted: 3 });
    expect(await idsIn(kept.out.dir, 'authentication-log.ndjson', 'unmapped', 'txid')).toEqual(
      [1, 2, 3, 4].map((number) => event(number, 0).txid),
    );
    expect(await idsIn(kept.out.dir, 'users.ndjson', 'user', 'uid')).toEqual([1, 3, 4].map((id) => user(id).user_id));
  });

  it.each([
    ['12 hours', '12h', 12 * 3600],
    ['180 days', '180d', 180 * 86_400],
  ])('reads back %s, in milliseconds', async (_, lookback, seconds) => {
    serveDuo(server, { users: [], events: [] });

    await run(await quickFeed(), ['authentication-log'], {
      connection: { set: { ...connectionTo(server), lookback }, env: {} },
    });

    const { mintime, maxtime } = server.requests[0]?.query ?? {};
    expect(Number(maxtime) - Number(mintime)).toBe(seconds * 1000);
  });
});

describe('what goes wrong with Duo', () => {
  const endings: [string, Answer, string, string, RegExp][] = [
    ['40002', failure(40002, 'Invalid request parameters', 'limit'), 'failed', 'fetch/bad-request', /own words name/],
    ['40003', failure(40003, 'Duplicate resource'), 'failed', 'fetch/bad-request', /own words name/],
    ['40101', failure(40101, 'Missing request credentials'), 'denied', 'fetch/unauthorized', /takes the Authorization/],
    ['40102', failure(40102, 'Invalid identity in request credentials'), 'denied', 'fetch/unauthorized', /same page/],
    ['40103', failure(40103, 'Invalid signature in request credentials'), 'denied', 'fetch/unauthorized', /was reset/],
    ['40105', failure(40105, 'Bad request timestamp'), 'failed', 'fetch/unauthorized', /Set the clock/],
    ['40199', failure(40199, 'Something new'), 'denied', 'fetch/unauthorized', /copy .* again/i],
    ['40301', failure(40301, 'Access forbidden'), 'denied', 'fetch/permission-denied', /ticks "Grant read resource"/],
    ['40401', failure(40401, 'Resource not found'), 'failed', 'fetch/not-found', /API hostname alone/],
    ['40501', failure(40501, 'Method not allowed'), 'failed', 'fetch/bad-request', /look for a proxy/],
    ['42901', failure(42901, 'Too Many Requests'), 'failed', 'fetch/throttled', /Other programs/],
    ['50001', failure(50001, 'Unknown internal server error'), 'failed', 'fetch/unavailable', /status\.duo\.com/],
    [
      'FAIL under 200',
      { ...failure(40301, 'Access forbidden'), status: 200 },
      'failed',
      'fetch/bad-request',
      /own words/,
    ],
    ['an HTML page', html(), 'failed', 'fetch/not-json', /./],
    ['no stat', json({ response: [] }), 'complete', '', /./],
  ];

  it.each(endings)('%s ends the stream, with what to do', async (_, answer, ending, code, hint) => {
    server.on('/admin/v1/users', answer);

    const { ending: came, reason } = (await run(await quickFeed(), ['users'])).stream('users');

    expect({ ending: came, code: reason?.code ?? '' }).toEqual({ ending, code });
    if (ending !== 'complete') expect(reason?.hint).toMatch(hint);
  });

  it('40103 comes of a wrong secret key, which no message shows', async () => {
    serveDuo(server, { users: [user(1)], events: [] });
    const secretKey = 'Z'.repeat(40);

    const { stream } = await run(await quickFeed(), ['users'], {
      connection: { set: { ...connectionTo(server), secretKey }, env: {} },
    });

    expect(stream('users')).toMatchObject({ ending: 'denied', reason: { httpStatus: 401 } });
    expect(JSON.stringify(stream('users'))).not.toContain(secretKey);
  });

  it('a key that may read the log only gives the log', async () => {
    serveDuo(server, { users: [], events: [event(1, 60)] });
    server.on('/admin/v1/users', failure(40301, 'Access forbidden'));

    const { stream } = await run(await quickFeed(), ['users', 'authentication-log']);

    expect(stream('users')).toMatchObject({ ending: 'denied' });
    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', accepted: 1 });
  });

  it('429 on the second page is waited out, and the request signed again', async () => {
    const account = { users: [], events: [event(1, 60), event(2, 50), event(3, 40)] };
    serveDuo(server, account);
    const path = '/admin/v2/logs/authentication';
    const first = { authlogs: account.events.slice(0, 2), metadata: { next_offset: ['1773133500123', 'a-b'] } };
    const rest = { authlogs: account.events.slice(2), metadata: { next_offset: null } };
    const tooMany = failure(42901, 'Too Many Requests');
    server.on(path, json({ stat: 'OK', response: first }), tooMany, tooMany, json({ stat: 'OK', response: rest }));

    const { stream } = await run(await quickFeed(), ['authentication-log']);

    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', accepted: 3, retries: 2 });
    expect(server.requests.slice(1).map(({ query }) => query['next_offset'])).toEqual(
      Array<string>(3).fill('1773133500123,a-b'),
    );
  });

  it.each([
    ['https://admin-1a2b3c4d.duosecurity.com', /begins with api-/],
    ['https://api-1a2b3c4d.duosecurity.com/admin/v1', /Give the host alone/],
    ['http://api-1a2b3c4d.duosecurity.com', /must begin with https/],
  ])('%s is refused before anything is sent', async (apiHost, said) => {
    const set = { ...connectionTo(server), apiHost };

    const error: unknown = await run(shippedPlaces, ['users'], { connection: { set, env: {} } }).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toHaveProperty('code', 'connection/wrong-value');
    expect(`${String(error)} ${(error as { hint?: string }).hint ?? ''}`).toMatch(said);
    expect(server.requests).toEqual([]);
  });
});

async function idsIn(dir: string, file: string, object: string, id: string): Promise<unknown[]> {
  const text = await readFile(join(dir, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { [name: string]: { [id: string]: unknown } })[object]?.[id]);
}

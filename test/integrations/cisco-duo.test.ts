import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Places, type RunningSandbox, type RunRequest, startIntegrationSandbox } from '../../engine/index.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { parseLines, runScratch } from '../support/run-scratch.ts';
import { changedIntegration, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';
import { type Answer, html, json, type SourceServer, startSourceServer } from '../support/source-server.ts';

const feed = 'cisco-duo';
const folder = join(shippedPlaces.integrationsDirs[0] ?? '', feed);

const descriptorText = () => readFile(join(folder, 'integration.yaml'), 'utf8');

/** In small pages, and with retries that cost no time. */
function quickened(text: string): string {
  return text
    .replace('limit=300', 'limit=25')
    .replace('limit=1000', 'limit=50')
    .replace(/^retry: .*$/m, 'retry: { maxTries: 3, baseDelayMs: 1, maxDelayMs: 2 }');
}

const set = { integrationKey: `DI${'0'.repeat(18)}`, secretKey: 'Z'.repeat(40) };

function failure(code: number, message: string, detail?: string): Answer {
  return { status: Math.floor(code / 100), body: { stat: 'FAIL', code, message, message_detail: detail ?? null } };
}

describe('the descriptor of cisco-duo', () => {
  it('says it in at most 45 lines', async () => {
    const text = await descriptorText();

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

describe('a run against the sandbox', () => {
  let sandbox: RunningSandbox;
  const open = async (more: { faults?: string[]; without?: string[] } = {}) => {
    sandbox = await startIntegrationSandbox({ places: shippedPlaces, integration: feed, scale: 60, ...more });
    onTestFinished(() => sandbox.close());
  };
  const run = (more: Partial<RunRequest> = {}) =>
    runScratch(places, feed, { ...sandbox.connection, lookback: '180d' }, more);
  let places: Places;
  beforeAll(async () => {
    // In small pages, so that a small account has several of them.
    const dir = await mkdtemp(join(tmpdir(), 'sluice-test-'));
    await cp(folder, join(dir, feed), { recursive: true, filter: (path) => path !== join(folder, 'cases') });
    await writeFile(join(dir, feed, 'integration.yaml'), quickened(await descriptorText()));
    places = { integrationsDirs: [dir], schemasDir: shippedPlaces.schemasDir };
    return () => rm(dir, { recursive: true, force: true });
  });

  it('reads both streams page by page, each request signed anew, into valid records', async () => {
    await open();

    const { stream, lines } = await run();

    // 60 users by 25, 120 events by 50; one enrolment in 33 or so.
    expect(stream('users')).toMatchObject({ ending: 'complete', pages: 3, accepted: 60, rejected: 0, duplicates: 0 });
    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', pages: 3, accepted: 120, rejected: 0 });
    const records = [...(await lines('users.ndjson')), ...(await lines('authentication-log.ndjson'))];
    expect(records.flatMap((record) => independentCheck('1.5.0', record))).toEqual([]);
    expect(new Set(records.map((record) => valueAt(record, 'type_uid')))).toEqual(new Set([500302, 300201, 300110]));
    expect(new Set(records.map((record) => valueAt(record, 'metadata', 'tenant_uid')))).toEqual(new Set(['127.0.0.1']));
  });

  it('goes on in the log where the last run ended: nothing is lost, and nothing comes twice', async () => {
    await open();
    const kept = { state: { dir: await scratchFolder() }, out: { dir: await scratchFolder() } };
    await run(kept);
    const changed = sandbox.change('between-runs');

    const { stream } = await run(kept);

    // Two late events; one of this moment is held back for two minutes.
    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', received: 2, accepted: 2, duplicates: 0 });
    const log = await linesIn(kept.out.dir, 'authentication-log.ndjson');
    expect(log).toHaveLength(122);
    expect(new Set(log.map((record) => valueAt(record, 'unmapped', 'txid'))).size).toBe(122);
    expect(stream('users')).toMatchObject({ ending: 'complete', received: 59, accepted: 59 });
    const users = new Map(
      (await linesIn(kept.out.dir, 'users.ndjson')).map((record) => [valueAt(record, 'user', 'uid'), record]),
    );
    const [updated, deleted] = ['updated', 'deleted'].map((how) => changed.find(({ change }) => change === how)?.key);
    expect(users.size).toBe(59);
    expect(valueAt(users.get(updated), 'unmapped', 'status')).toBe('bypass');
    expect(users.has(deleted)).toBe(false);

    // Read a third time, what lies in the ten minutes before the last end comes again, and is dropped.
    expect((await run(kept)).stream('authentication-log')).toMatchObject({ received: 2, accepted: 0, duplicates: 2 });
  });

  it('a key that may read the log only gives the log', async () => {
    await open({ without: ['Grant read resource'] });

    const { stream } = await run();

    expect(stream('users')).toMatchObject({ ending: 'denied', reason: { code: 'fetch/permission-denied' } });
    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', accepted: 120 });
  });

  it('429 on a page is waited out, and the request signed again', async () => {
    await open({ faults: ['authentication-log:429:2'] });

    const { stream } = await run({ streams: ['authentication-log'] });

    expect(stream('authentication-log')).toMatchObject({ ending: 'complete', accepted: 120, retries: 2 });
  });

  it('a wrong secret key is refused, and no message shows it', async () => {
    await open();

    const { stream } = await runScratch(places, feed, { ...sandbox.connection, secretKey: set.secretKey });

    expect(stream('users')).toMatchObject({
      ending: 'denied',
      reason: { httpStatus: 401, code: 'fetch/unauthorized' },
    });
    expect(JSON.stringify(stream('users'))).not.toContain(set.secretKey);
  });
});

describe('what is asked of Duo, and what goes wrong', () => {
  let server: SourceServer;
  let places: Places;
  beforeEach(async () => {
    server = await startSourceServer();
    places = await changedIntegration(feed, quickened);
  });
  afterEach(() => server.close());
  const run = (streams: readonly string[], more: { readonly [property: string]: string } = {}) =>
    runScratch(places, feed, { apiHost: `${server.origin}/`, ...set, ...more }, { streams });

  it.each([
    ['12 hours', '12h', 12 * 3600],
    ['180 days', '180d', 180 * 86_400],
  ])('reads the log back %s, in milliseconds, until two minutes ago', async (_, lookback, seconds) => {
    server.on('/admin/v2/logs/authentication', json({ stat: 'OK', response: { authlogs: [], metadata: {} } }));

    await run(['authentication-log'], { lookback });

    const { mintime, maxtime } = server.requests[0]?.query ?? {};
    expect(Number(maxtime) - Number(mintime)).toBe(seconds * 1000);
    expect(Date.now() - Number(maxtime)).toBeGreaterThanOrEqual(120_000);
  });

  it('an empty page ends the log, though it says where to go on', async () => {
    const metadata = { next_offset: ['1773133500123', 'a-b'], total_objects: 0 };
    server.on('/admin/v2/logs/authentication', json({ stat: 'OK', response: { authlogs: [], metadata } }));

    expect((await run(['authentication-log'])).stream('authentication-log')).toMatchObject({
      ending: 'complete',
      requests: 1,
    });
  });

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
    ['no stat', json({ response: [] }), 'complete', '', /^$/],
  ];

  it.each(endings)('%s ends the stream, with what to do', async (_, answer, ending, code, hint) => {
    server.on('/admin/v1/users', answer);

    const { ending: came, reason } = (await run(['users'])).stream('users');

    expect({ ending: came, code: reason?.code ?? '' }).toEqual({ ending, code });
    expect(reason?.hint ?? '').toMatch(hint);
  });

  it.each([
    ['https://admin-1a2b3c4d.duosecurity.com', /begins with api-/],
    ['https://api-1a2b3c4d.duosecurity.com/admin/v1', /Give the host alone/],
    ['http://api-1a2b3c4d.duosecurity.com', /must begin with https/],
  ])('%s is refused before anything is sent', async (apiHost, said) => {
    const error: unknown = await run(['users'], { apiHost }).catch((thrown: unknown) => thrown);

    expect(error).toHaveProperty('code', 'connection/wrong-value');
    expect(`${String(error)} ${String(valueAt(error, 'hint'))}`).toMatch(said);
    expect(server.requests).toEqual([]);
  });
});

function valueAt(record: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as { [name: string]: unknown } | undefined)?.[name], record);
}

async function linesIn(dir: string, file: string): Promise<unknown[]> {
  return parseLines(await readFile(join(dir, file), 'utf8'));
}

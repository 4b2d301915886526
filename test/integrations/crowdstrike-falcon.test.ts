import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CannotRunError, type Places, type RunRequest, startIntegrationSandbox } from '../../engine/index.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { parseLines, runScratch } from '../support/run-scratch.ts';
import { changedIntegration, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';
import { type Answer, json, type Reply, type SourceServer, startSourceServer } from '../support/source-server.ts';

const feed = 'crowdstrike-falcon';

describe('the descriptor of crowdstrike-falcon', () => {
  it('says a new vendor in at most 60 lines, and each further stream in at most 8', async () => {
    const [dir = ''] = shippedPlaces.integrationsDirs;
    const text = await readFile(join(dir, feed, 'integration.yaml'), 'utf8');
    const [first = '', ...further] = text.trimEnd().split(/\n(?= {2}(?:hosts-combined|hosts-changed|hidden-hosts):$)/m);

    expect(linesOf(first)).toBeLessThanOrEqual(60);
    expect(further.map(linesOf).filter((lines) => lines > 8)).toEqual([]);
    expect(further).toHaveLength(3);
  });
});

describe('a run against the sandbox of Falcon', () => {
  it.each(['1.1.0', '1.3.0', '1.5.0', '1.8.0'])('gives every host once, valid in OCSF %s', async (ocsfVersion) => {
    const sandbox = await open(120);

    const run = await runScratch(await smallPages(), feed, sandbox.connection, { allStreams: true, ocsfVersion });

    const complete = { ending: 'complete', rejected: 0, duplicates: 0 };
    expect(run.stream('hosts')).toMatchObject({ ...complete, accepted: 120, requests: 3 + 3 + 3 + 1 });
    expect(run.stream('hosts-combined')).toMatchObject({ ...complete, accepted: 120, requests: 1 });
    expect(run.stream('hosts-changed')).toMatchObject(complete);
    expect(run.stream('hidden-hosts')).toMatchObject({ ...complete, accepted: 2 });
    const records = await Promise.all(run.report.streams.map(({ stream }) => run.lines(`${stream}.ndjson`)));
    expect(records.flat().flatMap((record) => independentCheck(ocsfVersion, record))).toEqual([]);
    expect(new Set(records.flat().map(deviceUid)).size).toBe(120 + 2);
  });

  it('reads the whole fleet anew, and finds what came, changed and went meanwhile', async () => {
    const sandbox = await open(60);
    const state = { dir: await scratchFolder() };
    const first = await runScratch(shippedPlaces, feed, sandbox.connection, { streams: ['hosts'], state });
    const [appended, late, updated, deleted] = sandbox.change('between-runs').map(({ key }) => key);

    const second = await runScratch(shippedPlaces, feed, sandbox.connection, { streams: ['hosts'], state });

    const [before, after] = [await first.lines('hosts.ndjson'), await second.lines('hosts.ndjson')];
    expect([before.length, after.length]).toEqual([60, 61]);
    expect(before.map(deviceUid)).toContain(deleted);
    expect(after.map(deviceUid)).not.toContain(deleted);
    expect(after.map(deviceUid)).toEqual(expect.arrayContaining([appended, late]));
    expect(after.find((record) => deviceUid(record) === updated)).toMatchObject({ unmapped: { status: 'contained' } });
  });

  it('goes on by what changed, with what was indexed late and nothing twice', async () => {
    const sandbox = await open(1000);
    const state = { dir: await scratchFolder() };
    const out = { dir: await scratchFolder() };
    const more = { streams: ['hosts-changed'], state, out };
    // Late in the day the sandbox has hardly a host that changed in the last one.
    const places = await changedIntegration(feed, (text) => text.replace('lookback: 1d', 'lookback: 2d'));
    const first = (await runScratch(places, feed, sandbox.connection, more)).stream('hosts-changed');
    // Record 7 is not of these days, so the first run has not seen it.
    const [, late, updated] = sandbox.change('between-runs').map(({ key }) => key);

    const second = (await runScratch(places, feed, sandbox.connection, more)).stream('hosts-changed');
    const third = (await runScratch(places, feed, sandbox.connection, more)).stream('hosts-changed');

    expect(first.accepted).toBeGreaterThan(3);
    // The host that checked in just now is younger than two minutes: a later run has it.
    expect(second).toMatchObject({ ending: 'complete', accepted: 2 });
    expect(third).toMatchObject({ ending: 'complete', accepted: 0, duplicates: 2 });
    const text = await readFile(join(out.dir, 'hosts-changed.ndjson'), 'utf8');
    const records = parseLines(text);
    expect(records).toHaveLength(first.accepted + 2);
    expect(records.slice(-2).map(deviceUid).sort()).toEqual([late, updated].sort());
  });

  it('begins anew when the scroll token has died, and gives every host once', async () => {
    const sandbox = await open(120, ['hosts:expired-page-token']);

    const { stream } = await runScratch(await smallPages(), feed, sandbox.connection, { streams: ['hosts'] });

    expect(stream('hosts')).toMatchObject({ ending: 'complete', accepted: 120, duplicates: 50 });
  });

  it('lets nobody in with a wrong secret', async () => {
    const sandbox = await open(10);

    const run = runScratch(shippedPlaces, feed, { ...sandbox.connection, clientSecret: 'wrong' });

    await expect(run).rejects.toMatchObject({ code: 'auth/refused' });
  });

  function smallPages(): Promise<Places> {
    return changedIntegration(feed, (text) => {
      return text.replaceAll('limit=2000', 'limit=50').replaceAll('batch: 500', 'batch: 20');
    });
  }

  async function open(scale: number, faults: readonly string[] = []) {
    const sandbox = await startIntegrationSandbox({ places: shippedPlaces, integration: feed, scale, faults });
    onTestFinished(() => sandbox.close());
    return sandbox;
  }
});

describe('what goes wrong with Falcon', () => {
  let source: SourceServer;
  let places: Places;
  beforeEach(async () => {
    source = await startSourceServer();
    places = await changedIntegration(feed, (text) => {
      return text.replace('baseDelayMs: 2000, maxDelayMs: 60000', 'maxTries: 2, baseDelayMs: 1, maxDelayMs: 2');
    });
    source.on('/oauth2/token', token);
    source.on(scroll, listed(['a', 'b'], 'next=='), listed([], ''));
    source.on(entities, records);
  });
  afterEach(() => source.close());

  it.each([
    ['a wrong secret', refused(403, 'Failed to issue access token - Not Authorized'), /base URL shown there/],
    ['a malformed request', refused(400, 'invalid request'), /base URL shown there/],
    ['an address that is not let in', refused(403, 'access denied, authorization failed'), /IP allowlist management/],
  ])('%s ends the run before it begins, with what to do', async (_what, answer, hint) => {
    source.on('/oauth2/token', answer);

    const error: unknown = await run(['hosts']).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toHaveProperty('code', 'auth/refused');
    expect(error).toHaveProperty('hint', expect.stringMatching(hint));
  });

  const endings: [string, string, Answer, string, string, RegExp][] = [
    [
      'a token of another cloud',
      scroll,
      refused(401, 'access denied, invalid bearer token'),
      'failed',
      'fetch/unauthorized',
      /another cloud than us-1/,
    ],
    [
      'a missing scope',
      scroll,
      refused(403, 'access denied, authorization failed'),
      'denied',
      'fetch/permission-denied',
      /tick Hosts: Read/,
    ],
    [
      'a scope that is not permitted',
      entities,
      refused(403, 'scope not permitted'),
      'denied',
      'fetch/permission-denied',
      /tick Hosts: Read/,
    ],
    [
      'the ceiling of 10,000',
      scroll,
      refused(400, 'limit + offset must be less than 10000'),
      'failed',
      'fetch/bad-request',
      /no such end/,
    ],
    [
      'the ceiling, in other words',
      scroll,
      refused(400, 'offset 10000 and limit 100 are invalid; offset + limit must be less than or equal to 10000'),
      'failed',
      'fetch/bad-request',
      /no such end/,
    ],
    [
      'a filter',
      scroll,
      refused(400, 'invalid filter expression supplied'),
      'failed',
      'fetch/bad-request',
      /filtered by/,
    ],
    [
      'a first request that is refused',
      scroll,
      refused(400, 'Bad request'),
      'failed',
      'fetch/expired-page-token',
      /this stream alone/,
    ],
    ['an unknown path', entities, refused(404, 'no such thing'), 'failed', 'fetch/not-found', /base address/],
    [
      'the rate limit',
      scroll,
      refused(429, 'API rate limit exceeded'),
      'failed',
      'fetch/throttled',
      /all API clients of the tenant/,
    ],
    ['trouble', scroll, refused(500, 'internal error'), 'failed', 'fetch/unavailable', /status page/],
    [
      'a gateway in trouble',
      entities,
      { status: 503, body: '<html>try later</html>' },
      'failed',
      'fetch/unavailable',
      /status page/,
    ],
    [
      'an error inside a 200',
      entities,
      failing([{ code: 500, message: 'shard failed' }]),
      'failed',
      'fetch/unavailable',
      /trace id/,
    ],
    [
      'another error inside a 200',
      entities,
      failing([{ code: 400, message: 'odd' }]),
      'failed',
      'fetch/bad-request',
      /own words/,
    ],
  ];

  it.each(endings)('%s ends the stream, with what to do', async (_what, path, answer, ending, code, hint) => {
    source.on(path, answer);

    const { stream } = await run(['hosts']);

    expect(stream('hosts')).toMatchObject({ ending, reason: { code, hint: expect.stringMatching(hint) as string } });
  });

  it('a redirect to another cloud is not followed with the secret, and names the setting', async () => {
    const location = 'https://api.eu-1.crowdstrike.com/oauth2/token';
    source.on('/oauth2/token', { status: 308, headers: { location } });

    await expect(run(['hosts'])).rejects.toMatchObject({
      code: 'auth/bad-answer',
      message: expect.stringMatching(/to https:\/\/api\.eu-1\.crowdstrike\.com; .* another cloud than us-1/) as string,
      hint: expect.stringMatching(/^Set cloud/) as string,
    });
  });

  it('a parent tenant asks for a token of the child it names, and of itself otherwise', async () => {
    source.on(scroll, listed([], ''));

    await run(['hosts'], { connection: { set: { ...connection(), memberCid: 'c-7' }, env: {} } });
    await run(['hosts']);

    const tokens = source.requests.filter(({ path }) => path === '/oauth2/token');
    expect(tokens.map(({ form }) => form['member_cid'])).toEqual(['c-7', undefined]);
  });

  it('too many tokens are told as such', async () => {
    source.on('/oauth2/token', refused(429, 'too many requests'));

    await expect(run(['hosts'])).rejects.toMatchObject({
      code: 'auth/unreachable',
      hint: expect.stringMatching(/tokens in a loop/) as string,
    });
  });

  it('a host that vanished between list and record costs the others nothing', async () => {
    source.on(entities, failing([{ code: 404, message: 'not found', id: 'b' }], [{ device_id: 'a', cid: 'c' }]));

    expect((await run(['hosts'])).stream('hosts')).toMatchObject({ ending: 'complete', received: 1, accepted: 1 });
  });

  it.each(['Bad request', 'invalid offset'])('a scroll token that expired begins the list anew: %s', async (said) => {
    source.on(scroll, listed(['a', 'b'], 'old=='), refused(400, said), listed(['a', 'b'], 'new=='), listed(['c'], ''));

    expect((await run(['hosts'])).stream('hosts')).toMatchObject({ ending: 'complete', accepted: 3, duplicates: 2 });
  });

  it('a token that expired is renewed once, and the stream goes on', async () => {
    source.on(scroll, refused(401, 'access denied, invalid bearer token'), listed(['a'], ''));

    const { stream } = await run(['hosts']);

    expect(stream('hosts')).toMatchObject({ ending: 'complete', accepted: 1, retries: 1 });
    expect(source.requests.filter(({ path }) => path === '/oauth2/token')).toHaveLength(2);
  });

  it.each([
    ['seconds', (instantMs: number) => Math.round(instantMs / 1000)],
    ['milliseconds', (instantMs: number) => instantMs],
  ])('a 429 is waited out until the instant it names in %s', async (_unit, told) => {
    const headers = { 'X-Ratelimit-Retryafter': String(told(Date.now() + 100_000)) };
    source.on(scroll, { ...refused(429, 'API rate limit exceeded'), headers });
    const stop = new AbortController();
    const waits: number[] = [];

    await run(['hosts'], {
      signal: stop.signal,
      onEvent(event) {
        if (event.kind !== 'waiting') return;
        waits.push(event.ms);
        stop.abort();
      },
    });

    expect(waits).toHaveLength(1);
    expect(waits[0]).toBeGreaterThan(80_000);
    expect(waits[0]).toBeLessThan(120_000);
  });

  it('the filter of hosts-changed arrives with its plus signs', async () => {
    source.on(scroll, listed(['a'], ''));

    await run(['hosts-changed']);

    const [list] = source.requests.filter(({ path }) => path.startsWith(scroll));
    const second = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    expect(list?.path).toContain('%2Bmodified_timestamp');
    expect(list?.query['filter']).toMatch(
      new RegExp(`^modified_timestamp:>='${second}'\\+modified_timestamp:<='${second}'$`),
    );
  });

  function run(streams: readonly string[], more: Partial<RunRequest> = {}) {
    return runScratch(places, feed, connection(), { streams, ...more });
  }

  function connection() {
    return { apiUrl: source.origin, clientId: 'id-1', clientSecret: 'secret-1' };
  }
});

function deviceUid(record: unknown): string {
  return (record as { device: { uid: string } }).device.uid; // every record of the feed has one
}

const scroll = '/devices/queries/devices-scroll/v1';
const entities = '/devices/entities/devices/v2';
const meta = { query_time: 0.1, powered_by: 'device-api', trace_id: '55555555-6666-4777-8888-999999999999' };

/** A success is 201 here. */
const token: Reply = { ...json({ access_token: 't-1', token_type: 'bearer', expires_in: 1799 }), status: 201 };

const records: Reply = ({ body }) => {
  const { ids } = JSON.parse(body) as { ids: string[] }; // what the descriptor sends
  return json({ meta, errors: [], resources: ids.map((id) => ({ device_id: id, cid: 'c' })) });
};

function listed(ids: readonly string[], offset: string): Answer {
  return json({ meta: { ...meta, pagination: { total: 3, offset } }, errors: [], resources: ids });
}

function refused(status: number, message: string): Answer {
  return { ...json({ meta, errors: [{ code: status, message }], resources: null }), status };
}

function failing(errors: readonly object[], resources: readonly object[] = []): Answer {
  return json({ meta, errors, resources });
}

function linesOf(text: string): number {
  return text.split('\n').length;
}

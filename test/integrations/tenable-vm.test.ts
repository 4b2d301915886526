import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  CannotRunError,
  checkIntegration,
  type Places,
  type RunningSandbox,
  type RunRequest,
  startIntegrationSandbox,
} from '../../engine/index.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { parseLines, runScratch, type ScratchRun } from '../support/run-scratch.ts';
import { changedIntegration, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';
import { type Answer, json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

const feed = 'tenable-vm';

/** The shipped feed and its sandbox, but that nobody waits: for a job, for another try, for room. */
let places: Places;
beforeEach(async () => {
  places = await changedIntegration(feed, (text) => {
    const quick = text.replace('giveUpAfterSeconds: 14400', 'giveUpAfterSeconds: 14400, firstSeconds: 0.01');
    return quick.replace('rateLimits:', 'retry: { maxTries: 2, baseDelayMs: 1, maxDelayMs: 2 }\nrateLimits:');
  });
  const [dir = ''] = places.integrationsDirs;
  const sandbox = join(dir, feed, 'sandbox', 'sandbox.yaml');
  await writeFile(
    sandbox,
    (await readFile(sandbox, 'utf8')).replace(/^ {2}retryAfterSeconds: 1$/m, '  retryAfterSeconds: 0'),
  );
});

/** `scale`: so many assets. */
async function sandboxOf({
  faults = [],
  scale = 60,
}: {
  faults?: string[];
  scale?: number;
} = {}): Promise<RunningSandbox> {
  const sandbox = await startIntegrationSandbox({ places, integration: feed, faults, scale });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

const run = (set: { readonly [property: string]: string }, more: Partial<RunRequest> = {}): Promise<ScratchRun> =>
  runScratch(places, feed, set, more);

type Told = {
  readonly class_uid: number;
  readonly activity_name: string;
  readonly status_code?: string;
  readonly message: string;
  readonly device: { readonly uid: string };
  readonly finding_info?: { readonly uid: string };
};

/** The feed's records have at least these; every one is checked against its class besides. */
const records = (lines: readonly unknown[]): Told[] => lines as Told[];

describe('the descriptor of tenable-vm', () => {
  it('says a new vendor with two streams in at most 60 lines', async () => {
    const [dir = ''] = shippedPlaces.integrationsDirs;
    const text = await readFile(join(dir, feed, 'integration.yaml'), 'utf8');

    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  });
});

describe('a run against the sandbox', () => {
  it('delivers every finding above info and every host once, each valid, and of one device', async () => {
    const { connection } = await sandboxOf({ scale: 120 });

    const { report, stream, lines } = await run({ ...connection, assetsPerChunk: '50' });

    expect(report.exitCode).toBe(0);
    expect(stream('vulnerabilities')).toMatchObject({ ending: 'complete', pages: 3, accepted: 262, duplicates: 0 });
    expect(stream('assets')).toMatchObject({ ending: 'complete', accepted: 112, duplicates: 0 });
    const findings = records(await lines('vulnerabilities.ndjson'));
    const assets = records(await lines('assets.ndjson'));
    expect([...findings, ...assets].flatMap((record) => independentCheck('1.5.0', record))).toEqual([]);
    const hosts = new Set(assets.map(({ device }) => device.uid));
    expect([findings.length, assets.length, hosts.size]).toEqual([262, 112, 112]);
    expect(findings.filter(({ device }) => hosts.has(device.uid)).length).toBeGreaterThan(200);
  });

  it('takes the severities that the connection names', async () => {
    const { connection } = await sandboxOf();

    const { stream } = await run({ ...connection, severities: 'critical, info' }, { streams: ['vulnerabilities'] });

    expect(stream('vulnerabilities').accepted).toBeGreaterThan(0);
    expect(stream('vulnerabilities').accepted).toBeLessThan(145);
  });
});

describe('runs that go on from one another', () => {
  async function filesOf(dir: string) {
    const read = async (name: string) => records(parseLines(await readFile(join(dir, `${name}.ndjson`), 'utf8')));
    return { findings: await read('vulnerabilities'), assets: await read('assets') };
  }

  it('add a late finding, one that was fixed and an asset that was deleted, and nothing twice', async () => {
    const { connection, change } = await sandboxOf();
    const dir = await scratchFolder();
    const more = { out: { dir }, state: { dir: await scratchFolder() } };
    change({ append: 'findings', fields: { _plugin: 'acme', severity: 'high', state: 'OPEN' }, parent: 9 });

    const first = await run(connection, more);
    const changed = change('between-runs');
    const second = await run(connection, more);
    const third = await run(connection, more);

    expect(first.stream('vulnerabilities').accepted).toBe(146);
    // What the overlap brings again was delivered.
    expect(second.stream('vulnerabilities')).toMatchObject({ ending: 'complete', accepted: 2, duplicates: 1 });
    expect(second.stream('assets')).toMatchObject({ ending: 'complete', accepted: 1, duplicates: 0 });
    expect(third.stream('vulnerabilities')).toMatchObject({ ending: 'complete', accepted: 0, duplicates: 3 });
    const { findings, assets } = await filesOf(dir);
    const keys = changed.map(({ key }) => key);
    expect(findings.slice(146).map(({ finding_info, activity_name }) => [finding_info?.uid, activity_name])).toEqual(
      expect.arrayContaining([
        [keys[0], 'Update'],
        [keys[1], 'Close'],
      ]),
    );
    expect(assets.slice(56)).toMatchObject([{ activity_name: 'Deleted', device: { uid: keys[3] } }]);
    expect([findings.length, assets.length]).toEqual([148, 57]);
  });

  it('deliver what came of an export with failed chunks, and export the same span again', async () => {
    const broken = await sandboxOf({ faults: ['vulnerabilities-status:lost-chunks'], scale: 120 });
    const dir = await scratchFolder();
    const more = { out: { dir }, state: { dir: await scratchFolder(), connection: 'larkfield' } };

    const first = await run({ ...broken.connection, assetsPerChunk: '50' }, more);
    const { connection } = await sandboxOf({ scale: 120 });
    const second = await run({ ...connection, assetsPerChunk: '50' }, more);

    const delivered = first.stream('vulnerabilities').accepted;
    expect(first.stream('vulnerabilities')).toMatchObject({ ending: 'failed', reason: { code: 'fetch/job-failed' } });
    expect(delivered).toBeGreaterThan(0);
    expect(second.stream('vulnerabilities')).toMatchObject({ ending: 'complete', accepted: 262 - delivered });
    const { findings } = await filesOf(dir);
    expect(new Set(findings.map(({ finding_info }) => finding_info?.uid)).size).toBe(262);
    expect(findings).toHaveLength(262);
  });
});

describe('a check', () => {
  it('finds both streams ready and begins no export', async () => {
    const { connection } = await sandboxOf({ faults: ['vulnerabilities:500', 'assets:500'] });

    const { streams } = await checkIntegration({
      places,
      integration: feed,
      connection: { set: connection, env: {} },
      pace: false,
    });

    expect(streams.map(({ stream, state }) => [stream, state])).toEqual([
      ['vulnerabilities', 'ready'],
      ['assets', 'ready'],
    ]);
  });
});

describe('what goes wrong with Tenable', () => {
  it.each([
    ['wrong keys', 'vulnerabilities:401', 'denied', 'fetch/unauthorized', /one valid pair/],
    [
      'a user who may not export',
      'vulnerabilities:missing-permission',
      'denied',
      'fetch/permission-denied',
      /Can View/,
    ],
    ['a filter or a size', 'vulnerabilities:bad-filter', 'failed', 'fetch/bad-request', /assetsPerChunk/],
    ['a chunk that is not ready', 'vulnerabilities-chunk:chunk-not-ready', 'failed', 'fetch/unavailable', /Run again/],
    ['a chunk older than a day', 'vulnerabilities-chunk:404', 'failed', 'fetch/not-found', /begins a new export/],
    ['a job that is gone', 'vulnerabilities-status:expired-job', 'failed', 'fetch/not-found', /begins a new export/],
    ['the limit, as HTML', 'vulnerabilities:429', 'failed', 'fetch/throttled', /Limits count per user/],
    ['ten exports at once', 'vulnerabilities:too-many-jobs', 'failed', 'fetch/throttled', /other programs that export/],
    ['trouble', 'vulnerabilities-status:500', 'failed', 'fetch/unavailable', /status page/],
    ['a gateway in trouble', 'vulnerabilities-chunk:502', 'failed', 'fetch/unavailable', /status page/],
    ['the same export, of nobody', 'vulnerabilities:409', 'failed', 'fetch/job-failed', /Another program/],
    ['an export that ends in an error', 'vulnerabilities:failed-job', 'failed', 'fetch/job-failed', /Run again/],
    ['a chunk that is cut off', 'vulnerabilities-chunk:truncated', 'failed', 'fetch/not-json', /./],
  ])('%s ends the stream alone, with what to do', async (_what, fault, ending, code, hint) => {
    const { connection } = await sandboxOf({ faults: [fault], scale: 2 });

    const { stream } = await run(connection);

    expect(stream('vulnerabilities')).toMatchObject({
      ending,
      reason: { code, hint: expect.stringMatching(hint) as string },
    });
    expect(stream('assets').ending).toBe('complete');
  });

  it.each([
    ['one key twice', { secretKey: 'aa11', accessKey: 'aa11' }, /shows both/],
    ['a whole header as the access key', { accessKey: 'accessKey=aa11;secretKey=bb22' }, /up to the semicolon/],
    ['a part of the header as the secret key', { secretKey: 'secretKey=bb22' }, /after "secretKey="/],
    ['the address of the web site', { url: 'https://www.tenable.com' }, /cloud\.tenable\.com/],
    ['a severity there is not', { severities: 'low,hihg' }, /Did you mean "high"/],
  ])('%s in the connection is told before anything is sent', async (_what, mistaken, hint) => {
    const { connection } = await sandboxOf();

    const error: unknown = await run({ ...connection, ...mistaken }).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toHaveProperty('hint', expect.stringMatching(hint));
  });
});

describe('what the vendor says of a job', () => {
  let source: SourceServer;
  beforeEach(async () => {
    source = await startSourceServer();
    onTestFinished(() => source.close());
  });
  const connected = () => ({ container: 'larkfield', accessKey: 'aa11', secretKey: 'bb22', url: source.origin });
  const found = (state: string, chunks: readonly number[] = []): Answer =>
    json({ status: state, chunks_available: chunks });

  it('sends keys, size, filters and a time in whole seconds', async () => {
    source.on('/vulns/export', json({ export_uuid: 'e-1' }));
    source.on('/vulns/export/e-1/status', found('FINISHED'));
    const from = Math.floor(Date.now() / 1000);

    await run({ ...connected(), lookback: '90s', softwareDetails: 'true' }, { streams: ['vulnerabilities'] });

    const [create] = source.requests;
    expect(create).toMatchObject({ method: 'POST', headers: { 'x-apikeys': 'accessKey=aa11;secretKey=bb22' } });
    const { filters, ...rest } = JSON.parse(create?.body ?? '{}') as { filters: { since: number } };
    expect(rest).toEqual({ num_assets: 500, include_unlicensed: true, include_software_vulns: true });
    expect(filters).toMatchObject({
      state: ['open', 'reopened', 'fixed'],
      severity: ['low', 'medium', 'high', 'critical'],
    });
    expect(filters.since).toBeGreaterThanOrEqual(from - 90);
    expect(filters.since).toBeLessThanOrEqual(from - 85);
  });

  it('takes over an export with the same filters that is under way', async () => {
    source.on('/vulns/export', status(409, {}, { active_job_id: 'e-9', failure_reason: 'duplicate' }));
    source.on('/vulns/export/e-9/status', found('PROCESSING', [3]), found('FINISHED', [1, 3]));
    source.on('/vulns/export/e-9/chunks/1', json([]));
    source.on('/vulns/export/e-9/chunks/3', json([]));

    const { stream } = await run(connected(), { streams: ['vulnerabilities'] });

    expect(stream('vulnerabilities')).toMatchObject({ ending: 'complete', pages: 2, received: 0 });
  });

  it('is complete without a chunk, and fails where somebody cancels it', async () => {
    source.on('/vulns/export', json({ export_uuid: 'e-1' }));
    source.on('/vulns/export/e-1/status', found('QUEUED'), found('FINISHED'));
    source.on('/assets/v2/export', json({ export_uuid: 'e-2' }));
    source.on('/assets/export/e-2/status', found('QUEUED'), found('CANCELLED'));

    const { stream } = await run(connected());

    expect(stream('vulnerabilities')).toMatchObject({ ending: 'complete', received: 0 });
    expect(stream('assets')).toMatchObject({
      ending: 'failed',
      reason: { code: 'fetch/job-failed', message: expect.stringContaining('CANCELLED') as string },
    });
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StreamReport } from '../../engine/index.ts';
import { openSandbox, type Options } from '../sandbox/entra-sandbox.ts';
import type { ScratchRun } from '../support/run-scratch.ts';
import { cannotRun, type Connection, type More, quickFeed, runFeed } from './entra-run.ts';

// Every run here also proves that its books balance (runScratch) and that no secret or token is told (runFeed).

const users = 'user-registration-details';
const devices = 'devices';
const allUsers = 60;
const allDevices = 42;

const another = '11111111-2222-4333-8444-555555555555';

async function open(options: Options = {}): Promise<Connection> {
  const { connection } = await openSandbox({ scale: allUsers, retryAfterSeconds: 0.01, ...options });
  return connection;
}

/** The two lists, of which one goes wrong; the other must not care. */
async function devicesGoWrong(fault: string, more: More = {}): Promise<{ run: ScratchRun; stream: StreamReport }> {
  const run = await runFeed(await open({ faults: [`devices:${fault}`] }), { streams: [users, devices], ...more });
  expect(run.stream(users)).toMatchObject({ ending: 'complete', accepted: allUsers });
  return { run, stream: run.stream(devices) };
}

async function uidsOf(run: ScratchRun, stream = devices): Promise<string[]> {
  const records = (await run.lines(`${stream}.ndjson`)) as { metadata: { uid: string } }[]; // as every record of ours
  return records.map(({ metadata }) => metadata.uid).sort();
}

let whole: Promise<string[]> | undefined;
/** The records of the devices where nothing goes wrong. */
function wholeDevices(): Promise<string[]> {
  whole ??= open()
    .then((connection) => runFeed(connection, { streams: [devices] }))
    .then((run) => uidsOf(run));
  return whole;
}

/** A host that must never hear of us. */
async function listener(): Promise<{ port: number; heard: () => number }> {
  let heard = 0;
  const server = createServer((_, response) => response.end('{"value":[]}'));
  server.on('connection', () => (heard += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // A server that listens on a port has an address of this form.
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

describe('credentials that the sign-in address refuses', () => {
  const cases: { what: string; options?: Options; set?: Connection; message: RegExp; hint: RegExp }[] = [
    {
      what: 'a wrong secret is named as one, with the page that shows the right one',
      set: { clientSecret: 'not~the.right+secret' },
      message: /AADSTS7000215.*secret is wrong/,
      hint: /https:\/\/entra\.microsoft\.com, App registrations, Certificates & secrets.*Value/,
    },
    {
      what: 'an expired secret must be made anew',
      options: { credentials: { secretExpired: true } },
      message: /AADSTS7000222.*expired/,
      hint: /Certificates & secrets, create a new one/,
    },
    {
      what: 'an unknown tenant is named, and the other cloud thought of',
      set: { tenantId: another },
      message: new RegExp(`does not know the tenant "${another}"`),
      hint: /Directory \(tenant\) ID.*set cloud/,
    },
    {
      what: 'an unknown application is named',
      set: { clientId: another },
      message: new RegExp(`AADSTS700016.*"${another}"`),
      hint: /Application \(client\) ID/,
    },
    {
      what: 'an address of Graph that belongs to another cloud is said to be one',
      options: { faults: ['token:unknown-resource'] },
      message: /refuses the requested scope/,
      hint: /graphUrl must be the Graph address of the same cloud as loginUrl/,
    },
  ];

  it.each(cases)('$what', async ({ options, set = {}, message, hint }) => {
    const { error, report } = await cannotRun(await open(options), { set });

    expect(error.code).toBe('auth/refused');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect(report).toMatchObject({ exitCode: 2 });
  });

  it('are refused by us where the application id stands for the tenant id, before anything is sent', async () => {
    const sandbox = await openSandbox();

    const { error } = await cannotRun(sandbox.connection, { set: { tenantId: sandbox.connection['clientId'] ?? '' } });

    expect(error).toMatchObject({ code: 'connection/wrong-value', hint: expect.stringMatching(/Overview/) as string });
    expect(error.message).toMatch(/tenant id and the client id are the same/);
    expect(sandbox.requests()).toEqual({});
  });

  it.each([
    { what: 'the ID of a secret', clientSecret: another, hint: /column Value/ },
    { what: 'a secret with a line break from pasting', clientSecret: 'pasted~from.a+page/1234\n', hint: /./ },
  ])('are refused by us for $what, before anything is sent', async ({ clientSecret, hint }) => {
    const sandbox = await openSandbox();

    const { error } = await cannotRun(sandbox.connection, { set: { clientSecret } });

    expect(error.code).toBe('connection/wrong-value');
    expect(error.hint).toMatch(hint);
    expect(sandbox.requests()).toEqual({});
  });
});

describe('a sign-in address in trouble', () => {
  it.each([
    ['token:html', 'auth/bad-answer'],
    ['token:503', 'auth/unreachable'],
    ['token:hang-up', 'auth/unreachable'],
    ['token:truncated', 'auth/bad-answer'],
  ])('of %s ends the run as %s, with what to do', async (fault, code) => {
    const { error, report } = await cannotRun(await open({ faults: [fault] }));

    expect(error.code).toBe(code);
    expect(error.hint).toMatch(/\w{4,}/);
    expect(report).toMatchObject({ exitCode: 2 });
  });

  it('that recovers does no harm', async () => {
    const run = await runFeed(await open({ faults: ['token:503:2'] }), { streams: [devices] });

    expect(run.report.exitCode).toBe(0);
    expect(await uidsOf(run)).toEqual(await wholeDevices());
  });
});

describe('a source that refuses', () => {
  it('for want of a permission is told which one, and where to consent', async () => {
    const connection = await open({ without: ['Device.Read.All'] });

    const run = await runFeed(connection, { streams: [users, devices] });

    expect(run.report.exitCode).toBe(1);
    expect(run.stream(users)).toMatchObject({ ending: 'complete', accepted: allUsers });
    const { ending, reason } = run.stream(devices);
    expect({ ending, code: reason?.code, httpStatus: reason?.httpStatus }).toEqual({
      ending: 'denied',
      code: 'fetch/permission-denied',
      httpStatus: 403,
    });
    expect(reason?.message).toContain('lacks the permission Device.Read.All');
    expect(reason?.hint).toMatch(/API permissions, add .* permission Device\.Read\.All/);
    const { loginUrl = '', tenantId = '', clientId = '' } = connection;
    expect(reason?.hint).toContain(`${loginUrl}/${tenantId}/adminconsent?client_id=${clientId}`);
    expect(reason?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('for want of the permission of all reports denies what stands on them, and reads the devices', async () => {
    const run = await runFeed(await open({ without: ['AuditLog.Read.All', 'Reports.Read.All'] }));

    const endings = Object.fromEntries(run.report.streams.map(({ stream, ending }) => [stream, ending]));
    expect(endings).toMatchObject({ [users]: 'denied', 'user-events-summary': 'denied', [devices]: 'complete' });
    expect(run.stream(users).reason?.hint).toContain('AuditLog.Read.All');
    for (const { ending, reason } of run.report.streams) {
      if (ending !== 'complete') expect(reason?.hint).toMatch(/AuditLog\.Read\.All/);
    }
  });

  it('with a 403 that says nothing is still told which permission to grant', async () => {
    const { stream } = await devicesGoWrong('403');

    expect(stream).toMatchObject({ ending: 'denied', reason: { code: 'fetch/permission-denied' } });
    expect(stream.reason?.hint).toContain('Device.Read.All');
  });

  it('for want of a licence names the licence', async () => {
    const run = await runFeed(await open({ unlicensed: true }), { streams: [users, devices] });

    expect(run.stream(devices).ending).toBe('complete');
    expect(run.stream(users)).toMatchObject({ ending: 'unlicensed', reason: { code: 'fetch/unlicensed' } });
    expect(run.stream(users).reason?.hint).toContain('Microsoft Entra ID P1 or P2');
  });

  it('has retired the endpoint: its emptiness is no news, and the successor is named', async () => {
    const stream = 'user-credential-usage-details';

    const run = await runFeed(await open(), { streams: [stream] });

    expect(run.stream(stream)).toMatchObject({
      ending: 'retired',
      received: 0,
      reason: { code: 'fetch/retired', hint: expect.stringContaining('user-events-summary') as string },
    });
    expect(run.report.exitCode).toBe(1);
  });

  it.each(['404', '410'])('has taken the retired endpoint away (%s)', async (status) => {
    const stream = 'user-credential-usage-details';

    const run = await runFeed(await open({ faults: [`${stream}:${status}`] }), { streams: [stream] });

    expect(run.stream(stream)).toMatchObject({ ending: 'retired', reason: { code: 'fetch/retired' } });
  });
});

describe('trouble for ever on one stream', () => {
  const cases: { fault: string; ending: string; code: string; message: RegExp; hint: RegExp }[] = [
    { fault: '429', ending: 'failed', code: 'fetch/throttled', message: /429/, hint: /Run again later/ },
    { fault: '429-bare', ending: 'failed', code: 'fetch/throttled', message: /429/, hint: /Run again later/ },
    { fault: '500', ending: 'failed', code: 'fetch/unavailable', message: /500/, hint: /Try again later/ },
    { fault: '503', ending: 'failed', code: 'fetch/unavailable', message: /503.*4 tries/, hint: /Try again later/ },
    { fault: '504', ending: 'failed', code: 'fetch/unavailable', message: /504/, hint: /Try again later/ },
    { fault: 'html:503', ending: 'failed', code: 'fetch/unavailable', message: /HTML page/, hint: /Try again later/ },
    { fault: 'html', ending: 'failed', code: 'fetch/not-json', message: /HTML page instead of JSON/, hint: /proxy/ },
    { fault: 'truncated', ending: 'failed', code: 'fetch/not-json', message: /cut off/, hint: /proxy/ },
    { fault: 'empty-body', ending: 'failed', code: 'fetch/not-json', message: /empty body/, hint: /address/ },
    {
      fault: 'wrong-shape',
      ending: 'failed',
      code: 'fetch/wrong-shape',
      message: /array at "\/value"/,
      hint: /vendor/,
    },
    { fault: 'hang-up', ending: 'failed', code: 'fetch/network', message: /broke off/, hint: /proxy or firewall/ },
    {
      fault: 'drop-connection',
      ending: 'failed',
      code: 'fetch/network',
      message: /broke off/,
      hint: /proxy or firewall/,
    },
    { fault: '404', ending: 'failed', code: 'fetch/not-found', message: /404/, hint: /address/ },
    {
      fault: 'expired-token',
      ending: 'failed',
      code: 'fetch/unauthorized',
      message: /fresh one/,
      hint: /same cloud.*clock/,
    },
    { fault: 'loop', ending: 'failed', code: 'fetch/paging-loop', message: /same page twice/, hint: /paging/ },
    { fault: 'loop:2', ending: 'failed', code: 'fetch/paging-loop', message: /seen before/, hint: /vendor/ },
    {
      fault: 'expired-page-token:2',
      ending: 'failed',
      code: 'fetch/expired-page-token',
      message: /expired/,
      hint: /alone/,
    },
  ];

  it.each(cases)('$fault ends it as $ending, $code; the others complete', async (expected) => {
    const { run, stream } = await devicesGoWrong(expected.fault);

    expect({ ending: stream.ending, code: stream.reason?.code }).toEqual({
      ending: expected.ending,
      code: expected.code,
    });
    expect(stream.reason?.message).toMatch(expected.message);
    expect(stream.reason?.hint).toMatch(expected.hint);
    expect(run.report.exitCode).toBe(1);
  });

  it.each(['hang', 'stalled'])('silence (%s) does not hang the run', async (fault) => {
    const impatient = 'responseTimeoutMs: 80\n  bodyTimeoutMs: 80\n  clientRequestIdHeader:';
    const places = await quickFeed((text) => text.replace('clientRequestIdHeader:', impatient));

    const run = await runFeed(await open({ faults: [`devices:${fault}`] }), { places, streams: [devices] });

    expect(run.stream(devices)).toMatchObject({ ending: 'failed', reason: { code: 'fetch/network' } });
    expect(run.stream(devices).reason?.hint).toMatch(/\w{4,}/);
  });

  it('a page beyond the size cap is refused before it is read whole', async () => {
    const places = await quickFeed((text) =>
      text.replace('clientRequestIdHeader:', 'maxPageBytes: 1000000\n  clientRequestIdHeader:'),
    );

    const { stream } = await devicesGoWrong('big-field', { places });

    expect(stream).toMatchObject({ ending: 'failed', received: 0, reason: { code: 'fetch/too-large' } });
    expect(stream.reason?.hint).toMatch(/\w{4,}/);
  });
});

describe('an address of another host', () => {
  it.each(['foreign-link', 'redirect'])('in a %s is refused, and that host hears nothing', async (fault) => {
    const { port, heard } = await listener();

    const { stream } = await devicesGoWrong(`${fault}:${port}`);

    expect(stream).toMatchObject({ ending: 'failed', reason: { code: 'fetch/foreign-link' } });
    expect(stream.reason?.message).toContain(`http://127.0.0.1:${port}; nothing was sent there`);
    expect(stream.reason?.hint).toMatch(/descriptor/);
    expect(heard()).toBe(0);
  });

  it('in a redirect of the sign-in address is refused, and that host does not hear the secret', async () => {
    const { port, heard } = await listener();

    const { error } = await cannotRun(await open({ faults: [`token:redirect:${port}`] }));

    expect(error.code).toMatch(/^(auth|fetch)\//);
    expect(error.hint).toMatch(/\w{4,}/);
    expect(heard()).toBe(0);
  });
});

describe('trouble that passes', () => {
  const faults = ['429:3', '429-every:2', '503:3', '500:1', 'truncated:1', 'hang-up:2', 'drop-connection:1'];
  it.each(faults)('%s is waited out, and nothing is lost or doubled', async (fault) => {
    const { run, stream } = await devicesGoWrong(fault);

    expect(stream).toMatchObject({ ending: 'complete', received: allDevices, accepted: allDevices });
    expect(stream.retries).toBeGreaterThan(0);
    expect(await uidsOf(run)).toEqual(await wholeDevices());
  });

  it('a wait that the source asks for is obeyed', async () => {
    const connection = await open({ faults: ['devices:429:2'], retryAfterSeconds: 0.07 });

    const announced: number[] = [];

    const run = await runFeed(connection, {
      streams: [devices],
      onEvent: (event) => {
        if (event.kind === 'waiting' && event.why !== 'rate limit') announced.push(event.ms);
      },
    });

    expect(run.stream(devices)).toMatchObject({ ending: 'complete', retries: 2 });
    expect(announced).toEqual([70, 70]);
  });

  it('a token that expires in mid-run is renewed once, for all streams', async () => {
    const sandbox = await openSandbox({ scale: allUsers, faults: ['devices:expired-token:1'] });

    const run = await runFeed(sandbox.connection, { streams: [users, devices] });

    expect(run.report.exitCode).toBe(0);
    expect(sandbox.requests()['token']?.requests).toBe(2);
    expect(await uidsOf(run)).toEqual(await wholeDevices());
  });

  it('a page token that expires once starts the list again; what was read already is no record twice', async () => {
    const { run, stream } = await devicesGoWrong('expired-page-token:1');

    expect(stream).toMatchObject({ ending: 'complete', accepted: allDevices, duplicates: 20 });
    expect(await uidsOf(run)).toEqual(await wholeDevices());
  });

  it('empty pages with a next link are gone through', async () => {
    const { run, stream } = await devicesGoWrong('empty-pages');

    expect(stream).toMatchObject({ ending: 'complete', pages: 6, received: allDevices });
    expect(await uidsOf(run)).toEqual(await wholeDevices());
  });

  it('rows sent twice are counted as duplicates and delivered once', async () => {
    const { run, stream } = await devicesGoWrong('duplicate-rows');

    expect(stream).toMatchObject({ ending: 'complete', accepted: allDevices, duplicates: 6 });
    expect(await uidsOf(run)).toEqual(await wholeDevices());
  });
});

describe('rows that are not as documented', () => {
  it('of wrong types are rejected with a pointer, a reason and the row; the others are accepted', async () => {
    const { run, stream } = await devicesGoWrong('wrong-types:3');

    expect(stream).toMatchObject({ ending: 'complete', accepted: 28, rejected: 14 });
    expect(run.report.exitCode).toBe(1);
    const lines = await run.lines('rejected.ndjson');
    expect(lines).toHaveLength(14);
    const issue = { code: expect.stringMatching(/^ocsf\//) as string, pointer: expect.stringMatching(/^\//) as string };
    for (const line of lines) {
      expect(line).toMatchObject({ stream: devices, source: { id: expect.any(String) as string } });
      expect(line).toMatchObject({ issues: expect.arrayContaining([expect.objectContaining(issue)]) as unknown });
    }
  });

  it.each([users, 'user-events-summary'])('with values no list knows are accepted as they came (%s)', async (name) => {
    const run = await runFeed(await open({ faults: [`${name}:unknown-enums:2`] }), { streams: [name] });

    expect(run.stream(name)).toMatchObject({ ending: 'complete', rejected: 0 });
    expect(JSON.stringify(await run.lines(`${name}.ndjson`))).toContain('inventedTomorrow');
  });

  it('with a field of 10 MB are delivered whole', async () => {
    const { run, stream } = await devicesGoWrong('big-field:10');

    expect(stream).toMatchObject({ ending: 'complete', accepted: allDevices });
    expect(
      Math.max(...(await run.lines('devices.ndjson')).map((record) => JSON.stringify(record).length)),
    ).toBeGreaterThan(10_000_000);
  });

  it('that are no objects are rejected as such', async () => {
    const { run, stream } = await devicesGoWrong('not-objects:5');

    expect(stream).toMatchObject({ ending: 'complete', accepted: 34, rejected: 8 });
    expect((await run.lines('rejected.ndjson'))[0]).toMatchObject({ issues: [{ code: 'fetch/row-not-object' }] });
  });

  it('without their key are delivered, as they cannot be told apart from others', async () => {
    const { run, stream } = await devicesGoWrong('missing-key:5');

    expect(stream).toMatchObject({ ending: 'complete', received: allDevices, duplicates: 0 });
    expect(new Set(await uidsOf(run)).size).toBe(stream.accepted);
  });
});

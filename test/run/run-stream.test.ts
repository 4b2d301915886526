import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunEvent, runIntegration } from '../../engine/index.ts';
import { runScratch } from '../support/run-scratch.ts';
import {
  acmeDescriptor,
  acmeIntegration,
  person,
  scratchFolder,
  scratchIntegration,
} from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

const connected = () => ({ url: server.origin });

describe('the body of a request', () => {
  const descriptor = acmeDescriptor({
    streams: `  people:
    summary: One record a person.
    path: /people
    body: { json: { teams: "{teams}", most: "{most}" } }
    records: { kind: rows, pointer: /items }
    class: user_inventory
`,
  }).replace(
    '    token:',
    '    teams: { title: Teams, type: list, enum: [red, blue, green], default: "red, blue" }\n    most: { title: Most, type: integer, default: 5 }\n    token:',
  );

  it('holds a list where a connection property of type list stands alone', async () => {
    server.on('/people', { body: { items: [] } });

    await runScratch(await acmeIntegration(descriptor), 'acme', connected());

    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      { teams: ['red', 'blue'], most: 5 },
    ]);
  });

  it('is never sent where the list holds an item that there is not', async () => {
    const run = runScratch(await acmeIntegration(descriptor), 'acme', { ...connected(), teams: 'red,gren' });

    await expect(run).rejects.toMatchObject({ message: expect.stringContaining('cannot hold "gren"') as string });
    expect(server.requests).toEqual([]);
  });
});

describe('a stream whose source fails', () => {
  it('fails after the tries of the descriptor when the source answers 503 for ever', async () => {
    server.on('/people', { status: 503, body: {} });

    const { report, stream } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({
      ending: 'failed',
      requests: 4,
      retries: 3,
      received: 0,
      reason: { code: 'fetch/unavailable', httpStatus: 503 },
    });
    expect(report.exitCode).toBe(1);
  });

  it('keeps what was accepted before the source broke off', async () => {
    server.on('/people', { body: { items: [person(1), person(2)], next: server.url('/people/2').href } });
    server.on('/people/2', { status: 500, body: {} });

    const { stream, lines } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ ending: 'failed', pages: 1, received: 2, accepted: 2 });
    expect(await lines('people.ndjson')).toHaveLength(2);
  });

  it('is denied at 403 and says what to do', async () => {
    server.on('/people', { status: 403, body: {} });

    const { stream } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({
      ending: 'denied',
      requests: 1,
      reason: { code: 'fetch/permission-denied', httpStatus: 403 },
    });
    expect(stream('people').reason?.hint).toBeTruthy();
  });

  it.each([
    [
      'HTML instead of JSON',
      { headers: { 'content-type': 'text/html' }, body: '<html><body>Sign in</body></html>' },
      'fetch/not-json',
    ],
    [
      'JSON cut off in the middle',
      { headers: { 'content-type': 'application/json' }, body: '{"items": [{"id": "p-1"' },
      'fetch/not-json',
    ],
    ['JSON of another shape', { body: { rows: [] } }, 'fetch/wrong-shape'],
  ])('fails on %s', async (_, answer, code) => {
    server.on('/people', answer);

    const { stream } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ ending: 'failed', received: 0, reason: { code } });
  });

  it('fails on a next link that was followed before, and keeps the rows once', async () => {
    server.on('/people', { body: { items: [person(1)], next: server.url('/people/2').href } });
    server.on('/people/2', { body: { items: [person(2)], next: server.url('/people').href } });

    const { stream, lines } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ ending: 'failed', accepted: 2, reason: { code: 'fetch/paging-loop' } });
    expect(await lines('people.ndjson')).toHaveLength(2);
  });

  it('sends nothing to another host that a next link names', async () => {
    const foreign = await startSourceServer();
    foreign.on('/people', { body: { items: [] } });
    server.on('/people', { body: { items: [person(1)], next: foreign.url('/people').href } });

    const { stream } = await runScratch(await acmeIntegration(), 'acme', connected());
    await foreign.close();

    expect(stream('people')).toMatchObject({ ending: 'failed', accepted: 1, reason: { code: 'fetch/foreign-link' } });
    expect(foreign.requests).toEqual([]);
  });

  it('leaves the other streams alone', async () => {
    const streams = `  people: { summary: People., path: /people, records: { kind: rows, pointer: /items }, class: user_inventory }
  guests: { summary: Guests., path: /guests, records: { kind: rows, pointer: /items }, class: user_inventory, mapping: people.jsonata }
`;
    server.on('/people', { status: 500, body: {} });
    server.on('/guests', { body: { items: [person(1)] } });

    const { stream } = await runScratch(await acmeIntegration(acmeDescriptor({ streams })), 'acme', connected());

    expect(stream('people').ending).toBe('failed');
    expect(stream('guests')).toMatchObject({ ending: 'complete', accepted: 1 });
  });
});

describe('the rows of a stream', () => {
  it('are delivered in the order of the source, page by page', async () => {
    server.on('/people', { body: { items: [person(1), person(2)], next: server.url('/people/2').href } });
    server.on('/people/2', { body: { items: [person(3)] } });

    const { report, stream, lines } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ ending: 'complete', pages: 2, requests: 2, received: 3, accepted: 3 });
    expect(stream('people').reason).toBeUndefined();
    expect(await lines('people.ndjson')).toMatchObject([
      { user: { uid: 'p-1' } },
      { user: { uid: 'p-2' } },
      { user: { uid: 'p-3' } },
    ]);
    expect(report.exitCode).toBe(0);
  });

  it('are rejected one by one, with pointer, reason and source, and the run goes on', async () => {
    const bad = person(2, { mfa: 'yes' });
    server.on('/people', { body: { items: [person(1), bad, person(3)] } });

    const { report, stream, lines } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ ending: 'complete', received: 3, accepted: 2, rejected: 1 });
    expect(await lines('rejected.ndjson')).toMatchObject([
      {
        stream: 'people',
        origin: { page: 1, row: 2 },
        issues: [{ code: 'ocsf/wrong-type', pointer: '/user/has_mfa' }],
        source: bad,
      },
    ]);
    expect(report.exitCode).toBe(1);
  });

  it('are rejected, not lost, where they are no objects', async () => {
    server.on('/people', { body: { items: [null, 7, 'text', [], person(1)] } });

    const { stream, lines } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ received: 5, accepted: 1, rejected: 4 });
    expect(
      (await lines('rejected.ndjson')).map((line) => (line as { issues: { code: string }[] }).issues[0]?.code),
    ).toEqual(Array.from({ length: 4 }, () => 'fetch/row-not-object'));
  });

  it('are rejected where the mapping raises an error', async () => {
    const places = await scratchIntegration('acme', {
      'integration.yaml': acmeDescriptor(),
      'mappings/people.jsonata':
        '{ "activity_id": 2, "severity_id": 1, "user": { "uid": id }, "time": $toMillis(since) }',
    });
    server.on('/people', {
      body: { items: [person(1, { since: 'last Tuesday' }), person(2, { since: '2026-01-01T00:00:00Z' })] },
    });

    const { stream, lines } = await runScratch(places, 'acme', connected());

    expect(stream('people')).toMatchObject({ accepted: 1, rejected: 1 });
    expect(await lines('rejected.ndjson')).toMatchObject([{ issues: [{ code: 'mapping/failed' }] }]);
  });

  it('count once where the source sends one twice, on the same page or a later one', async () => {
    server.on('/people', { body: { items: [person(1), person(1)], next: server.url('/people/2').href } });
    server.on('/people/2', { body: { items: [person(2), person(1)] } });

    const { stream, lines } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ received: 4, accepted: 2, duplicates: 2 });
    expect(await lines('people.ndjson')).toHaveLength(2);
  });

  it('are all kept where they lack the primary key but differ', async () => {
    const [nameless, other] = [person(1), person(2)].map(({ name, mfa }) => ({ name, mfa }));
    server.on('/people', { body: { items: [nameless, other, nameless] } });

    const { stream } = await runScratch(await acmeIntegration(), 'acme', connected());

    expect(stream('people')).toMatchObject({ received: 3, accepted: 2, duplicates: 1 });
  });

  it('keep their metadata.uid from run to run, and get another when they change', async () => {
    const places = await acmeIntegration();
    const uidOf = async (row: object) => {
      server.on('/people', { body: { items: [row] } });
      const [record] = await (await runScratch(places, 'acme', connected())).lines('people.ndjson');
      return (record as { metadata: { uid: string } }).metadata.uid;
    };
    const { id, name, mfa } = person(1);

    const first = await uidOf({ id, name, mfa });

    expect(await uidOf({ mfa, name, id })).toBe(first);
    expect(await uidOf({ id, name: 'renamed@acme.example', mfa })).not.toBe(first);
  });

  it('lose the fields that the stream drops, and no others', async () => {
    const streams = `  people: { summary: People., path: /people, records: { kind: rows, pointer: /items }, class: user_inventory, drop: { "_*": internal, secretNote: private } }
`;
    server.on('/people', { body: { items: [person(1, { _etag: 'x', secretNote: 'y', office: 'North' })] } });

    const { lines } = await runScratch(await acmeIntegration(acmeDescriptor({ streams })), 'acme', connected());

    expect(await lines('people.ndjson')).toMatchObject([{ unmapped: { office: 'North' } }]);
    expect(JSON.stringify(await lines('people.ndjson'))).not.toMatch(/_etag|secretNote/);
  });
});

describe('a run that ends early', () => {
  it('stops at the limit and says that there is more', async () => {
    server.on('/people', { body: { items: [person(1), person(2), person(3)] } });

    const { stream } = await runScratch(await acmeIntegration(), 'acme', connected(), { limit: 2 });

    expect(stream('people')).toMatchObject({
      ending: 'stopped',
      received: 2,
      accepted: 2,
      reason: { code: 'run/limit-reached' },
    });
  });

  it('is complete where the limit is as large as the list', async () => {
    server.on('/people', { body: { items: [person(1), person(2)] } });

    const { stream } = await runScratch(await acmeIntegration(), 'acme', connected(), { limit: 2 });

    expect(stream('people').ending).toBe('complete');
  });

  it('keeps what was accepted when it is interrupted, and writes the report', async () => {
    const interruption = new AbortController();
    server.on('/people', { body: { items: [person(1)], next: server.url('/people/2').href } });
    server.on('/people/2', { hang: 'before' });
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'page') setTimeout(() => interruption.abort(), 20);
    };

    const { report, stream, lines, dir } = await runScratch(await acmeIntegration(), 'acme', connected(), {
      signal: interruption.signal,
      onEvent,
    });

    expect(stream('people')).toMatchObject({ ending: 'stopped', accepted: 1, reason: { code: 'run/interrupted' } });
    expect(await lines('people.ndjson')).toHaveLength(1);
    expect(report.exitCode).toBe(1);
    expect(JSON.parse(await readFile(join(dir, 'report.json'), 'utf8'))).toEqual(report);
  });
});

describe('the files of a run', () => {
  it('never show half a file under its final name', async () => {
    server.on('/people', { body: { items: [person(1)], next: server.url('/people/2').href } });
    const dir = await scratchFolder();
    const seen: string[][] = [];
    server.on('/people/2', async () => {
      seen.push(await readdir(dir));
      return { body: { items: [person(2)] } };
    });

    await runIntegration({
      places: await acmeIntegration(),
      integration: 'acme',
      connection: { set: connected(), env: {} },
      out: { dir },
      pace: false,
    });

    expect(seen).toEqual([['people.ndjson.part']]);
    expect((await readdir(dir)).sort()).toEqual(['manifest.json', 'people.ndjson', 'rejected.ndjson', 'report.json']);
    expect((await stat(join(dir, 'rejected.ndjson'))).size).toBe(0);
  });
});

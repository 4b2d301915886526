import { access, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunEvent, type RunRequest, runIntegration } from '../../engine/index.ts';
import { parseLines } from '../support/run-scratch.ts';
import { acmeDescriptor, acmeIntegration, acmePeople, person, scratchFolder } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

const endless = `  people:
    summary: One record a change.
    path: "/people?since={from.iso}"
    records: { kind: rows, pointer: /items }
    pagination: { kind: next-link, pointer: /next }
    cursor: { kind: next-link, lookback: 1d }
    class: user_inventory
`;

async function setUp(streams: string) {
  const places = await acmeIntegration(acmeDescriptor({ streams }));
  const [dir, state] = [await scratchFolder(), await scratchFolder()];
  const notices: string[] = [];
  const run = (more: Partial<RunRequest> = {}) =>
    runIntegration({
      places,
      integration: 'acme',
      connection: { set: { url: server.origin }, env: {} },
      out: { dir },
      state: { dir: state, saveEveryMs: 0 },
      pace: false,
      onEvent: (event) => {
        if (event.kind === 'notice') notices.push(event.message);
      },
      ...more,
    });
  const ids = async () =>
    parseLines(await readFile(join(dir, 'people.ndjson'), 'utf8')).map(
      (line) => (line as { user: { uid: string } }).user.uid,
    );
  const stateFile = async () => {
    const [connection = ''] = await readdir(join(state, 'acme'));
    return join(state, 'acme', connection, 'people.json');
  };
  return { run, ids, dir, state, stateFile, notices };
}

/** Serves an endless list: what was asked so far is behind its link. */
function serveEndless(people: { id: string }[]): void {
  server.on('/people', ({ query }) => {
    const after = Number(query['after'] ?? 0);
    const items = people.slice(after, after + 2);
    return { body: { items, next: `/people?after=${after + items.length}` } };
  });
}

describe('a run that cannot go on', () => {
  it('begins nothing where a state file cannot be read, and begins anew when told to', async () => {
    const { run, ids, stateFile } = await setUp(endless);
    serveEndless([person(1)]);
    await run();
    const asked = server.requests.length;
    await writeFile(await stateFile(), '{ "formatVersion": 9 }');

    await expect(run()).rejects.toMatchObject({ code: 'state/unreadable' });
    expect(server.requests).toHaveLength(asked);

    const { state } = await setUp(endless);
    await run({ state: { dir: state, full: true } });
    expect(await ids()).toEqual(['p-1']);
  });

  it('lets go of the lock, whatever happened', async () => {
    const { run, state } = await setUp(endless);
    server.on('/people', { status: 500, body: {} });

    await run();

    expect((await readdir(state, { recursive: true })).filter((name) => name.endsWith('lock'))).toEqual([]);
  });
});

describe('a stream with a cursor', () => {
  it('appends what is new, and nothing where there is nothing', async () => {
    const { run, ids, dir } = await setUp(endless);
    const people = [person(1), person(2), person(3)];
    serveEndless(people);
    await run();
    await run();
    expect(await ids()).toEqual(['p-1', 'p-2', 'p-3']);

    people.push(person(4));
    const report = await run();

    expect(await ids()).toEqual(['p-1', 'p-2', 'p-3', 'p-4']);
    expect(report.streams).toMatchObject([{ ending: 'complete', received: 1, accepted: 1 }]);
    const manifest: unknown = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'));
    const size = (await readFile(join(dir, 'people.ndjson'))).length;
    expect(manifest).toMatchObject({
      files: {
        'people.ndjson': [
          { from: 0, records: 3 },
          { records: 1, to: size, runId: report.runId },
        ],
      },
    });
  });

  it('reads all and replaces its file when told to begin anew', async () => {
    const { run, ids, state } = await setUp(endless);
    serveEndless([person(1), person(2)]);
    await run();

    await run({ state: { dir: state, full: true } });

    expect(await ids()).toEqual(['p-1', 'p-2']);
  });

  it('keeps its rejected rows beside those of later runs', async () => {
    const { run, dir } = await setUp(endless);
    const people = [person(1, { mfa: 'perhaps' })];
    serveEndless(people);
    await run();

    people.push(person(2, { mfa: 'never' }));
    await run();

    const rejected = parseLines(await readFile(join(dir, 'rejected.ndjson'), 'utf8'));
    expect(rejected).toMatchObject([{ source: { id: 'p-1' } }, { source: { id: 'p-2' } }]);
  });

  it('goes on where its source broke off, without a row lost or twice', async () => {
    const { run, ids } = await setUp(endless);
    server.on(
      '/people',
      { body: { items: [person(1), person(2)], next: '/people/b' } },
      { status: 404, body: {} }, // its first page is not asked for a second time
    );
    server.on('/people/b', { status: 403, body: {} }, { body: { items: [person(3)], next: '/people/c' } });
    server.on('/people/c', { body: { items: [], next: '/people/c' } });

    expect((await run()).streams).toMatchObject([{ ending: 'denied', accepted: 2 }]);
    expect(await ids()).toEqual(['p-1', 'p-2']);
    expect((await run()).streams).toMatchObject([{ ending: 'complete', accepted: 1 }]);
    expect(await ids()).toEqual(['p-1', 'p-2', 'p-3']);
  });

  it('finishes the page in hand when it is interrupted', async () => {
    const { run, ids } = await setUp(endless);
    const people = Array.from({ length: 6 }, (_, index) => person(index));
    serveEndless(people);
    const interruption = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'page') interruption.abort();
    };

    const first = await run({ signal: interruption.signal, onEvent });
    await run();

    expect(first.streams).toMatchObject([
      { ending: 'stopped', pages: 1, accepted: 2, reason: { code: 'run/interrupted' } },
    ]);
    expect(await ids()).toEqual(people.map(({ id }) => id));
  });

  it('leaves what lies there from before where its first reading gets nothing', async () => {
    const { run, ids, dir } = await setUp(endless);
    await writeFile(join(dir, 'people.ndjson'), '{"user":{"uid":"kept"}}\n');
    server.on('/people', { status: 500, body: {} });

    await run();

    expect(await ids()).toEqual(['kept']);
  });

  it('goes to a pipe from its cursor as well', async () => {
    const { run, dir } = await setUp(endless);
    const people = [person(1)];
    serveEndless(people);
    const { PassThrough } = await import('node:stream');
    const pipe = new PassThrough();
    await run({ out: { dir, records: pipe } });
    people.push(person(2));
    await run({ out: { dir, records: pipe } });

    expect(parseLines(String(pipe.read()))).toMatchObject([{ user: { uid: 'p-1' } }, { user: { uid: 'p-2' } }]);
    await expect(access(join(dir, 'people.ndjson'))).rejects.toThrow();
  });
});

describe('a reading that a crash has cut', () => {
  /** Dies as a process would: in the middle of the second page, with nothing after it reaching the disk. */
  async function cut(set: Awaited<ReturnType<typeof setUp>>): Promise<void> {
    server.on('/people', { body: { items: [person(1), person(2)], next: '/people/b' } });
    const copy = await scratchFolder();
    server.on('/people/b', async () => {
      // Asked for while the first page is still being worked on.
      await vi.waitFor(async () => access(await set.stateFile()));
      await cp(set.state, copy, { recursive: true });
      return { status: 403, body: {} };
    });
    await set.run();
    // The run went on to its end; what it did after that moment is undone.
    await cp(copy, set.state, { recursive: true });
    await rm(join(dirname(await set.stateFile()), 'lock'));
    const records = await readFile(join(set.dir, 'people.ndjson'), 'utf8');
    await writeFile(join(set.dir, 'people.ndjson.part'), `${records}{"half":`);
    await rm(join(set.dir, 'people.ndjson'));
    server.on('/people/b', { body: { items: [person(3)] } });
  }

  it('goes on behind its last page, and says so', async () => {
    const set = await setUp(acmePeople);
    await cut(set);
    const before = server.requests.length;

    const report = await set.run();

    expect(server.requests.slice(before).map(({ path }) => path)).toEqual(['/people/b']);
    expect(report.streams).toMatchObject([
      { ending: 'complete', pages: 2, received: 3, resumed: { pages: 1, received: 2 } },
    ]);
    expect(await set.ids()).toEqual(['p-1', 'p-2', 'p-3']);
    expect(set.notices).toMatchObject([expect.stringContaining('goes on behind page 1')]);
  });

  it('is read anew where its files are gone, and says so', async () => {
    const set = await setUp(acmePeople);
    await cut(set);
    await rm(join(set.dir, 'people.ndjson.part'));

    const report = await set.run();

    expect(report.streams[0]?.resumed).toBeUndefined();
    expect(await set.ids()).toEqual(['p-1', 'p-2', 'p-3']);
    expect(set.notices).toMatchObject([expect.stringContaining('is read anew')]);
  });

  it('is read anew where the keys of its rows are gone', async () => {
    const set = await setUp(acmePeople);
    await cut(set);
    const folder = dirname(await set.stateFile());
    for (const name of await readdir(folder)) if (name.endsWith('.keys')) await rm(join(folder, name));

    const report = await set.run();

    expect(report.streams).toMatchObject([{ ending: 'complete', received: 3 }]);
    expect(set.notices).toMatchObject([expect.stringContaining('is read anew')]);
  });

  it('is read anew where another folder is written to', async () => {
    const set = await setUp(acmePeople);
    await cut(set);

    const report = await set.run({ out: { dir: await scratchFolder() } });

    expect(report.streams).toMatchObject([{ received: 3 }]);
    expect(set.notices).toMatchObject([expect.stringContaining(set.dir)]);
  });

  it('begins anew where rows were counted for another stream', async () => {
    const counted = `${acmePeople}  sums: { summary: Sums., class: base_event, mapping: people.jsonata, derive: { kind: count, from: people, counters: { all: {} } } }\n`;
    const set = await setUp(counted);
    server.on('/people', { body: { items: [person(1)], next: '/people/b' } });
    const kept: string[] = [];
    server.on('/people/b', async () => {
      kept.push(...(await readdir(set.state, { recursive: true })).filter((name) => name.endsWith('people.json')));
      return { body: { items: [person(2)] } };
    });

    await set.run();

    expect(kept).toEqual([]);
  });
});

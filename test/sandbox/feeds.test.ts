import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningSandbox, runIntegration, startIntegrationSandbox } from '../../engine/index.ts';
import { parseLines } from '../support/run-scratch.ts';
import { quickRetry, scratchFolder, scratchIntegration } from '../support/scratch-integration.ts';

/** An invented vendor: one description of what it does, and one feed for each way of reading it. */
const sandbox = `
formatVersion: 1
scale: 300
values: { ikey: DIACME, skey: sandbox-secret }
connection: { url: '{origin}', ikey: '{ikey}', skey: '{skey}' }
auth: { kind: signed-request, keyId: '{ikey}', key: '{skey}', algorithm: sha512, sign: ['{date}', '{method}', '{host}', '{path}', '{query}', '{body.sha512}'] }
paging: { sizeParameter: limit, tokenParameter: after, envelope: { items: '{rows}', next: '{next}', after: '{nextToken}' } }
errors: { named: { resync: { status: 410, say: { code: resync, message: Begin again. } } } }
routes:
  people: { path: /people, answer: { kind: list, collection: people, pageSize: 100 } }
  keys: { path: '/people/{id}/keys', answer: { kind: list, collection: keys, parent: id } }
  ids: { path: /ids, answer: { kind: list, collection: people, row: '{id}', pageSize: 120, paging: { kind: offset, tokenParameter: offset, ceiling: 10000, envelope: { items: '{rows}', total: '{total}' } } } }
  details: { method: POST, path: /details, answer: { kind: details, collection: people, ids: /ids, max: 50, missing: { id: '{id}' }, envelope: { items: '{rows}', errors: '{missing}' } } }
  delta: { path: /people/delta, answer: { kind: delta, collection: people, deltaParameter: token, paging: { envelope: { items: '{rows}', next: '{next}', delta: '{delta}' } }, removed: { id: '{key}', gone: true } } }
  tail: { path: /tail, answer: { kind: list, collection: log, pageSize: 100, paging: { linkHeader: true, endlessUnless: until, envelope: '{rows}' }, filters: [{ parameter: since, field: _at, is: '>=', unit: iso, once: true }] } }
  log:
    path: /log
    answer:
      kind: list
      collection: log
      pageSize: 100
      sort: { default: descending, parameter: sort, choices: { 'ts:asc': ascending } }
      heldBackSeconds: 120
      filters: [{ parameter: mintime, field: _at, is: '>=', unit: ms, required: true, below: maxtime }, { parameter: maxtime, field: _at, is: '<=', unit: ms, required: true }]
  export: { method: POST, path: /export, answer: { kind: job, collection: people, size: { parameter: /size, default: 50 }, filters: [{ parameter: /since, field: _modified, is: '>=', unit: seconds }], body: { job: '{job}' } } }
  export-status: { path: '/export/{job}/status', answer: { kind: job-status, of: export, body: { state: '{state}', chunks: '{chunks}' } } }
  export-chunk: { path: '/export/{job}/chunks/{chunk}', answer: { kind: job-chunk, of: export } }
collections:
  people: { order: _modified, key: id, updated: { _modified: { ago: 0s }, name: Renamed }, fields: { id: { unique: P, length: 20, letters: upper }, name: 'person{number}@acme.example', _modified: { series: [30, 1], digits: 3 }, modified: '{_modified}' } }
  keys: { each: { collection: people, count: [0, 2] }, key: id, fields: { id: 'k-{number}', name: '{parent.name}' } }
  log: { order: _at, key: id, fields: { id: { uuid: true }, name: 'Event {number}', _at: { series: [3, 0], digits: 3 }, at: '{_at}' } }
changes:
  between-runs: [{ append: log }, { append: log, late: 1h }, { append: people }, { update: people, number: 7 }, { delete: people, number: 9 }]
`;

const common = `summary: One record each., mapping: people.jsonata`;
const descriptor = `formatVersion: 1
name: acme
title: Acme
summary: An invented vendor.
product: { vendorName: Acme, name: Acme }
ocsf: { version: 1.5.0 }
connection:
  required: [url, ikey, skey]
  properties: { url: { title: Address, format: base-url }, ikey: { title: Key }, skey: { title: Secret, secret: true } }
baseUrl: "{url}"
auth: { kind: signed-request, key: "{skey}", algorithm: sha512, sign: ["{date}", "{method}", "{host}", "{path}", "{query}", "{body.sha512}"], header: { name: Authorization, value: ["{ikey}", "{signature}"] } }
${quickRetry}
defaults: { records: { kind: rows, pointer: /items }, primaryKey: [id], class: user_inventory }
streams:
  people: { ${common}, path: /people, pagination: { kind: next-link, pointer: /next } }
  keys: { ${common}, path: "/people/{parent.id}/keys", parent: { stream: people, concurrency: 2 } }
  hydrated: { ${common}, path: /ids?limit=120, pagination: { kind: offset, parameter: offset, pageSize: 120, totalPointer: /total }, hydrate: { path: /details, batch: 50, body: { json: { ids: "{ids}" } } } }
  delta: { ${common}, path: /people/delta, pagination: { kind: next-link, pointer: /next }, cursor: { kind: delta-link, pointer: /delta, removed: /gone } }
  tail: { ${common}, path: /tail, records: { kind: rows, pointer: "" }, pagination: { kind: link-header }, cursor: { kind: next-link, lookback: 30d, query: { since: "{from.iso}" } } }
  log: { ${common}, path: "/log?sort=ts:asc", pagination: { kind: cursor, pointer: /after, parameter: after }, cursor: { kind: time, lookback: 30d, lateness: 2m, overlap: 2h, query: { mintime: "{from.ms}", maxtime: "{to.ms}" } } }
  export:
    summary: One record each.
    mapping: people.jsonata
    path: /export
    body: { json: { size: 50, since: "{from.s}" } }
    cursor: { kind: time, lookback: 60d, overlap: 15m }
    pagination:
      kind: job
      create: { id: /job }
      status: { path: "/export/{job}/status", state: /state, done: [FINISHED], failed: [ERROR], chunks: /chunks }
      chunk: { path: "/export/{job}/chunks/{chunk}" }
      poll: { firstSeconds: 0, longestSeconds: 1 }
    records: { kind: rows, pointer: "" }
`;

const mapping = `{ "activity_id": 2, "severity_id": 1, "time": $ingestedAt, "user": { "uid": id, "name": name }, "unmapped": { "removed": $stream.removed } }`;

/** The feed against its sandbox, run as often as the test likes into one folder. */
async function setUp(stream: string, more: { readonly scale?: number; readonly faults?: readonly string[] } = {}) {
  const places = await scratchIntegration('acme', {
    'integration.yaml': descriptor,
    'mappings/people.jsonata': mapping,
    'sandbox/sandbox.yaml': sandbox,
  });
  const vendor: RunningSandbox = await startIntegrationSandbox({ places, integration: 'acme', ...more });
  onTestFinished(() => vendor.close());
  const [dir, state] = [await scratchFolder(), await scratchFolder()];
  const run = async (connection: Record<string, string> = {}) => {
    const report = await runIntegration({
      places,
      integration: 'acme',
      connection: { set: { ...vendor.connection, ...connection }, env: {} },
      streams: [stream],
      out: { dir },
      state: { dir: state, saveEveryMs: 0 },
      pace: false,
    });
    const { ending, received, accepted, reason } = report.streams[0] ?? {};
    return { ending, received, accepted, code: reason?.code };
  };
  const lines = async (): Promise<readonly Line[]> =>
    // What the mapping above gives.
    parseLines(await readFile(join(dir, `${stream}.ndjson`), 'utf8')) as Line[];
  return { vendor, run, lines };
}

type Line = {
  readonly user: { readonly uid: string; readonly name?: string };
  readonly unmapped?: { readonly removed: boolean };
};

describe('a feed read twice, with an event late, one updated and one deleted in between', () => {
  it.each([
    // A snapshot is read whole; what has gone is gone.
    ['people', 300, 300, 300],
    ['hydrated', 300, 300, 300],
    // Appended, updated, removed.
    ['delta', 300, 3, 303],
    // The event of now is held back by the vendor for two minutes; the late one lies in the overlap.
    ['log', 300, 1, 301],
    // Both events, late or not, are behind the link.
    ['tail', 300, 2, 302],
    // Appended and updated; the export says nothing of what was deleted.
    ['export', 300, 2, 302],
  ])('%s: %i, then %i accepted, %i in the file', async (stream, first, second, all) => {
    const { vendor, run, lines } = await setUp(stream);
    const before = await run();
    vendor.change('between-runs');

    const after = await run();

    expect([before, after]).toMatchObject([
      { ending: 'complete', accepted: first },
      { ending: 'complete', accepted: second },
    ]);
    expect(await lines()).toHaveLength(all);
  });

  it('tells the removed from the others', async () => {
    const { vendor, run, lines } = await setUp('delta');
    await run();
    const changed = vendor.change('between-runs');
    await run();

    const told = (await lines()).slice(300).map(({ user, unmapped }) => [user.uid, unmapped?.removed ?? false]);

    expect(new Map(told as [string, boolean][])).toEqual(
      new Map(changed.slice(2).map(({ key, change }) => [key as string, change === 'deleted'])),
    );
  });

  it('reads the children of every parent', async () => {
    const { run, lines } = await setUp('keys', { scale: 40 });

    expect(await run()).toMatchObject({ ending: 'complete' });
    expect(new Set((await lines()).map(({ user }) => user.uid)).size).toBe((await lines()).length);
  });
});

describe('a feed that signs wrongly', () => {
  it.each([
    ['a wrong secret', { skey: 'else' }],
    ['an unknown key', { ikey: 'DIOTHER' }],
  ])('is refused for %s', async (_, connection) => {
    const { run } = await setUp('people');

    expect(await run(connection)).toMatchObject({ accepted: 0, ending: 'denied' });
  });
});

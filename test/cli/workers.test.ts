import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunReport, StreamReport } from '../../engine/index.ts';
import type * as integrationsModule from '../../engine/run/integrations.ts';
import type * as workersModule from '../../engine/run/workers.ts';
import { acmeIntegration, person } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';
import { emptyFolder, repository, sluice } from './sluice.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

/** Forty pages of people: some come twice, some are no objects, some are wrong. */
function servePeople(): void {
  const rows = (page: number): unknown[] => [
    person(3 * page),
    person(3 * page + 1),
    page % 5 === 0 ? person(3 * page - 2) : { ...person(3 * page + 2), ville: `Zürich ${'ü'.repeat(page * 50)}` },
    ...(page % 7 === 0 ? [null, 'text', { ...person(1000 + page), mfa: 'perhaps' }] : []),
  ];
  server.on('/people', async ({ query }) => {
    await setTimeout(40); // so that threads have started by the twentieth page
    const page = Number(query['page'] ?? 1);
    return { body: { items: rows(page), ...(page < 40 && { next: `${server.origin}/people?page=${page + 1}` }) } };
  });
}

async function run(workers: string) {
  const { integrationsDirs } = await acmeIntegration();
  const out = emptyFolder();
  const source = ['--integrations', integrationsDirs[0] ?? '', '--set', `url=${server.origin}`];
  const { exitCode, stdout } = await sluice([
    'run',
    'acme',
    ...source,
    '--out',
    out,
    '--state',
    emptyFolder(),
    '--workers',
    workers,
    '--json',
  ]);
  const [stream] = (JSON.parse(stdout) as RunReport).streams; // what --json prints
  const read = (file: string) => readFileSync(join(out, file), 'utf8');
  return { exitCode, stream, records: timeless(read('people.ndjson')), rejected: read('rejected.ndjson') };
}

/** What a report counts, without what was waited for. */
function counts(report: StreamReport | undefined) {
  const { ending, pages, received, accepted, rejected, duplicates, certificate } = report ?? {};
  return { ending, pages, received, accepted, rejected, duplicates, certificate };
}

/** A module of the engine as it was compiled: a thread cannot run what it was compiled from. */
async function built<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(repository, 'dist', 'engine', path)).href)) as Module;
}

/** Without what differs from run to run. */
function timeless(records: string): string {
  return records.replace(/"(correlation_uid|logged_time|processed_time|time)":("[^"]*"|\d+)/g, '"$1":0');
}

describe('sluice run --workers', () => {
  it('gives the same records, rejections and counts with two workers as without', async () => {
    servePeople();

    const [alone, withWorkers] = await Promise.all([run('0'), run('2')]);

    expect(alone.stream).toMatchObject({ ending: 'complete', pages: 40, received: 135, duplicates: 8, rejected: 15 });
    expect(withWorkers.exitCode).toBe(alone.exitCode);
    expect(withWorkers.records).toBe(alone.records);
    expect(withWorkers.rejected).toBe(alone.rejected);
    expect(counts(withWorkers.stream)).toEqual(counts(alone.stream));
  });

  it('has them map: an answer goes in, the lines of its records come out', async () => {
    const { openWorkers } = await built<typeof workersModule>('run/workers.js');
    const { loadIntegration } = await built<typeof integrationsModule>('run/integrations.js');
    const places = await acmeIntegration();
    const receivedAt = new Date();
    const facts = { runId: 'r', startedAt: receivedAt, now: () => receivedAt, tenantUid: undefined, connection: {} };
    const rows = [{ id: 'p-1' }, { id: 'p-2' }];
    const bytes = new TextEncoder().encode(JSON.stringify({ items: rows }));
    const answer = { status: 200, headers: {}, body: Buffer.from(bytes.buffer), receivedAt };
    const page = { number: 1, url: 'https://acme.example/people', receivedAt, body: {}, rows, whole: { answer, rows } };

    const integration = await loadIntegration(places, 'acme');
    const workers = openWorkers(1, { integration, schemasDir: places.schemasDir, facts });
    const mapped = await vi.waitFor(() => workers.map('people', page, true) ?? Promise.reject(new Error('starting')));
    await workers.close();

    expect(mapped.rows).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    expect(Buffer.from(mapped.lines).toString()).toMatch(/"uid":"p-1".*\n.*"uid":"p-2".*\n$/);
    expect(mapped.keys).toHaveLength(2);
  });

  it('refuses what is no number of threads, exit code 2', async () => {
    const { exitCode, stderr } = await sluice(['run', 'microsoft-entra-mfa', '--sandbox', '--workers', 'many']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('--workers is auto or a number from 0 to 64, not "many".');
  });
});

import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../engine/sandbox/start-sandbox.ts';
import type { JsonObject } from '../../engine/records.ts';
import { ask, ids, serve, textAt, type VendorReply } from './vendor-sandbox.ts';

const vendor = `
formatVersion: 1
scale: 1000
connection: { url: '{origin}' }
errors:
  named:
    duplicate-job: { status: 409, say: {}, body: { active_job_id: '{activeJob}', failure_reason: The same export is under way. } }
    throttled: { status: 429, headers: { Retry-After: '30' }, say: {}, body: '<html><h1>429</h1></html>', contentType: text/html }
routes:
  export:
    method: POST
    path: /export
    answer:
      kind: job
      collection: findings
      size: { parameter: /num_assets, default: 50, least: 50, most: 500, beyond: clamp, of: parents }
      filters: [{ parameter: /filters/since, field: _at, is: '>=', unit: seconds }, { parameter: /filters/state, field: state, is: in }]
      atOnce: 2
      expiresSeconds: 86400
      body: { export_uuid: '{job}' }
  status: { path: '/export/{job}/status', answer: { kind: job-status, of: export, body: { status: '{state}', chunks_available: '{chunks}', chunks_failed: '{failedChunks}', reason: '{reason}' } } }
  chunk: { path: '/export/{job}/chunks/{chunk}', answer: { kind: job-chunk, of: export, contentType: application/octet-stream } }
  cancel: { method: POST, path: '/export/{job}/cancel', answer: { kind: job-cancel, of: export, body: { status: '{state}' } } }
collections:
  assets: { ratio: 0.5, key: id, fields: { id: { uuid: true } } }
  findings:
    each: { collection: assets, count: [1, 3] }
    order: _at
    key: id
    updated: { state: FIXED, _at: { ago: 0s } }
    fields: { id: { unique: F, length: 24 }, asset: '{parent.id}', state: OPEN, _at: { series: [30, 0] }, seen: '{_at}' }
`;

const create = async (sandbox: Sandbox, body: JsonObject = {}): Promise<string> =>
  textAt(await ask(sandbox, '/export', { body }), 'export_uuid');
const status = (sandbox: Sandbox, job: string): Promise<VendorReply> => ask(sandbox, `/export/${job}/status`);
const chunk = (sandbox: Sandbox, job: string, id: number): Promise<VendorReply> =>
  ask(sandbox, `/export/${job}/chunks/${id}`);

/** All rows of a job, its chunks read when it is done. */
async function read(sandbox: Sandbox, body: JsonObject = {}) {
  const job = await create(sandbox, body);
  let told = await status(sandbox, job);
  while (told.body['status'] !== 'FINISHED') told = await status(sandbox, job);
  const available = told.body['chunks_available'] as number[];
  const chunks = await Promise.all(available.map((id) => chunk(sandbox, job, id)));
  return { available, chunks, rows: chunks.flatMap(({ rows }) => rows) };
}

describe('a job', () => {
  it('is queued, then gives its chunks in no order and with gaps, then is done', async () => {
    const sandbox = await serve(vendor);
    const job = await create(sandbox);

    const told = [await status(sandbox, job), await status(sandbox, job), await status(sandbox, job)].map(
      ({ body }) => body,
    );

    expect(told.map((body) => body['status'])).toEqual(['QUEUED', 'PROCESSING', 'FINISHED']);
    expect(told.map((body) => body['chunks_available'])).toEqual([
      [],
      [13, 1, 11, 2, 10],
      [13, 1, 11, 2, 10, 3, 9, 5, 7, 6],
    ]);
  });

  it('gives every record once, all of an asset in one chunk', async () => {
    const { rows, chunks } = await read(await serve(vendor));

    expect(new Set(ids(rows)).size).toBe(rows.length);
    const assets = chunks.map((reply) => new Set(reply.rows.map((row) => row['asset'])));
    expect(assets.map(({ size }) => size)).toEqual(Array.from({ length: 10 }, () => 50));
    expect(chunks[0]?.headers.get('content-type')).toBe('application/octet-stream');
  });

  it('gives only what its filters let through: what was updated, appended and not deleted since', async () => {
    const sandbox = await serve(vendor);
    const since = Math.floor(Date.now() / 1000) - 60;
    const before = await read(sandbox, { filters: { since } });
    const changed = sandbox.change([
      { update: 'findings', number: 1 },
      { append: 'findings', parent: 3 },
      { update: 'findings', number: 4 },
      { delete: 'findings', number: 4 },
    ]);

    const { rows } = await read(sandbox, { filters: { since, state: ['open', 'fixed'] } });

    expect(before.rows).toEqual([]);
    expect(ids(rows).sort()).toEqual(
      changed
        .slice(0, 2)
        .map(({ key }) => key)
        .sort(),
    );
    expect(rows.map((row) => row['state']).sort()).toEqual(['FIXED', 'OPEN']);
  });

  it('is refused while the same is under way, and told of the other', async () => {
    const sandbox = await serve(vendor);
    const job = await create(sandbox);

    const again = await ask(sandbox, '/export', { body: {} });
    const other = await ask(sandbox, '/export', { body: { filters: { state: ['open'] } } });
    const third = await ask(sandbox, '/export', { body: { filters: { state: ['fixed'] } } });

    expect([again.status, again.body['active_job_id'], other.status, third.status]).toEqual([409, job, 200, 429]);
    expect([third.text, third.headers.get('retry-after')]).toEqual(['<html><h1>429</h1></html>', '30']);
  });

  it('has no chunk before it is ready, none by another number, and none after a day', async () => {
    let time = new Date('2026-03-10T09:30:00Z');
    const sandbox = await serve(vendor, { now: () => time });
    const job = await create(sandbox);

    const early = await chunk(sandbox, job, 1);
    for (let poll = 0; poll < 3; poll += 1) await status(sandbox, job);
    const [ready, unknown] = [await chunk(sandbox, job, 1), await chunk(sandbox, job, 4)];
    time = new Date('2026-03-11T09:30:01Z');

    expect([early.status, ready.status, unknown.status, (await status(sandbox, job)).status]).toEqual([
      400, 200, 404, 404,
    ]);
  });

  it('is cancelled, and then another like it may be made', async () => {
    const sandbox = await serve(vendor);
    const job = await create(sandbox);

    const cancelled = await ask(sandbox, `/export/${job}/cancel`, { method: 'POST' });

    expect(cancelled.body).toEqual({ status: 'CANCELLED' });
    expect((await status(sandbox, job)).body['status']).toBe('CANCELLED');
    expect(await create(sandbox)).not.toBe(job);
  });

  it('fails, loses chunks and expires on purpose', async () => {
    const told = async (fault: string): Promise<VendorReply> => {
      const sandbox = await serve(vendor, { faults: [fault] });
      const job = await create(sandbox);
      for (let poll = 0; poll < 2; poll += 1) await status(sandbox, job);
      return status(sandbox, job);
    };

    expect((await told('export:failed-job')).body).toMatchObject({
      status: 'ERROR',
      reason: 'The export could not be completed.',
    });
    expect((await told('status:lost-chunks:2')).body).toMatchObject({ status: 'FINISHED', chunks_failed: [7, 6] });
    expect((await told('status:expired-job')).status).toBe(404);
  });

  it('may be asked for without a body, but not with one that is no JSON', async () => {
    const { origin } = await serve(vendor);

    const [none, broken] = await Promise.all(
      [{}, { body: '{' }].map((init) => fetch(`${origin}/export`, { method: 'POST', ...init })),
    );

    expect([none?.status, broken?.status]).toEqual([200, 400]);
  });
});

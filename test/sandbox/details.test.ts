import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/records.ts';
import { ask, ids, rowsAt, serve, textAt, type VendorReply } from './vendor-sandbox.ts';

const vendor = `
formatVersion: 1
scale: 50
connection: { url: '{origin}' }
routes:
  ids: { path: /queries/hosts, answer: { kind: list, collection: hosts, row: '{id}', maxPageSize: 5000 } }
  hosts:
    method: POST
    path: /entities/hosts
    answer: { kind: details, collection: hosts, ids: /ids, max: 3, missing: { code: 404, message: 'No {id}.', id: '{id}' }, envelope: { errors: '{missing}', resources: '{rows}' } }
  hosts-by-get: { path: /entities/hosts, answer: { kind: details, collection: hosts, ids: ids, envelope: { resources: '{rows}' } } }
  host: { path: '/hosts/{id}', answer: { kind: details, collection: hosts, ids: '{id}', envelope: '{row}' } }
  changes:
    path: /v1/hosts/delta
    answer:
      kind: delta
      collection: hosts
      pageSize: 20
      deltaParameter: $deltatoken
      paging: { tokenParameter: $skiptoken, selectParameter: $select, envelope: { next: '{next}', delta: '{delta}', value: '{rows}' } }
      removed: { id: '{key}', gone: { reason: deleted } }
  batch: { method: POST, path: /batch, answer: { kind: batch, max: 3 } }
errors:
  named:
    resync: { status: 410, headers: { Location: '{resync}' }, say: { code: resyncRequired, message: Start again. } }
collections:
  hosts: { key: id, fields: { id: { unique: '', length: 32 }, name: 'host-{number}' } }
  others: { key: id, fields: { id: { unique: DU, length: 20, letters: upper }, name: '{id}' } }
`;

describe('details', () => {
  it('are given for ids, and what has vanished is told', async () => {
    const sandbox = await serve(vendor);
    const [first = '', second = '', third = ''] = (await ask(sandbox, '/queries/hosts')).rows as unknown as string[];
    sandbox.change('hosts:delete:2');

    const reply = await ask(sandbox, '/entities/hosts', { body: { ids: [third, second, first] } });

    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(rowsAt(reply, 'resources').map((row) => row['name'])).toEqual(['host-3', 'host-1']);
    expect(reply.body['errors']).toEqual([{ code: 404, message: `No ${second}.`, id: second }]);
  });

  it('are asked for in the query, or one by its address', async () => {
    const sandbox = await serve(vendor);
    const [first = '', second = ''] = (await ask(sandbox, '/queries/hosts')).rows as unknown as string[];

    expect(rowsAt(await ask(sandbox, `/entities/hosts?ids=${first}&ids=${second}`), 'resources')).toHaveLength(2);
    expect((await ask(sandbox, `/hosts/${second}`)).body).toEqual({ id: second, name: 'host-2' });
    expect((await ask(sandbox, '/hosts/nobody')).status).toBe(404);
  });

  it.each([
    ['more ids than are allowed', { ids: ['a', 'b', 'c', 'd'] }],
    ['ids that are no list', { ids: 'a' }],
    ['no ids', {}],
  ])('are refused for %s', async (_, body) => {
    expect((await ask(await serve(vendor), '/entities/hosts', { body })).status).toBe(400);
  });
});

describe('a delta', () => {
  async function round(sandbox: Awaited<ReturnType<typeof serve>>, path: string) {
    const replies: VendorReply[] = [];
    for (let to: string | undefined = path; to !== undefined; ) {
      const reply: VendorReply = await ask(sandbox, to);
      replies.push(reply);
      to = reply.body['next'] as string | undefined;
    }
    const [last] = replies.slice(-1);
    if (last === undefined) throw new Error('A round has a page.');
    return { replies, rows: replies.flatMap((reply) => rowsAt(reply, 'value')), delta: textAt(last, 'delta') };
  }

  it('is the whole list once, then what was changed, appended and removed since, each once', async () => {
    const sandbox = await serve(vendor);
    const first = await round(sandbox, '/v1/hosts/delta');
    sandbox.change([
      { update: 'hosts', number: 7, fields: { name: 'first' } },
      { append: 'hosts' },
      { delete: 'hosts', number: 9 },
      { update: 'hosts', number: 7, fields: { name: 'second' } },
    ]);

    const second = await round(sandbox, first.delta);
    const third = await round(sandbox, second.delta);

    expect([first.rows.length, first.replies.length]).toEqual([50, 3]);
    expect(second.rows).toEqual([
      { id: expect.any(String) as string, name: 'host-51' },
      { id: first.rows[8]?.id, gone: { reason: 'deleted' } },
      { id: first.rows[6]?.id, name: 'second' },
    ]);
    expect(third.rows).toEqual([]);
  });

  it('tells in the next round what was changed during this one', async () => {
    const sandbox = await serve(vendor);
    const first = await ask(sandbox, '/v1/hosts/delta');
    sandbox.change({ update: 'hosts', number: 1, fields: { name: 'meanwhile' } });

    const { delta } = await round(sandbox, textAt(first, 'next'));

    expect((await round(sandbox, delta)).rows.map((row) => row['name'])).toEqual(['meanwhile']);
  });

  it('holds the fields that were selected, on all its pages, and the key always', async () => {
    const { rows } = await round(await serve(vendor), '/v1/hosts/delta?$select=nothing');

    expect(rows).toHaveLength(50);
    expect(rows.every((row) => Object.keys(row).join() === 'id')).toBe(true);
  });

  it('may begin from now', async () => {
    const { rows, delta } = await round(await serve(vendor), '/v1/hosts/delta?$deltatoken=latest');

    expect([rows, delta]).toEqual([[], expect.stringContaining('$deltatoken=')]);
  });

  it('must be begun anew when its token is too old or nobody’s', async () => {
    let time = new Date('2026-03-10T09:30:00Z');
    const sandbox = await serve(vendor, { now: () => time });
    const { delta } = await round(sandbox, '/v1/hosts/delta');
    time = new Date('2026-03-17T09:30:01Z');

    const replies = [await ask(sandbox, delta), await ask(sandbox, '/v1/hosts/delta?$deltatoken=x')];

    expect(replies.map(({ status }) => status)).toEqual([410, 410]);
    expect(replies[0]?.headers.get('location')).toBe(`${sandbox.origin}/v1/hosts/delta`);
  });
});

describe('a batch', () => {
  it('answers each request as if it had come alone, in another order', async () => {
    const sandbox = await serve(vendor);
    const [first = ''] = (await ask(sandbox, '/queries/hosts')).rows as unknown as string[];
    const requests = [
      { id: 'a', method: 'GET', url: `/hosts/${first}` },
      { id: 'b', method: 'GET', url: '/hosts/nobody' },
    ];

    const { body } = await ask(sandbox, '/batch', { body: { requests } });

    expect(body['responses']).toMatchObject([
      { id: 'b', status: 404 },
      { id: 'a', status: 200, body: { name: 'host-1' } },
    ]);
    expect(sandbox.requests()).toMatchObject({ batch: { requests: 1 } });
  });

  it('is refused when it is too large', async () => {
    const requests: JsonObject[] = Array.from({ length: 4 }, (_, id) => ({
      id: String(id),
      method: 'GET',
      url: '/hosts/x',
    }));

    expect((await ask(await serve(vendor), '/batch', { body: { requests } })).status).toBe(400);
  });
});

describe('unique ids', () => {
  it('are found again without a list of them', async () => {
    const sandbox = await serve(
      vendor
        .replace("collection: hosts, ids: '{id}'", "collection: others, ids: '{id}'")
        .replace("collection: hosts, row: '{id}'", 'collection: others'),
      { scale: 3000 },
    );
    const { rows } = await ask(sandbox, '/queries/hosts');
    const last = rows.at(-1)?.id ?? '';

    expect(last).toMatch(/^DU[A-Z2-9]{18}$/);
    expect(new Set(ids(rows)).size).toBe(100);
    expect((await ask(sandbox, `/hosts/${last}`)).body).toEqual({ id: last, name: last });
  });
});

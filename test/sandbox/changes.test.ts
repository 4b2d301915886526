import { describe, expect, it } from 'vitest';
import { ask, ids, serve } from './vendor-sandbox.ts';

const vendor = `
formatVersion: 1
scale: 5
connection: { url: '{origin}' }
routes: { people: { path: /people, answer: { kind: list, collection: people } } }
collections:
  people: { key: id, updated: { name: Renamed, changed: { ago: 1h } }, fields: { id: 'p-{number}', name: 'Person {number}', changed: { daysAgo: [1, 2], as: epoch-s } } }
changes:
  between-runs: [{ append: people }, { update: people, number: 2 }, { delete: people, number: 3 }]
`;
const now = (): Date => new Date('2026-03-10T09:30:00Z');

describe('changes of the data', () => {
  it('are those described under a name', async () => {
    const sandbox = await serve(vendor, { now });

    const told = sandbox.change('between-runs');

    const { rows } = await ask(sandbox, '/people');
    expect(ids(rows)).toEqual(['p-1', 'p-2', 'p-4', 'p-5', 'p-6']);
    expect(rows[1]).toEqual({ id: 'p-2', name: 'Renamed', changed: now().getTime() / 1000 - 3600 });
    expect(told).toEqual([
      { change: 'appended', collection: 'people', number: 6, key: 'p-6' },
      { change: 'updated', collection: 'people', number: 2, key: 'p-2' },
      { change: 'deleted', collection: 'people', number: 3, key: 'p-3' },
    ]);
  });

  it('are told over HTTP, one a line', async () => {
    const sandbox = await serve(vendor, { now });

    const reply = await ask(sandbox, '/.sandbox/changes', { method: 'POST', body: 'people:delete:1' });
    const direct = await fetch(`${sandbox.origin}/.sandbox/changes`, {
      method: 'POST',
      body: 'people:delete:1\nbetween-runs\n',
    });

    expect(reply.status).toBe(400); // a JSON text is not a line
    expect(await direct.json()).toHaveLength(4);
    expect(ids((await ask(sandbox, '/people')).rows)).toEqual(['p-2', 'p-4', 'p-5', 'p-6']);
    expect(sandbox.requests()).not.toHaveProperty('unknown');
  });

  it('are there from the start', async () => {
    const sandbox = await serve(vendor, { now, changes: ['people:append', 'people:delete:1'] });

    expect(ids((await ask(sandbox, '/people')).rows)).toEqual(['p-2', 'p-3', 'p-4', 'p-5', 'p-6']);
  });

  it('leave every other record as it was', async () => {
    const sandbox = await serve(vendor, { now });
    const before = (await ask(sandbox, '/people')).rows;
    sandbox.change('between-runs');

    const after = (await ask(sandbox, '/people')).rows;

    expect([after[0], after[2]]).toEqual([before[0], before[3]]);
  });

  it.each([
    [
      'people:rename:1',
      expect.stringContaining('There is: between-runs. Others are written hosts:update:17') as unknown,
    ],
    ['between-run', expect.stringContaining('Did you mean "between-runs"?') as unknown],
    ['poeple:update:1', 'Did you mean "people"?'],
    ['people:update:9', 'Records are counted from 1; there are 5.'],
    ['people:delete:x', 'Records are counted from 1; there are 5.'],
    ['people:append:soon', 'Write 90s, 15m, 24h or 7d.'],
    ['people:append:2h', 'Make its time with series, or append it without an age.'],
  ])('are refused when they make no sense: %s', async (text, hint) => {
    const sandbox = await serve(vendor, { now });

    expect(() => sandbox.change(text)).toThrow(expect.objectContaining({ code: 'sandbox/wrong-value', hint }) as Error);
  });
});

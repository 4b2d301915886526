import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Derive } from '../../engine/descriptor/descriptor.ts';
import { createDerivation, maxGroups } from '../../engine/derive/derivation.ts';
import type { JsonObject } from '../../engine/records.ts';

const runStartedAt = new Date('2026-03-04T00:00:00Z');

function derivation(derive: Partial<Derive & { kind: 'count' }>, connection: { [name: string]: string } = {}) {
  return createDerivation(
    { kind: 'count', from: 'rows', where: {}, groupBy: [], counters: {}, tallies: {}, ...derive },
    { stream: 'counts', connection, runStartedAt, evaluateRecord: undefined, evaluateStep: undefined },
  );
}

async function derive(
  rows: readonly JsonObject[],
  how: Parameters<typeof derivation>[0],
  connection?: { [name: string]: string },
): Promise<unknown[] | undefined> {
  const derived = derivation(how, connection);
  for (const row of rows) await derived?.add(row);
  return derived?.records();
}

describe('a declared count', () => {
  it('gives zeros, not nothing, where there are no rows', async () => {
    expect(await derive([], { counters: { active: { active: true } } })).toEqual([{ active: 0 }]);
  });

  it('gives one record for each group, and none where there are no rows', async () => {
    const rows = [
      { feature: 'reset', ok: true },
      { feature: 'reset', ok: false },
      { feature: 'register', ok: true },
    ];
    const how = { groupBy: ['feature'], counters: { good: { ok: true }, bad: { ok: false } } };

    expect(await derive(rows, how)).toEqual([
      { feature: 'reset', good: 1, bad: 1 },
      { feature: 'register', good: 1, bad: 0 },
    ]);
    expect(await derive([], how)).toEqual([]);
  });

  it('keeps the rows of the operator’s choice, and cannot be made for a choice it does not know', async () => {
    const where = { kind: { all: {}, guest: { type: 'guest' } } };
    const rows = [{ type: 'guest' }, { type: 'member' }, { type: null }];
    const how = { where, counters: { guests: { type: 'guest' }, members: { type: 'member' } } };

    expect(await derive(rows, how, { kind: 'all' })).toEqual([{ guests: 1, members: 1 }]);
    expect(await derive(rows, how, { kind: 'guest' })).toEqual([{ guests: 1, members: 0 }]);
    expect(derivation(how, { kind: 'robot' })).toBeUndefined();
  });

  it('keeps the rows inside the window, both ends included', async () => {
    const how = { window: { field: 'at', property: 'period', days: { D1: 1 } }, groupBy: ['at'] };
    const rows = [
      '2026-03-02T23:59:59Z',
      '2026-03-03T00:00:00Z',
      '2026-03-04T00:00:00Z',
      '2026-03-04T00:00:01Z',
      'never',
    ].map((at) => ({ at }));

    expect(await derive(rows, how, { period: 'D1' })).toEqual([
      { at: '2026-03-03T00:00:00Z' },
      { at: '2026-03-04T00:00:00Z' },
    ]);
  });

  it('refuses to hold more groups than its bound', async () => {
    const derived = derivation({ groupBy: ['id'] });
    const add = async () => {
      for (let id = 0; id <= maxGroups; id++) await derived?.add({ id });
    };

    await expect(add()).rejects.toMatchObject({ code: 'derive/too-many-groups' });
  });

  it('tallies each value of an array once a row, as plain counting does', async () => {
    const row = fc.record({ methods: fc.array(fc.constantFrom('sms', 'push', 'fido')) });
    await fc.assert(
      fc.asyncProperty(fc.array(row), async (rows) => {
        const derived = createDerivation(
          {
            kind: 'count',
            from: 'rows',
            where: {},
            groupBy: [],
            counters: {},
            tallies: { methods: 'methods' },
            record: 'as it is',
          },
          {
            stream: 'counts',
            connection: {},
            runStartedAt,
            evaluateRecord: (counted) => Promise.resolve(counted),
            evaluateStep: undefined,
          },
        );
        for (const one of rows) await derived?.add(one);

        const [counted] = (await derived?.records()) ?? [];

        const plain = (word: string) => rows.filter(({ methods }) => methods.some((method) => method === word)).length;
        expect(counted).toMatchObject({ rows: rows.length });
        const { methods } = (counted as { tallies: { methods: { [word: string]: number } } }).tallies;
        for (const word of ['sms', 'push', 'fido']) expect(methods[word] ?? 0).toBe(plain(word));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readInstant, writeInstant } from '../../engine/sandbox/instant.ts';
import { ask, serve } from './vendor-sandbox.ts';

const ms = Date.parse('2026-03-10T09:05:00.123Z');

describe('an instant', () => {
  it.each([
    ['iso', 0, '2026-03-10T09:05:00Z'],
    ['iso', 3, '2026-03-10T09:05:00.123Z'],
    ['iso-offset', 6, '2026-03-10T09:05:00.123000+00:00'],
    ['iso-local', 0, '2026-03-10T09:05:00'],
    ['epoch-s', 0, 1_773_133_500],
    ['epoch-ms', 0, ms],
  ] as const)('as %s with %i digits is %s, and can be read again', (as, digits, written) => {
    expect(writeInstant(ms, { as, digits })).toBe(written);
    expect(Math.abs(readInstant(written) - ms)).toBeLessThan(1000);
  });

  it.each([['soon'], [null], [undefined], [{}]])('is not %o', (value) => {
    expect(readInstant(value)).toBeNaN();
  });
});

describe('generators of times and lists', () => {
  it('grow, agree with each other, and make items with ids of their own', async () => {
    const sandbox = await serve(`
formatVersion: 1
scale: 100
connection: { url: '{origin}' }
routes: { log: { path: /log, answer: { kind: list, collection: log } } }
collections:
  log:
    key: id
    order: at
    fields:
      at: { series: [30, 0], digits: 6 }
      seconds: { timeOf: at, as: epoch-s }
      offset: { timeOf: at, as: iso-offset, digits: 6 }
      id: { unique: P, length: 20, letters: upper }
      phones: { many: [1, 3], item: { object: { id: { unique: D, length: 16, letters: digits } } } }
`);

    const { rows } = await ask(sandbox, '/log');

    const times = rows.map((row) => row['at'] as string);
    expect(times).toEqual([...times].sort());
    expect(rows.every((row) => row['offset'] === (row['at'] as string).replace('Z', '+00:00'))).toBe(true);
    expect(rows.every((row) => row['seconds'] === Math.floor(Date.parse(row['at'] as string) / 1000))).toBe(true);
    const phones = rows.flatMap((row) => row['phones'] as { id: string }[]).map(({ id }) => id);
    expect(new Set(phones).size).toBe(phones.length);
    expect(phones[0]).toMatch(/^D\d{15}$/);
  });
});

import { describe, expect, it } from 'vitest';
import type { Records } from '../../engine/descriptor/descriptor.ts';
import { FetchError } from '../../engine/fetch/fetch-error.ts';
import { countItems, splitRows } from '../../engine/fetch/split-rows.ts';
import type { JsonValue } from '../../engine/records.ts';

function complaint(records: Records, body: JsonValue): string {
  try {
    splitRows(records, body);
  } catch (error) {
    if (error instanceof FetchError && error.code === 'fetch/wrong-shape') return error.message;
    throw error;
  }
  return 'none';
}

describe('rows under a pointer', () => {
  const rows: Records = { kind: 'rows', pointer: '/value' };

  it.each<[JsonValue, string]>([
    [{}, 'Expected an array at "/value" of the answer, but found nothing; it is an empty object.'],
    [
      { error: { code: 'x' } },
      'Expected an array at "/value" of the answer, but found nothing; it is an object of "error".',
    ],
    [{ value: null }, 'Expected an array at "/value" of the answer, but found null.'],
    [{ value: { a: 1 } }, 'Expected an array at "/value" of the answer, but found an object of "a".'],
    [[1, 2], 'Expected an array at "/value" of the answer, but found nothing; it is an array of 2.'],
    ['hush', 'Expected an array at "/value" of the answer, but found nothing; it is a string.'],
    [null, 'Expected an array at "/value" of the answer, but found nothing; it is null.'],
  ])('are never taken as none when the shape is wrong: %j', (body, message) => {
    expect(complaint(rows, body)).toBe(message);
  });

  it('may be none', () => {
    expect(splitRows(rows, { value: [] })).toEqual([]);
  });

  it('may be none where the source writes null for it, and nowhere else', () => {
    const nullable: Records = { ...rows, nullIsEmpty: true };

    expect(splitRows(nullable, { value: null })).toEqual([]);
    expect(complaint(nullable, {})).toContain('found nothing');
    expect(complaint(nullable, { value: 'x' })).toContain('found a string');
  });

  it('are handed over in order and as they are, objects or not', () => {
    expect(splitRows(rows, { value: [{ id: 2 }, 7, null, { id: 1 }] })).toEqual([{ id: 2 }, 7, null, { id: 1 }]);
  });

  it('may be the whole body', () => {
    expect(splitRows({ kind: 'rows', pointer: '' }, [{ id: 1 }])).toEqual([{ id: 1 }]);
  });
});

describe('the body as one record', () => {
  it.each<[JsonValue]>([[[{ id: 1 }]], ['text'], [null]])('refuses what is no object: %j', (body) => {
    expect(complaint({ kind: 'body' }, body)).toContain('Expected an object as the answer');
  });

  it('refuses an error that came with the status of a success', () => {
    expect(complaint({ kind: 'body' }, { error: { code: 'x' } })).toContain('an error with the status of a success');
  });

  it('takes an object', () => {
    expect(splitRows({ kind: 'body' }, { total: 3 })).toEqual([{ total: 3 }]);
  });
});

describe('exploding an inner array', () => {
  const inBody: Records = { kind: 'explode', items: '/counts', carry: ['total', 'absent'] };
  const inRows: Records = { kind: 'explode', pointer: '/value', items: '/events', carry: ['actor'] };

  it('refuses a parent without the array', () => {
    expect(complaint(inBody, { total: 3 })).toContain('Expected an array at "/counts" of a row that holds others');
    expect(complaint(inRows, { value: [{ actor: 'a', events: [] }, 7] })).toContain('found nothing; it is a number');
  });

  it('gives each item the fields of its parent, where there are any', () => {
    const body = { total: 3, secret: 1, counts: [{ name: 'a' }, { name: 'b', total: 9 }] };

    expect(splitRows(inBody, body)).toEqual([
      { total: 3, name: 'a' },
      { name: 'b', total: 9 },
    ]);
  });

  it('hands over an item that is no object as it is', () => {
    expect(splitRows(inBody, { total: 3, counts: [7] })).toEqual([7]);
  });

  it('goes through every parent in order', () => {
    const body = {
      value: [
        { actor: 'a', events: [{ n: 1 }, { n: 2 }] },
        { actor: 'b', events: [] },
        { actor: 'c', events: [{ n: 3 }] },
      ],
    };

    expect(splitRows(inRows, body)).toEqual([
      { actor: 'a', n: 1 },
      { actor: 'a', n: 2 },
      { actor: 'c', n: 3 },
    ]);
    expect(countItems(inRows, body)).toBe(3);
  });
});

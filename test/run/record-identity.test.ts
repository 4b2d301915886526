import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../engine/records.ts';
import { nameBasedUuid, recordUid, rowKey } from '../../engine/run/record-identity.ts';

describe('the id of a record', () => {
  it('is found for text that holds half a surrogate pair, as JSON may', () => {
    const first = recordUid('acme', undefined, 'people', { name: 'kim \ud83d', '\ude00': [{ a: '\udc00' }] });
    const second = recordUid('acme', undefined, 'people', { name: 'kim \ud83e', '\ude00': [{ a: '\udc00' }] });

    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(first).not.toBe(second);
  });

  it('does not depend on the order of keys', () => {
    expect(recordUid('acme', 't', 'people', { a: 1, b: '😀' })).toBe(
      recordUid('acme', 't', 'people', { b: '😀', a: 1 }),
    );
  });
});

describe('the canonical text of a record', () => {
  it('is that of RFC 8785, as the package tells it', () => {
    const records = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' }));

    fc.assert(
      fc.property(records, (record) => {
        const text = canonicalize(record) ?? '';

        // What fast-check makes is JSON.
        expect(recordUid('acme', 't', 'people', record as JsonObject)).toBe(nameBasedUuid(`acme\nt\npeople\n${text}`));
        expect(rowKey([], record as JsonObject)).toBe(`record ${text}`);
      }),
    );
  });

  it.each<[string, JsonObject]>([
    ['keys that JavaScript puts in an order of its own', { 10: 'a', 9: { 2: 'b', 11: 'c' }, '-1': 'd', '01': 'e' }],
    [
      'a key that means the prototype',
      JSON.parse('{ "z": { "__proto__": { "b": 1, "a": 2 } }, "__proto__": [3] }') as JsonObject,
    ],
    ['text that looks like half a surrogate pair', { text: '\\ud83d', '\\udc00': '\\\\ud83d' }],
    ['numbers at their limits', { a: -0, b: 1e21, c: 1e-7, d: 5e-324, e: 2 ** 60 }],
    ['lists of lists and of objects', { list: [[{ b: 1, a: [] }], {}, null, [true, { d: { f: 1, e: 2 } }]] }],
  ])('is the same for %s', (_, record) => {
    expect(rowKey([], record)).toBe(`record ${canonicalize(record) ?? ''}`);
  });
});

describe('the key of a row', () => {
  it('is told for half a surrogate pair, with and without a primary key', () => {
    expect(rowKey(['id'], { id: '\ud83d' })).not.toBe(rowKey(['id'], { id: '\ud83e' }));
    expect(rowKey([], { id: '\ud83d' })).not.toBe(rowKey([], { id: '\ud83e' }));
  });
});

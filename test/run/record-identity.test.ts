import { describe, expect, it } from 'vitest';
import { recordUid, rowKey } from '../../engine/run/record-identity.ts';

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

describe('the key of a row', () => {
  it('is told for half a surrogate pair, with and without a primary key', () => {
    expect(rowKey(['id'], { id: '\ud83d' })).not.toBe(rowKey(['id'], { id: '\ud83e' }));
    expect(rowKey([], { id: '\ud83d' })).not.toBe(rowKey([], { id: '\ud83e' }));
  });
});

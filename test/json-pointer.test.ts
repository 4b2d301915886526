import { describe, expect, it } from 'vitest';
import { allAtPointer, atPointer, childPointer, pointerKeys, pointerTo } from '../engine/json-pointer.ts';

describe('a JSON Pointer', () => {
  const body = { value: [{ id: 1 }], 'a/b': { '~': 2 }, '': 3, none: null };

  it.each(['/other', '/value/1', '/value/-', '/value/length', '/value/00', '/toString', '/__proto__', '/none/x'])(
    'finds nothing at %s',
    (pointer) => {
      expect(atPointer(body, pointer)).toBeUndefined();
    },
  );

  it.each([
    ['', body],
    ['/value/0/id', 1],
    ['/a~1b/~0', 2],
    ['/', 3],
    ['/none', null],
  ])('finds at %j what is there', (pointer, expected) => {
    expect(atPointer(body, pointer)).toEqual(expected);
  });

  it('goes through any keys, and tells them back', () => {
    const keys = ['a/b', '~', '~1', '', '0'];

    expect(pointerTo(keys)).toBe('/a~1b/~0/~01//0');
    expect(pointerKeys(pointerTo(keys))).toEqual(keys);
    expect(pointerKeys('')).toEqual([]);
    expect(childPointer('/value', 3)).toBe('/value/3');
  });

  it('with a star goes through any nesting, deepest first', () => {
    const error = {
      code: 'outer',
      innerError: { code: 'middle', innererror: { code: 'inner' } },
      list: [{ code: 'no' }],
    };

    expect(allAtPointer({ error }, '/error/*/code')).toEqual(['inner', 'middle', 'outer']);
  });
});

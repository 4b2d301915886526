import { describe, expect, it } from 'vitest';
import { newObject } from '../../engine/ocsf/new-object.ts';

describe('a new object', () => {
  it('is empty and plain, as {} is', () => {
    const object = newObject();

    expect(object).toStrictEqual({});
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Reflect.ownKeys(object)).toEqual([]);
    expect(structuredClone(object)).toStrictEqual({});
  });

  it('shares nothing with the next', () => {
    const first = newObject();
    first['name'] = 'a';

    expect(newObject()).toStrictEqual({});
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('holds more than it has room for, in order', () => {
    const names = Array.from({ length: 50 }, (_, number) => `name ${number}`);
    const object = newObject();

    for (const name of names) object[name] = name;

    expect(Object.keys(object)).toEqual(names);
  });
});

import { describe, expect, it } from 'vitest';
import { compileGenerator, type Draw, type Place } from '../../engine/sandbox/generators.ts';
import { createRandom, inventedUuid } from '../../engine/sandbox/random.ts';
import type { GeneratorSpec } from '../../engine/sandbox/sandbox-description.ts';
import type { JsonObject, JsonValue } from '../../engine/records.ts';

const place: Place = {
  path: 'collections.hosts.fields.name',
  salt: 1,
  lists: { colours: ['red', 'blue'] },
  todayMs: Date.parse('2026-03-04T00:00:00Z'),
  fieldNames: new Set(['os', 'tags', 'on', 'off']),
  refNames: new Set(['owner']),
};
const fields: JsonObject = { os: 'Linux', tags: ['x', 'y'], on: true, off: false };

/** What a generator makes for the first so many records. */
function make(spec: GeneratorSpec, times = 200): (JsonValue | undefined)[] {
  const generate = compileGenerator(spec, place);
  const random = createRandom();
  random.reseed(1);
  return Array.from({ length: times }, (_, index) => {
    const draw: Draw = { index, random, fields, refs: { owner: { name: 'Nora', age: 40 } } };
    return generate(draw);
  });
}

const first = (spec: GeneratorSpec): JsonValue | undefined => make(spec, 1)[0];
const kinds = (spec: GeneratorSpec): unknown[] => [...new Set(make(spec))].sort();

describe('generators', () => {
  it.each<[string, GeneratorSpec, JsonValue]>([
    ['a constant', 12, 12],
    ['null', null, null],
    ['a plain text', 'plain', 'plain'],
    ['a text of fields', '{os} of {owner.name}, {number}', 'Linux of Nora, 1'],
    ['a placeholder alone, with its type', '{owner.age}', 40],
    ['a list', ['{os}', 1], ['Linux', 1]],
    ['an object', { object: { a: '{os}', b: null } }, { a: 'Linux', b: null }],
    ['lower case', { lower: '{os}-{owner.name}' }, 'linux-nora'],
    ['the case of a field', { by: 'os', cases: { Linux: 'penguin' }, else: 'other' }, 'penguin'],
    ['the case for all others', { by: 'os', cases: { Plan9: 'rabbit' }, else: 'other' }, 'other'],
    ['null where no case fits', { by: 'os', cases: {} }, null],
    ['the case of a boolean', { by: 'on', cases: { true: 'yes' } }, 'yes'],
    ['whether a list holds any', { any: 'tags', of: ['y', 'z'] }, true],
    ['whether a list holds none', { any: 'tags', of: ['z'] }, false],
    ['whether all are true', { all: ['on', 'off'] }, false],
  ])('make %s', (_, spec, value) => {
    expect(first(spec)).toEqual(value);
  });

  it('pick from a list, a named list, and by weight', () => {
    expect(kinds({ pick: ['{os}', 2] })).toEqual([2, 'Linux']);
    expect(kinds({ pick: 'colours' })).toEqual(['blue', 'red']);
    expect(kinds({ pick: { often: 99, never: 0 } })).toEqual(['often']);
  });

  it('take chances', () => {
    expect(kinds({ chance: 0 })).toEqual([false]);
    expect(kinds({ chance: 1, then: 'yes', else: 'no' })).toEqual(['yes']);
    expect(kinds({ chance: 0.5, then: null, else: 'no' })).toEqual(['no', null]);
  });

  it('choose some of several', () => {
    expect(first({ some: { always: 1, never: 0, too: 1 } })).toEqual(['always', 'too']);
  });

  it('make integers from the least to the greatest', () => {
    expect(kinds({ integer: [-1, 1] })).toEqual([-1, 0, 1]);
  });

  it('make times with the digits asked for', () => {
    const between: [string, string] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];

    expect(first({ time: between })).toMatch(/^2026-01-01T\d\d:\d\d:\d\dZ$/);
    expect(first({ time: between, digits: 7 })).toMatch(/^2026-01-01T\d\d:\d\d:\d\d\.\d{7}Z$/);
  });

  it('make times so many days before today, or ahead', () => {
    expect(first({ daysAgo: [0, 1] })).toMatch(/^2026-03-03T/);
    expect(first({ daysAgo: [-1, 0] })).toMatch(/^2026-03-04T/);
  });

  it('make bytes as base64', () => {
    expect(first({ bytes: 12 })).toMatch(/^[A-Za-z0-9+/]{16}$/);
  });

  it('leave gaps', () => {
    expect(kinds({ pick: ['x'], orNull: 0.5 })).toEqual([null, 'x']);
    expect(new Set(make({ pick: ['x'], orAbsent: 0.5 }))).toEqual(new Set(['x', undefined]));
  });

  it.each<[string, GeneratorSpec]>([
    ['a field that is not there before it', '{later}'],
    ['a reference that is not there', '{boss.name}'],
    ['a list that is not there', { pick: 'colors' }],
    ['nothing to pick from', { pick: [] }],
    ['no way to make a value', { digits: 3 }],
  ])('refuse %s', (_, spec) => {
    expect(() => compileGenerator(spec, place)).toThrow(
      expect.objectContaining({ code: 'sandbox/wrong-value' }) as Error,
    );
  });
});

describe('invented ids', () => {
  it('are all different, however many', () => {
    const ids = new Set(Array.from({ length: 200_000 }, (_, index) => inventedUuid(7, index)));

    expect(ids.size).toBe(200_000);
  });

  it('look like random UUIDs', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => inventedUuid(-3, index));

    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { coverMapping, percentOf } from '../../../engine/mapping/coverage/mapping-coverage.ts';
import type { JsonObject } from '../../../engine/records.ts';

/** The gaps that rows leave in a mapping, as `line:column kind what`. */
async function gapsOf(text: string, rows: readonly JsonObject[], shape?: JsonObject): Promise<string[]> {
  const locate = (pointer: string, name: string) => ({ file: `shape${pointer}/${name}`, line: 1, column: 1 });
  const seen = rows.map((row) => ({ row, bindings: {} }));
  const { gaps } = await coverMapping(text, 'people.jsonata', seen, shape && { shape, locate });
  return gaps.map(({ at, kind, what }) => `${at.line}:${at.column} ${kind} ${what}`);
}

describe('a side of a condition', () => {
  const text = '{ "type":\n  isAdmin ? 2\n  : 1 }';

  it('is left out until a case comes to it', async () => {
    expect(await gapsOf(text, [{ isAdmin: true }])).toEqual(['3:5 branch 1 }']);
    expect(await gapsOf(text, [{ isAdmin: false }])).toEqual(['2:13 branch 2']);
    expect(await gapsOf(text, [{ isAdmin: true }, { isAdmin: false }])).toEqual([]);
  });

  it('is told at the condition where it has no text of its own', async () => {
    expect(await gapsOf('{ "a": b ? 1 }', [{ b: true }])).toEqual(['1:8 branch b ? 1 }']);
  });

  it('may be a value itself, or what stands in for it', async () => {
    expect(await gapsOf('name ?: "nobody"', [{ name: 'kim' }])).toEqual(['1:9 branch "nobody"']);
    expect(await gapsOf('name ?? "nobody"', [{}])).toEqual(['1:1 branch name ?? "nobody"']);
  });

  it('counts where it fails: a case came there', async () => {
    expect(await gapsOf('bad ? $number("x") : 1', [{ bad: true }, { bad: false }])).toEqual([]);
  });
});

describe('an operand of "and" and "or"', () => {
  it('is left out while every case comes to the same without it', async () => {
    const text = 'a and b';

    expect(await gapsOf(text, [{ a: true, b: true }])).toEqual(['1:1 operand a and b', '1:7 operand b']);
    expect(await gapsOf(text, [{ a: false, b: true }])).toEqual(['1:7 operand b']);
    expect(
      await gapsOf(text, [
        { a: false, b: true },
        { a: true, b: false },
      ]),
    ).toEqual([]);
  });

  it('is told once in a chain of three', async () => {
    const everyAlone = ['a', 'b', 'c'].map((name) => ({ [name]: true }));

    expect(await gapsOf('a or b or c', [{}])).toHaveLength(3);
    expect(await gapsOf('a or b or c', everyAlone)).toEqual([]);
  });
});

describe('a row of a literal table', () => {
  const text = '(\n  $ids := { "sms": 1,\n    "push": 5 };\n  { "id": $lookup($ids, method), "words": { "x": 1 } }\n)';

  it('is left out until its word is looked up', async () => {
    expect(await gapsOf(text, [{ method: 'sms' }])).toEqual(['3:5 table-row push']);
    expect(await gapsOf(text, [{ method: 'sms' }, { method: 'push' }])).toEqual([]);
  });

  it('may stand in the call itself, in a function that ends in it', async () => {
    const inPlace = '$map(methods, function($m) { $lookup({ "sms": 1, "push": 5 }, $m) })';

    expect(await gapsOf(inPlace, [{ methods: ['push', 'fax'] }])).toEqual(['1:40 table-row sms']);
  });
});

describe('a function', () => {
  it('is left out until it is called', async () => {
    const text = '($f := function($x) { $x }; go ? $f(go))';

    expect(await gapsOf(text, [{}])).toEqual(['1:8 function function($x) { $x }; go ? $f(go))', '1:34 branch $f(go))']);
    expect(await gapsOf(text, [{}, { go: 1 }])).toEqual([]);
  });
});

describe('a field of the source', () => {
  const shape: JsonObject = {
    type: 'object',
    properties: {
      id: { type: 'string' },
      teams: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
    },
  };

  it('is left out while no row holds a value there', async () => {
    expect(await gapsOf('$', [{ id: null }], shape)).toEqual([
      '1:1 field id',
      '1:1 field teams',
      '1:1 field teams.name',
    ]);
    expect(await gapsOf('$', [{ id: 'a' }, { id: null, teams: [{ name: 'x' }] }], shape)).toEqual([]);
  });

  it('is one that the rows have, where no shape is declared', async () => {
    expect(await gapsOf('$', [{ id: 'a', gone: null }])).toEqual(['1:1 field gone']);
  });
});

describe('the percentage', () => {
  it('is 100 only where all is exercised', () => {
    expect(percentOf({ exercised: 9999, total: 10_000 })).toBe(99.9);
    expect(percentOf({ exercised: 0, total: 0 })).toBe(100);
  });

  it('counts by kind', async () => {
    const covered = await coverMapping('a ? 1 : 2', 'x.jsonata', [{ row: { a: true }, bindings: {} }], undefined);

    expect(covered).toMatchObject({ exercised: 2, total: 3, byKind: { branch: { exercised: 1, total: 2 } } });
  });
});

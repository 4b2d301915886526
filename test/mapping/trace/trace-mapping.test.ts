import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../engine/descriptor/read-descriptor.ts';
import { listIntegrations } from '../../../engine/index.ts';
import { childrenOf, type Node } from '../../../engine/mapping/compile/ast.ts';
import { loadMapping } from '../../../engine/mapping/load-mapping.ts';
import { MappingFailure } from '../../../engine/mapping/mapping-failure.ts';
import { readTraceable, traceMapping } from '../../../engine/mapping/trace/trace-mapping.ts';
import { within } from '../../../engine/mapping/trace/visit.ts';
import { readStreamMapping } from '../../../engine/run/read-stream-mapping.ts';
import { schemasDir, shippedPlaces } from '../../support/scratch-integration.ts';

function trace(text: string, row: unknown, bindings = {}) {
  return traceMapping(readTraceable(text, 'people.jsonata'), row, bindings);
}

describe('a traced mapping', () => {
  it('that does not parse fails as an untraced one does, at its line and column', () => {
    expect(() => readTraceable('{\n  "a": )\n}', 'people.jsonata')).toThrow(MappingFailure);
  });

  it('that fails on the row tells why, and what it visited before', async () => {
    const { failure, value, visits } = await trace('{ "a": name, "b": $toMillis(at) }', { name: 'Nora', at: 'soon' });

    expect(value).toBeUndefined();
    expect(failure?.issue).toMatchObject({ code: 'mapping/failed', at: { line: 1 } });
    expect(visits.some(({ node, result }) => node.type === 'name' && result === 'Nora')).toBe(true);
  });

  it('that calls itself without end fails instead of taking the process along', async () => {
    expect((await trace('($f := function($n) { 1 + $f($n) }; $f(1))', {})).failure).toBeDefined();
  });

  it('notes what was evaluated, and not the branch that was not taken', async () => {
    const mapping = readTraceable('isGuest ? "guest" : "member"', 'people.jsonata');

    const { value, visits } = await traceMapping(mapping, { isGuest: true }, {});

    const visited = new Set(visits.map(({ node }) => node));
    const [condition, then, other] = childrenOf(mapping.root);
    expect(value).toBe('guest');
    expect([condition, then, other].map((node) => node !== undefined && visited.has(node))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('keeps apart the values of an object, which the interpreter evaluates side by side', async () => {
    const { visits } = await trace('($f := function($x) { [$x.a, $x.b] }; { "one": $f(p), "two": $f(q) })', {
      p: { a: 1, b: 2 },
      q: { a: 3, b: 4 },
    });

    const calls = visits.filter(({ node }) => node.type === 'function');
    const names = calls.map((call) =>
      [...within(call)].flatMap(({ node }) => (node.type === 'name' ? [node.value] : [])),
    );
    expect(calls.map(({ result }) => [...(result as number[])])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(names).toEqual([
      ['p', 'a', 'b'],
      ['q', 'a', 'b'],
    ]);
  });

  it('serves for many rows at once without mixing them up', async () => {
    const mapping = readTraceable('{ "who": name, "at": $at }', 'people.jsonata');

    const traces = await Promise.all(['a', 'b'].map((name) => traceMapping(mapping, { name }, { at: name })));

    expect(traces.map(({ value }) => value)).toEqual(['a', 'b'].map((name) => ({ who: name, at: name })));
  });

  it.each([
    ['{ "a": [1, [2, 3], $map([4, 5], function($x) { $x * 2 })], "b": { "c": [{ "d": 1 }, { "d": 2 }].d } }'],
    ['items{ kind: $sum(n) }'],
    ['$merge([items{ kind: $count(n) }, { "all": $count(items) }])'],
    ['items^(>n).n'],
    ['items#$i.{ "i": $i, "n": n }'],
    ['($f := function($n, $sum) { $n = 0 ? $sum : $f($n - 1, $sum + $n) }; [$f(50, 0), $f(60, 0)])'],
    ['items.n ~> $map(function($x) { $x + 1 }) ~> $sum()'],
    ['items ~> | $ | { "n": n + 1 } |'],
    ['items.(kind = "b" ? { "n": n, "m": [n, n] })'],
  ])('gives what the mapping gives: %s', async (text) => {
    const row = {
      items: [
        { kind: 'a', n: 1 },
        { kind: 'b', n: 2 },
        { kind: 'a', n: 3 },
      ],
    };

    expect((await trace(text, row)).value).toEqual(await loadMapping(text, 'x').evaluate(row, {}));
  });
});

describe('the shipped mappings', async () => {
  const bindings = {
    connection: { tenantId: 't', period: 'D7' },
    stream: { path: 'p' },
    ingestedAt: 1,
    runStartedAt: 2,
  };

  it.each(await shippedRows())('give the same when they are traced: %s', async (_case, text, rows) => {
    const mapping = readTraceable(text, 'x.jsonata');
    const untraced = loadMapping(text, 'x.jsonata');
    const nodes = new Set(inTree(mapping.root));

    for (const row of rows) {
      const { value, visits } = await traceMapping(mapping, row, bindings);
      const asEver = async (): Promise<unknown> => await untraced.evaluate(row, bindings);
      expect(value).toEqual(await asEver().catch(() => undefined));
      expect(visits.filter(({ node }) => !nodes.has(node))).toEqual([]);
    }
  });
});

function inTree(node: Node): Node[] {
  return [node, ...childrenOf(node).flatMap(inTree)];
}

/** One case of each stream of each integration that maps its rows straight from a list of them. */
async function shippedRows(): Promise<[name: string, text: string, rows: unknown[]][]> {
  const found: [name: string, text: string, rows: unknown[]][] = [];
  for (const { name: feed, folder } of await listIntegrations(shippedPlaces)) {
    const { descriptor } = await readDescriptor(folder, schemasDir);
    for (const stream of (descriptor?.streams ?? []).filter(({ dispatch }) => dispatch === undefined)) {
      const cases = join(folder, 'cases', stream.name);
      for (const name of casesIn(cases)) {
        const source = readJson(join(cases, name, 'source.json'));
        if (source === undefined) continue;
        const rows = (source as { value?: unknown }).value ?? source;
        const { text } = await readStreamMapping(folder, stream);
        found.push([`${feed}/${stream.name}/${name}`, text, Array.isArray(rows) ? rows : [rows]]);
      }
    }
  }
  return found;
}

function casesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

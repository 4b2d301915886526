import { describe, expect, it } from 'vitest';
import { loadMapping } from '../../engine/mapping/load-mapping.ts';
import { MappingFailure } from '../../engine/mapping/mapping-failure.ts';

function failureOf(work: () => unknown): MappingFailure {
  try {
    work();
  } catch (cause) {
    if (cause instanceof MappingFailure) return cause;
  }
  throw new Error('It did not fail.');
}

describe('a mapping', () => {
  it('sees its row and its bindings', async () => {
    const mapping = loadMapping('{ "who": name, "at": $ingestedAt }', 'people.jsonata');

    expect(await mapping.evaluate({ name: 'Nora' }, { ingestedAt: 5 })).toEqual({ who: 'Nora', at: 5 });
  });

  it('answers at once where it is compiled, and with a promise where the interpreter is asked', async () => {
    const asked = loadMapping('$eval(text)', 'people.jsonata').evaluate({ text: '1 + 1' }, {});

    expect(loadMapping('1 + 1', 'people.jsonata').evaluate({}, {})).toBe(2);
    expect(asked).toBeInstanceOf(Promise);
    expect(await asked).toBe(2);
  });

  it('does not mix up inputs when evaluations overlap', async () => {
    const mapping = loadMapping('{ "who": $who, "name": name }', 'people.jsonata');

    const results = await Promise.all(['a', 'b', 'c'].map((name) => mapping.evaluate({ name }, { who: name })));

    expect(results).toEqual(['a', 'b', 'c'].map((name) => ({ who: name, name })));
  });

  it('that does not parse is an issue at its line and column', () => {
    const { issue } = failureOf(() => loadMapping('{\n  "a": 1,\n  "b": )\n}', 'people.jsonata'));

    expect(issue).toMatchObject({ code: 'mapping/syntax', at: { file: 'people.jsonata', line: 3, column: 8 } });
  });

  it('that fails on a record is an issue with the words of JSONata, and works on the next record', async () => {
    const mapping = loadMapping('$toMillis(at)', 'people.jsonata');

    const { issue } = failureOf(() => mapping.evaluate({ at: 'soon' }, {}));
    expect(issue).toMatchObject({ code: 'mapping/failed', at: { line: 1 } });
    expect(await mapping.evaluate({ at: '1970-01-01T00:00:01Z' }, {})).toBe(1000);
  });

  it('that recurses without end fails instead of taking the process along', async () => {
    const mapping = loadMapping('($f := function($n) { 1 + $f($n) }; $f(1))', 'people.jsonata');

    await expect(mapping.evaluate({}, {})).rejects.toBeInstanceOf(MappingFailure);
  });
});

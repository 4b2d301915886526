import { describe, expect, it } from 'vitest';
import { checkMapping } from '../../engine/mapping/check/check-mapping.ts';
import { coverageOf, eachPartOnce, judgeMapping } from '../../engine/mapping/coverage/mapping-coverage.ts';
import { joinShared } from '../../engine/mapping/join-shared.ts';
import { loadMapping } from '../../engine/mapping/load-mapping.ts';
import { MappingFailure } from '../../engine/mapping/mapping-failure.ts';
import { targetOf } from './check/planted.ts';

const join = (mapping: string, shared: string) =>
  joinShared({ text: mapping, file: 'people.jsonata' }, { text: shared, file: 'all.shared.jsonata' });

async function given(mapping: string, shared: string, row: object = {}): Promise<unknown> {
  const { text, file } = join(mapping, shared);
  return await loadMapping(text, file).evaluate(row, {});
}

function issueOf(mapping: string, shared: string) {
  try {
    join(mapping, shared);
  } catch (cause) {
    if (cause instanceof MappingFailure) return cause.issue;
  }
  throw new Error('It was joined.');
}

describe('a shared file', () => {
  it.each([
    ['an object', '{ "a": 1 }', 1, 1],
    ['a block that gives a value', '( $a := 1;\n  { "b": $a } )', 2, 3],
    ['a block in a block', '(\n($a := 1))', 2, 1],
    ['a block of which one part is taken', '($a := 1; $b := 2)[0]', 1, 1],
  ])('that is %s holds something else than bindings', (_what, shared, line, column) => {
    expect(issueOf('$a', shared)).toMatchObject({
      code: 'mapping/not-only-bindings',
      at: { file: 'all.shared.jsonata', line, column },
    });
  });

  it('that does not parse is told at its own place, and a mapping that does not at its', () => {
    expect(issueOf('$a', '(\n  $a := ;\n)')).toMatchObject({
      code: 'mapping/syntax',
      at: { file: 'all.shared.jsonata', line: 2 },
    });
    expect(issueOf('{\n  "a": )', '( $a := 1 )')).toMatchObject({
      code: 'mapping/syntax',
      at: { file: 'people.jsonata', line: 2 },
    });
  });
});

describe('a mapping', () => {
  it.each([
    '( $a := 1; $b := $a + 1 )',
    '( $a := 1; $b := $a + 1; )',
    '/* ; */ ( $a := 1; /* ) */ $b := $a + 1 /* ; */ ) /* ) */\n',
  ])('sees what %s binds', async (shared) => {
    expect(await given('{ "b": $b }', shared)).toEqual({ b: 2 });
  });

  it('has the same row in the shared file, and may call its functions', async () => {
    const shared = '( $name := user.name; $greet := function($who) { "Hi " & $who }; )';

    expect(await given('{ "text": $greet($name) }', shared, { user: { name: 'Nora' } })).toEqual({ text: 'Hi Nora' });
  });

  it('may set a name anew for itself', async () => {
    expect(await given('( $a := 2; { "a": $a } )', '( $a := 1; $unused := 0 )')).toEqual({ a: 2 });
  });

  it('pays for nothing that it does not use: what would fail does not', async () => {
    const shared = '( $bad := $error("no"); $a := 1; $worse := $bad; )';

    expect(await given('{ "a": $a }', shared)).toEqual({ a: 1 });
    expect([...join('{ "a": $a }', shared).used]).toEqual(['a']);
    expect([...join('{ "a": $worse }', shared).used]).toEqual(['worse', 'bad']);
  });

  it.each([
    ['a parameter', '$map([1], function($a) { $a })', []],
    ['a variable of its own', '( $a := 1; { "a": [$a, (2; $a)] } )', []],
    ['its own variable, set from the shared one', '( $a := $a + 1; $a )', ['a']],
    ['the shared one, and then its own', '( $b := $a; $a := 2; $a + $b )', ['a']],
    ['its own in a block, and the shared one behind it', '( ($a := 2; $a); $a )', ['a']],
  ])('takes %s for what it is', (_what, mapping, used) => {
    expect([...join(mapping, '( $a := 1; $unused := 0 )').used]).toEqual(used);
  });

  it('that uses none of it is left as it is', () => {
    expect(join('{ "a": 1 }', '( $a := 1 )').text).toBe('{ "a": 1 }');
  });

  it('that fails in the shared file, or after it, says at which line of which file', async () => {
    const shared = '(\n  $unused := 1;\n  $at := $toMillis(at)\n)';
    const failing = (mapping: string) => given(mapping, shared, { at: 'soon' }).catch((cause: unknown) => cause);

    expect(await failing('{ "time": $at }')).toMatchObject({
      issue: { code: 'mapping/failed', at: { file: 'all.shared.jsonata', line: 3, column: 19 } },
    });
    expect(await failing('{\n  "unused": $unused,\n  "time": $number("x") }')).toMatchObject({
      issue: { code: 'mapping/failed', at: { file: 'people.jsonata', line: 3, column: 18 } },
    });
  });
});

describe('the check of a mapping', () => {
  it('knows the types of what is shared, and tells a fault at its place in either file', async () => {
    const target = await targetOf({ className: 'user_inventory' });
    const { text, file } = join(
      '{\n  "activity_id": 2,\n  "severity_id": "high",\n  "user": $user\n}',
      '(\n  $user := { "uid": id,\n    "has_mfa": "yes" }\n)',
    );

    expect(checkMapping(text, file, target).map(({ code, at }) => [code, at?.file, at?.line])).toEqual([
      ['mapping/wrong-type', 'all.shared.jsonata', 3],
      ['mapping/wrong-type', 'people.jsonata', 3],
    ]);
  });

  it('advises a shared name for a misspelt one, though the mapping uses no other', async () => {
    const target = await targetOf({ className: 'user_inventory' });
    const { text, file } = join('{ "activity_id": 2, "user": $persn }', '( $person := { "uid": id } )');
    const issues = checkMapping(text, file, target, { bindings: {} });

    expect(issues.find(({ code }) => code === 'mapping/unknown-name')?.hint).toBe('Did you mean $person?');
  });
});

describe('the coverage of a shared file', () => {
  it('adds up what the cases of each mapping exercise, and leaves out what a mapping does not use', async () => {
    const shared = '(\n  $a := x ? 1 : 2;\n  $b := y ? 1 : 2\n)';
    const parts = async (mapping: string, row: { [field: string]: boolean }) => {
      const { text, file } = join(mapping, shared);
      return judgeMapping(text, file, [{ row, bindings: {} }], undefined);
    };
    const ofShared = [...(await parts('$a', { x: true })), ...(await parts('$a + $b', { x: false, y: true }))].filter(
      ({ gap }) => gap.at.file === 'all.shared.jsonata',
    );

    const { exercised, total, gaps } = coverageOf(eachPartOnce(ofShared));

    expect([exercised, total]).toEqual([3, 4]);
    expect(gaps).toMatchObject([{ at: { line: 3, column: 17 }, what: '2' }]);
  });
});

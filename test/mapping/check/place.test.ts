import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { positionAt, startOf } from '../../../engine/mapping/check/place.ts';
import type { Node } from '../../../engine/mapping/compile/ast.ts';

/** Every way an expression may begin; the text after the assignment is the expression. */
const expressions = [
  'name',
  '`two words`',
  '"a \\"quoted\\" name".inner',
  "'single'",
  '"text"',
  '"with \\\\"',
  '42',
  '-42',
  '- 4.5e3',
  '1.5E-3',
  'true',
  'null',
  '$name',
  '$',
  '$$.name',
  'a.b.c[d = 1].e',
  'a + b',
  '"x" & y',
  'a ? b : c',
  'a ?: b',
  'a.b ?? c',
  '$uppercase(a)',
  '(a; b)',
  '[1, 2]',
  '{ "a": 1 }',
  'a{ "b": c }',
  '-(a)',
  'function($x) { $x }',
  'λ($x) { $x }',
  'a ~> $trim',
  '$substring(?, 1)',
  '/a\\/b/i',
  '*',
  '**',
  'a^(b)',
];

describe('where an expression begins', () => {
  it.each(expressions)('is found for %s', (expression) => {
    const text = `(\n  /* $x := 1 */ $ünder :=   ${expression};\n  1)`;

    expect(text.slice(startOf(assigned(text), text))).toBe(`${expression};\n  1)`);
  });

  it('is told by line and column from 1, with the length of the word there', () => {
    const text = 'a\r\n  & "b c"';

    expect(positionAt(text, text.indexOf('"'), 'x.jsonata')).toEqual({
      file: 'x.jsonata',
      line: 2,
      column: 5,
      length: 5,
    });
  });
});

/** The expression that the first statement sets a variable to. */
function assigned(text: string): Node {
  // The package's own type leaves out the marks its parser adds.
  const root = jsonata(text).ast() as unknown as Node;
  const [first] = root.type === 'block' ? root.expressions : [];
  if (first?.type !== 'bind') throw new Error('The text sets no variable.');
  return first.rhs;
}

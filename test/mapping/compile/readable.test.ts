import { describe, expect, it } from 'vitest';
import { lineMark, readable } from '../../../engine/mapping/compile/readable.ts';

const source = '{\n  "a": b,\n  "c": d\n}';

describe('a program made readable', () => {
  it('names the lines of the mapping in comments and beside the places of errors', () => {
    const code = [
      `/* a${lineMark(7)} */ b_,`,
      `const at_17 = { position: 17, token: "d" };`,
      `(/*${lineMark(17)} */ $x = 1)`,
    ].join('\n');

    expect(readable(code, source)).toBe(
      ['/* a, line 2 */ b_,', 'const at_17 = { position: 17, token: "d" }; // line 3', '(/* line 3 */ $x = 1)'].join(
        '\n',
      ),
    );
  });

  it('names the file of a line that stands in the shared one, and counts the lines of each file for itself', () => {
    const joined = '(\n$a := 1;\n{\n  "b": $a\n})';
    const file = { own: 'mappings/x.jsonata', shared: 'mappings/all.shared.jsonata', startsAt: 11, names: ['a'] };
    const code = `/* a${lineMark(4)} */ (/*${lineMark(18)} */ b)`;

    expect(readable(code, joined, file)).toBe('/* a, line 2 of all.shared.jsonata */ (/* line 2 */ b)');
  });

  it('leaves text of the mapping as it is, whatever it looks like', () => {
    const code = `"/* a @7 */" + "\\"/* a @7 */"`;

    expect(readable(code, source)).toBe(code);
  });
});

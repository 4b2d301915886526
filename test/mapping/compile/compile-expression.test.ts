import { spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../engine/mapping/compile/compile-expression.ts';
import { ExpressionError } from '../../../engine/mapping/compile/expression-error.ts';
import { HandOver } from '../../../engine/mapping/compile/hand-over.ts';

function compiled(expression: string, limits = {}) {
  const result = compileExpression(expression, limits);
  if (result.kind === 'not-compiled') throw new Error(result.reason);
  return result;
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describe('an expression that is not compiled', () => {
  it('says so for $eval, which needs the interpreter', () => {
    expect(compileExpression('$eval("1")')).toEqual({
      kind: 'not-compiled',
      reason: '$eval needs the interpreter.',
      position: 5,
    });
  });

  it('names the innermost place that is known', () => {
    expect(compileExpression('{ "a": [1, b.$eval("1")] }')).toMatchObject({ kind: 'not-compiled', position: 18 });
  });

  it('names the place of a variable that is set among values worked out side by side', () => {
    expect(compileExpression('[1, $x := 2]')).toMatchObject({ kind: 'not-compiled', position: 9 });
  });

  it('says so where $clone, which transforms are made of, is redefined', () => {
    expect(compileExpression('($clone := 5; $ ~> |a|{}|)').kind).toBe('not-compiled');
  });

  it('says so where code may not be generated from strings', () => {
    const { stdout, stderr } = runWithoutCodeGeneration('1 + 1');

    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      kind: 'not-compiled',
      reason: 'Code may not be generated from strings here.',
    });
  });

  it('throws what the package throws for text that is no JSONata', () => {
    expect(thrownBy(() => compileExpression('1 +'))).toMatchObject({ code: 'S0207' });
  });
});

describe('an error', () => {
  it('has the code, the place, the token and the words of the interpreter', () => {
    const error = thrownBy(() => compiled('total * rate').evaluate({ total: 3, rate: 'high' }));

    expect(error).toBeInstanceOf(ExpressionError);
    expect(error).toMatchObject({
      code: 'T2002',
      position: 7,
      token: '*',
      details: { value: 'high' },
      message: 'The right side of the "*" operator must evaluate to a number',
    });
  });

  it('is handed over where two values worked out side by side may fail', () => {
    const { evaluate } = compiled('{"a": $uppercase(a), "b": $uppercase(b)}');

    expect(thrownBy(() => evaluate({ a: 1, b: 2 }))).toBeInstanceOf(HandOver);
    expect(evaluate({ a: 'x', b: 'y' })).toEqual({ a: 'X', b: 'Y' });
  });

  it('is handed over from inside a function', () => {
    expect(thrownBy(() => compiled('$map(a, function($v){$v + 1})').evaluate({ a: ['x'] }))).toBeInstanceOf(HandOver);
  });
});

describe('data that is no plain JSON', () => {
  it('is handed over where a list in it is a result that has not collapsed', () => {
    const result = (item: unknown): unknown => Object.assign([item], { sequence: true });

    expect(compiled('a').evaluate({ a: result(1) })).toBe(1);
    expect(thrownBy(() => compiled('a').evaluate({ a: result(result(result(1))) }))).toBeInstanceOf(HandOver);
  });

  it('has no type for a number beyond the range of JSON', () => {
    const error = thrownBy(() => compiled('$type(a) = "string"').evaluate({ a: Infinity }));

    expect(error).toMatchObject({ code: 'D1001', position: 6 });
  });
});

describe('limits', () => {
  const countdown = '($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(depth))';

  it('hands over when functions call deeper than the stack limit', () => {
    const { evaluate } = compiled(countdown, { stack: 500 });

    expect(evaluate({ depth: 5 })).toBe(5);
    expect(thrownBy(() => evaluate({ depth: 500 }))).toBeInstanceOf(HandOver);
  });

  it('hands over what is too deep for the JavaScript stack', () => {
    expect(thrownBy(() => compiled(countdown).evaluate({ depth: 1_000_000 }))).toBeInstanceOf(HandOver);
  });

  it('hands over when a loop of tail calls outlasts the timeout', () => {
    expect(thrownBy(() => compiled('($f := function(){$f()}; $f())', { timeout: 20 }).evaluate({}))).toBeInstanceOf(
      HandOver,
    );
  });

  it('keeps the stack flat in tail calls', () => {
    expect(compiled('($f := function($n){$n = 0 ? "done" : $f($n - 1)}; $f(200000))').evaluate({})).toBe('done');
  });

  it('starts afresh after an evaluation that failed', () => {
    const { evaluate } = compiled(countdown, { stack: 500 });
    thrownBy(() => evaluate({ depth: 500 }));

    expect(evaluate({ depth: 20 })).toBe(20);
  });
});

describe('bindings', () => {
  it('are read by name', () => {
    expect(compiled('$tenant & $missing').evaluate({}, { tenant: 't' })).toBe('t');
  });

  it('are not looked for among what every object has', () => {
    expect(compiled('$exists($toString)').evaluate({}, {})).toBe(false);
  });

  it('may hold functions that answer at once', () => {
    expect(compiled('$double(a)').evaluate({ a: 2 }, { double: (value: number) => value * 2 })).toBe(4);
  });

  it('hand over if a function answers later', () => {
    const later = { later: () => Promise.resolve(1) };

    expect(thrownBy(() => compiled('$later()').evaluate({}, later))).toBeInstanceOf(HandOver);
  });

  it('hand over if one has the name of a library function the expression uses', () => {
    const { evaluate } = compiled('$sum([1, 2])');

    expect(evaluate({}, { count: 1 })).toBe(3);
    expect(thrownBy(() => evaluate({}, { sum: () => 0 }))).toBeInstanceOf(HandOver);
  });
});

describe('results', () => {
  it('are plain objects with fields in the order they are written', () => {
    const result = compiled('{"z": a, "a": {"y": 1, "x": missing}}').evaluate({ a: 1 });

    expect(JSON.stringify(result)).toBe('{"z":1,"a":{"y":1}}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('take __proto__ as a name like any other', () => {
    const result = compiled('{"__proto__": {"polluted": true}}').evaluate({}) as object;

    expect(Object.keys(result)).toEqual(['__proto__']);
    expect('polluted' in result).toBe(false);
  });

  it('share nothing with the next one', () => {
    const { evaluate } = compiled('{"tags": ["a"], "product": {"name": "x"}}');
    const first = evaluate({}) as { tags: string[]; product: { name: string } };
    first.tags.push('b');
    first.product.name = 'y';

    expect(evaluate({})).toEqual({ tags: ['a'], product: { name: 'x' } });
  });

  it('hold one time in one evaluation', () => {
    const [now, millis, later] = compiled(
      '[$toMillis($now()), $millis(), ([1..100000] ~> $sum(); $millis())]',
    ).evaluate({}) as number[];

    expect(new Set([now, millis, later]).size).toBe(1);
  });
});

describe('generated code', () => {
  it('reads like the expression it was made of', () => {
    const { code } = compiled('{"user": {"name": displayName, "label": $prefix & id}}');

    expect(code).toContain('const displayName_ = lastValueOf(input.displayName);');
    expect(code).toContain('/* name @16 */ displayName_');
    expect(code).toContain('const $prefix = collapse(bindings.prefix);');
  });

  it('takes names from the expression as text only', () => {
    const name = 'a"];globalThis.reached=true;["\u2028\\';
    const { evaluate, code } = compiled(`{"${name.replaceAll(/["\\]/g, '\\$&')}": \`${name}\`}`);

    expect(evaluate({ [name]: 1 })).toEqual({ [name]: 1 });
    expect(code).not.toContain('\u2028');
    expect('reached' in globalThis).toBe(false);
  });

  it('reaches no global and no prototype', () => {
    const expressions = [
      'globalThis',
      'process',
      'constructor.constructor',
      '$globalThis',
      '$process',
      '$.constructor',
      '$sum.constructor',
    ];

    const values = expressions.map((expression) => compiled(expression).evaluate({ a: 1 }));

    expect(values).toEqual(expressions.map(() => undefined));
  });
});

/** The compiler in a process of its own, transpiled, under the flag that forbids `new Function`. */
function runWithoutCodeGeneration(expression: string): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'no-code-generation-'));
  try {
    transpile('engine/mapping', folder);
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const script = `import { compileExpression } from './engine/mapping/compile/compile-expression.js';
      console.log(JSON.stringify(compileExpression(${JSON.stringify(expression)})));`;
    writeFileSync(join(folder, 'run.js'), script);
    const args = ['--disallow-code-generation-from-strings', join(folder, 'run.js')];
    return spawnSync(process.execPath, args, { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function transpile(source: string, folder: string): void {
  const { options } = ts.convertCompilerOptionsFromJson(
    { module: 'esnext', target: 'es2023', verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
    '.',
  );
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const target = join(folder, source, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const text = readFileSync(join(source, file), 'utf8');
    writeFileSync(target, ts.transpileModule(text, { compilerOptions: options }).outputText);
  }
}

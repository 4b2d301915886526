/**
 * Runs a folder of JSONata's own test suite through the compiler. No part of `npm test`: the suite lies elsewhere.
 *
 *     npx tsc --outDir dist/suite && JSONATA_SUITE=path/to/suite node dist/suite/test/mapping/compile/suite.js
 *
 * Each case is run compiled where it compiles, and by the interpreter where it does not or hands over; the answer is
 * held against the interpreter's. Prints the counts, and each difference; exits 1 if there is one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import jsonata from 'jsonata';
import { compileExpression } from '../../../engine/mapping/compile/compile-expression.ts';
import { HandOver } from '../../../engine/mapping/compile/hand-over.ts';
import { describeOutcome, interpreted, type Outcome } from './oracle.ts';

type Case = {
  name: string;
  expr: string;
  data: unknown;
  bindings: Record<string, unknown>;
  limits: { timeout?: number; stack?: number };
};

const folder = process.env['JSONATA_SUITE'];
if (folder === undefined) throw new Error('JSONATA_SUITE names no folder.');
const verbose = process.argv.includes('--verbose');

const counts = { cases: 0, unparsable: 0, compiled: 0, native: 0, handedOver: 0, notCompiled: 0, different: 0 };
const reasons = new Map<string, number>();

for (const one of readCases(folder)) await runCase(one);

console.log(counts);
console.log([...reasons].sort(([, a], [, b]) => b - a));
process.exitCode = counts.different > 0 ? 1 : 0;

async function runCase({ name, expr, data, bindings, limits }: Case): Promise<void> {
  counts.cases++;
  try {
    jsonata(expr);
  } catch {
    counts.unparsable++;
    return;
  }
  const compiled = compileExpression(expr, limits);
  if (compiled.kind === 'not-compiled') {
    counts.notCompiled++;
    reasons.set(compiled.reason, (reasons.get(compiled.reason) ?? 0) + 1);
    if (verbose) console.log('not compiled', name, compiled.reason, expr);
    return;
  }
  counts.compiled++;
  const expected = await interpreted(expr, structuredClone(data), { ...bindings }, limits);
  const actual = run(() => compiled.evaluate(structuredClone(data), { ...bindings }));
  if (actual === undefined) {
    counts.handedOver++;
    if (verbose) console.log('handed over', name, expr, describeOutcome(expected));
  } else if (describeOutcome(actual) === describeOutcome(expected) || isRandom(expr)) {
    counts.native++;
  } else {
    counts.different++;
    console.log(`\n${name}: ${expr}\n  expected ${describeOutcome(expected)}\n  actual   ${describeOutcome(actual)}`);
    if (verbose) console.log(compiled.code);
  }
}

function isRandom(expr: string): boolean {
  return /\$(random|shuffle|now|millis)\b/.test(expr);
}

function run(evaluate: () => unknown): Outcome | undefined {
  try {
    return { kind: 'value', value: evaluate() };
  } catch (error) {
    return error instanceof HandOver ? undefined : { kind: 'error', error };
  }
}

function readCases(root: string): Case[] {
  const groups = join(root, 'groups');
  return readdirSync(groups)
    .sort()
    .flatMap((group) =>
      readdirSync(join(groups, group))
        .filter((file) => file.endsWith('.json'))
        .sort()
        .flatMap((file) => readFile(root, group, file)),
    );
}

function readFile(root: string, group: string, file: string): Case[] {
  const content = JSON.parse(readFileSync(join(root, 'groups', group, file), 'utf8')) as unknown;
  const cases = (Array.isArray(content) ? content : [content]) as Record<string, unknown>[];
  return cases.map((one, index) => {
    const fileName = one['expr-file'];
    const expr =
      typeof fileName === 'string' ? readFileSync(join(root, 'groups', group, fileName), 'utf8') : String(one['expr']);
    const { timelimit, depth } = one;
    return {
      name: `${group}/${file}#${index}`,
      expr,
      data: readData(root, one),
      bindings: (one['bindings'] ?? {}) as Record<string, unknown>,
      limits: {
        ...(typeof timelimit === 'number' ? { timeout: timelimit } : {}),
        ...(typeof depth === 'number' ? { stack: depth } : {}),
      },
    };
  });
}

function readData(root: string, { data, dataset }: Record<string, unknown>): unknown {
  if (typeof dataset !== 'string') return data;
  return JSON.parse(readFileSync(join(root, 'datasets', `${dataset}.json`), 'utf8')) as unknown;
}

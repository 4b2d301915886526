import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../engine/mapping/compile/compile-expression.ts';
import { HandOver } from '../../../engine/mapping/compile/hand-over.ts';
import { anyExpression, anyIdiom, dirtyData } from './arbitrary-expression.ts';
import { describeOutcome, interpreted, parses, type Outcome } from './oracle.ts';

const runs = Number(process.env['DIFFERENTIAL_RUNS'] ?? 1500);
const bindings = { bound: { a: [1, { b: 2 }], list: [] }, x: 7 };

describe('compiled code against the interpreter', () => {
  it('gives the same JSON or the same error for the same generated expressions every time', async () => {
    const answered = await compareGenerated({ seed: 20260101, numRuns: runs });

    expect(answered).toBeGreaterThan(runs / 3);
  });

  it('gives the same JSON or the same error for expressions generated anew', async () => {
    const answered = await compareGenerated({ numRuns: runs });

    expect(answered).toBeGreaterThan(runs / 3);
  });

  it('gives the same for what mappings say over and over', async () => {
    const answered = await compareGenerated({ numRuns: runs }, anyIdiom());

    expect(answered).toBeGreaterThan(runs / 3);
  });
});

/** Counts what compiled code answered by itself, so that a compiler that never answers is noticed. */
async function compareGenerated(
  parameters: fc.Parameters<[string, unknown]>,
  expressions: fc.Arbitrary<string> = anyExpression(),
): Promise<number> {
  let answered = 0;
  const same = fc.asyncProperty(expressions, dirtyData(), async (expression, input) => {
    fc.pre(parses(expression));
    const compiled = compileExpression(expression);
    if (compiled.kind === 'not-compiled') return;
    const actual = outcomeOf(() => compiled.evaluate(copy(input), copy(bindings)));
    if (actual === 'handed over') return;
    answered++;

    const expected = await interpreted(expression, copy(input), copy(bindings));
    expect(describeOutcome(actual)).toBe(describeOutcome(expected));
  });
  await fc.assert(same, parameters);
  return answered;
}

function copy<Data>(data: Data): Data {
  return structuredClone(data);
}

function outcomeOf(evaluate: () => unknown): Outcome | 'handed over' {
  try {
    return { kind: 'value', value: evaluate() };
  } catch (error) {
    return error instanceof HandOver ? 'handed over' : { kind: 'error', error };
  }
}

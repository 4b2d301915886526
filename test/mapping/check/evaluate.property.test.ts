import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { createWalk } from '../../../engine/mapping/check/evaluate.ts';
import { Findings } from '../../../engine/mapping/check/findings.ts';
import { Reads } from '../../../engine/mapping/check/reads.ts';
import { innerFrame } from '../../../engine/mapping/check/scope.ts';
import { sourceValue } from '../../../engine/mapping/check/source-field.ts';
import { readSourceSchema } from '../../../engine/mapping/check/source-schema.ts';
import { anything, type Value } from '../../../engine/mapping/check/value.ts';
import type { Node } from '../../../engine/mapping/compile/ast.ts';
import type { JsonObject, JsonValue } from '../../../engine/records.ts';
import { anyExpression, dirtyData } from '../compile/arbitrary-expression.ts';
import { admits, shapeOf } from './admits.ts';

/**
 * `EXPRESSIONS=60000 npx vitest run …` looks for others, and for longer. The same are looked at otherwise, as one thing is left
 * that no landing should fail on: once in some 100,000, `$exists` sees a predicate that picked the same nothing several times.
 */
const asked = process.env['EXPRESSIONS'];
const search = asked === undefined ? { numRuns: 1500, seed: 7 } : { numRuns: Number(asked) };

describe('what may come out of any expression', () => {
  it('includes what does come out', async () => {
    await fc.assert(
      fc.asyncProperty(anyExpression(), dirtyData(), async (text, data) => {
        const input = plain(data);
        fc.pre(isObject(input));
        const got = await interpreted(text, input);
        if (got.kind === 'error') return;

        for (const context of [anything, shapeValue(input)]) {
          expect(admits(expected(text, context), got.value), `${text} over ${JSON.stringify(input)}`).toBe(true);
        }
      }),
      {
        ...search,
        examples: [
          ['b.$sift(function($v, $f) { $f = "a" and $v != c })', { b: { c: {}, a: [] } }],
          ['b.$each(function($v) { $v })', { b: { c: 'x' } }],
          ['list.{ "k": $ }', { list: [[{}, [0]]] }],
        ],
      },
    );
  });
});

function expected(text: string, context: Value): Value {
  const walk = createWalk(text, new Reads(), new Findings(text, 'any.jsonata'));
  const frame = innerFrame(undefined, 0);
  frame.variables.set('$', { value: context });
  // The package's own type leaves out the marks its parser adds.
  return walk.evaluate(jsonata(text).ast() as unknown as Node, { frame, context, facts: new Map() });
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shapeValue(input: JsonValue): Value {
  return sourceValue(readSourceSchema(shapeOf([input])), '');
}

async function interpreted(text: string, input: unknown) {
  try {
    const value: unknown = await jsonata(text, { timeout: 2000, stack: 200 }).evaluate(input, {});
    if (hasHoles(value)) return { kind: 'error' as const, error: 'holes' };
    return { kind: 'value' as const, value: typeof value === 'object' ? plain(value) : value };
  } catch (error) {
    return { kind: 'error' as const, error };
  }
}

/** As JSON has it, but that functions fall away, and that what is no finite number is still one. */
function plain(value: unknown): JsonValue | undefined {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) return 0.5;
    return Array.isArray(inner) ? inner.filter((item) => typeof item !== 'function') : inner;
  });
  return JSON.parse(text) as JsonValue; // what JSON gives
}

/** Some predicates pick the same nothing several times over. */
function hasHoles(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => item === undefined || hasHoles(item));
  return typeof value === 'object' && value !== null && Object.values(value).some(hasHoles);
}

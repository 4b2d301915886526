import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordChecker } from '../../engine/ocsf/check-record.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import {
  bareExample,
  type Candidate,
  contextOf,
  example,
  exampleNames,
  examples,
  requestFor,
  schemasDir,
} from './examples.ts';

/** Anything, and more often than not something near a record: an example with a few of its parts replaced. */
const spoilt = (bare: Candidate) => {
  const paths = pathsOf(bare);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    value: fc.anything({ maxDepth: 3, withNullPrototype: true }),
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const candidate = structuredClone(bare);
    for (const { path, value } of changes) replaceAt(candidate, path, value);
    return candidate;
  });
};

describe.each(exampleNames)('whatever a mapping of %s gives', (name) => {
  it.each(['1.1.0', '1.5.0', '1.8.0'])(
    'is accepted or rejected in %s, and what is accepted keeps the schema',
    async (target) => {
      const checker = await createRecordChecker(requestFor(name, { targetVersion: target }));
      const keepsSchema = committedCheck(target, examples[name].className, examples[name].profiles);
      const seen = { accepted: 0, rejected: 0 };

      fc.assert(
        fc.property(fc.oneof(fc.anything(), spoilt(bareExample(name)), spoilt(example(name))), (candidate) => {
          const outcome = checker.check(candidate, contextOf(name));
          seen[outcome.kind] += 1;
          if (outcome.kind === 'rejected') {
            expect(outcome.issues.length).toBeGreaterThan(0);
            for (const issue of outcome.issues)
              expect(issue).toMatchObject({ severity: 'error', pointer: expect.any(String) as string });
            return;
          }
          const text = JSON.stringify(outcome.record);
          expect(JSON.parse(text)).toEqual(outcome.record);
          expect(keepsSchema(JSON.parse(text))).toEqual([]);
          expect(hasNothing(outcome.record)).toBe(false);
        }),
        { numRuns: 300 },
      );

      expect(seen.accepted).toBeGreaterThan(0);
      expect(seen.rejected).toBeGreaterThan(0);
    },
  );

  it('is the same again when it is checked again', async () => {
    const checker = await createRecordChecker(requestFor(name));

    fc.assert(
      fc.property(spoilt(bareExample(name)), (candidate) => {
        const first = checker.check(candidate, contextOf(name));
        if (first.kind === 'rejected') return;
        const second = checker.check(first.record, contextOf(name));
        expect(second).toMatchObject({ kind: 'accepted' });
        if (second.kind === 'accepted') expect(JSON.stringify(second.record)).toBe(JSON.stringify(first.record));
      }),
    );
  });
});

function committedCheck(version: string, className: string, profiles: readonly string[]) {
  const read = (name: string) => {
    const path = join(schemasDir, 'ocsf', version, 'json-schema', `${[name, ...profiles].join('+')}.schema.json`);
    return JSON.parse(readFileSync(path, 'utf8')) as object; // a committed schema
  };
  return compileSchema(read(className), [read('objects')]);
}

function hasNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null || value === '' || value === undefined;
  const inner = Object.values(value);
  return inner.length === 0 || inner.some(hasNothing);
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const inner = Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  // A key that is not there yet, and the whole of the value.
  return [...inner, [...path, 'invented'], ...(path.length === 0 ? [] : [[...path]])];
}

function replaceAt(root: Candidate, path: readonly string[], value: unknown): void {
  let owner: unknown = root;
  for (const key of path.slice(0, -1))
    owner = typeof owner === 'object' && owner !== null ? Reflect.get(owner, key) : undefined;
  if (typeof owner === 'object' && owner !== null) Reflect.set(owner, path.at(-1) ?? '', value);
}

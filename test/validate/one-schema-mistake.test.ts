import { readdirSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Document, isMap, isPair, isScalar, isSeq, type Pair, parseDocument, visit } from 'yaml';
import { schemaIssues } from '../../engine/descriptor/schema-issues.ts';
import { parseYaml } from '../../engine/descriptor/yaml-file.ts';
import { type Issue, validateIntegration } from '../../engine/index.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import { schemasDir, scratchFolder } from '../support/scratch-integration.ts';

// The shipped feeds are clean: what is told of one with a mistake in its descriptor, beside that mistake, is a false alarm.

const integrations = join(import.meta.dirname, '../../integrations');
const feeds = readdirSync(integrations, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? [one.name] : [],
);
const schema = JSON.parse(await readFile(join(schemasDir, 'descriptor.schema.json'), 'utf8')) as object; // our own file
const checkSchema = compileSchema(schema);

/** `MISTAKES=500 npx vitest run …` looks for longer. */
const numRuns = Number(process.env['MISTAKES'] ?? 10);

describe('one mistake that breaks the schema, planted at random', () => {
  it.each(feeds)(
    'is all that is told of %s',
    async (feed) => {
      const dir = await scratchFolder();
      await cp(join(integrations, feed), join(dir, feed), { recursive: true });
      const path = join(dir, feed, 'integration.yaml');
      const clean = await readFile(path, 'utf8');

      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.constantFrom(...Object.keys(changes)), fc.nat(), async (at, change, other) => {
          const { text, what } = plant(clean, at, change, other);
          const mistakes = mistakesIn(text, path);
          fc.pre(mistakes.length > 0); // the schema allows some changes

          const openTexts = new Map([[path, text]]);
          const { issues } = await validateIntegration({ integrationsDirs: [dir], schemasDir, openTexts }, feed);

          expect(issues.map(lineOf), what).toEqual([...mistakes].sort(byPlace).map(lineOf));
        }),
        { numRuns, endOnFailure: true },
      );
    },
    numRuns * 5_000,
  );
});

function mistakesIn(text: string, path: string): readonly Issue[] {
  const file = parseYaml(text, path);
  return file.issues.length > 0 ? [] : schemaIssues(file, checkSchema);
}

/** As `validate` tells them. */
function byPlace({ at: one }: Issue, { at: other }: Issue): number {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0);
}

function lineOf({ at, code, message }: Issue): string {
  return `${at?.line}:${at?.column} ${code} ${message}`;
}

/** The descriptor with one of its keys or values changed; with none, where an alias would lose its anchor. */
function plant(clean: string, at: number, change: string, other: number): { text: string; what: string } {
  const document = parseDocument(clean, { merge: true });
  const pairs = pairsOf(document);
  const { pair, path } = pairs[at % pairs.length] ?? { path: [] };
  if (pair !== undefined) changes[change]?.(pair, other);
  try {
    return { text: document.toString({ lineWidth: 0 }), what: `${path.join('.')}: ${change}` };
  } catch {
    return { text: clean, what: 'nothing' };
  }
}

/** How a pair is spoilt. */
const changes: { readonly [what: string]: (pair: Pair, other: number) => void } = {
  'key misspelt': (pair) => {
    const key = keyOf(pair);
    pair.key = `${key.slice(0, 1)}${key.slice(2)}`;
  },
  'key unknown': (pair) => {
    pair.key = 'unheardOf';
  },
  'value of another type': (pair, other) => {
    // Another block in place of one would lack more than it should.
    const values = [5, true, 'some text', ['one'], null, ...(isMap(pair.value) ? [] : [{ unheardOf: 1 }])];
    pair.value = values[other % values.length];
  },
  'block or list made a text': (pair) => {
    pair.value = isMap(pair.value) || isSeq(pair.value) ? 'some text' : { unheardOf: 'some text' };
  },
  'unknown key inside': (pair) => {
    if (isMap(pair.value)) pair.value.add({ key: 'unheardOf', value: 'some text' });
    else pair.value = 5;
  },
  'unknown block inside': (pair) => {
    if (isMap(pair.value)) pair.value.add({ key: 'unheardOf', value: { kind: 'some text' } });
    else pair.value = [5];
  },
  'key inside taken out': ({ value }, other) => {
    if (isMap(value) || isSeq(value)) value.items.splice(other % value.items.length, 1);
  },
};

function pairsOf(document: Document): { pair: Pair; path: string[] }[] {
  const pairs: { pair: Pair; path: string[] }[] = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      const path = [...ancestors, pair].flatMap((one) => (isPair(one) ? [keyOf(one)] : []));
      if (keyOf(pair) !== mergeKey) pairs.push({ pair, path });
    },
  });
  return pairs;
}

/** As the package tells it: what is merged in is no key of its own. */
const mergeKey = 'Symbol(<<)';

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

import { readdirSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
const checkSchema = compileSchema(
  JSON.parse(await readFile(join(schemasDir, 'descriptor.schema.json'), 'utf8')) as object,
);

/** `SEED=…` repeats a failure, `SECONDS=…` looks for longer. */
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const secondsPerFeed = Number(process.env['SECONDS'] ?? 1);
const atLeast = 5;

describe(`one mistake that breaks the schema, planted at random (SEED=${seed})`, () => {
  it.each(feeds)(
    'is all that is told of %s',
    async (feed) => {
      const dir = await scratchFolder();
      await cp(join(integrations, feed), join(dir, feed), { recursive: true });
      const path = join(dir, feed, 'integration.yaml');
      const clean = await readFile(path, 'utf8');
      const random = randomFrom(seed);

      const until = Date.now() + secondsPerFeed * 1000;
      for (let planted = 0; planted < atLeast || Date.now() < until; ) {
        const mistake = plant(clean, random);
        const mistakes = mistake === undefined ? [] : mistakesIn(mistake.text, path);
        if (mistake === undefined || mistakes.length === 0) continue; // the schema allows it
        const { text, what } = mistake;
        planted++;

        const openTexts = new Map([[path, text]]);
        const { issues } = await validateIntegration({ integrationsDirs: [dir], schemasDir, openTexts }, feed);

        expect(issues.map(lineOf), `SEED=${seed}: ${what}`).toEqual(mistakes.map(lineOf));
      }
    },
    secondsPerFeed * 1000 + 60_000,
  );
});

function mistakesIn(text: string, path: string): readonly Issue[] {
  const file = parseYaml(text, path);
  return file.issues.length > 0 ? [] : schemaIssues(file, checkSchema);
}

function lineOf({ at, code, message }: Issue): string {
  return `${at?.line}:${at?.column} ${code} ${message}`;
}

type Random = (below: number) => number;

/** Numbers that look random, the same for one seed (mulberry32). */
function randomFrom(start: number): Random {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The descriptor with one key or value changed; `undefined` where an alias then has no anchor. */
function plant(clean: string, random: Random): { text: string; what: string } | undefined {
  const document = parseDocument(clean, { merge: true });
  const pairs = pairsOf(document);
  const { pair, path } = pick(pairs, random);
  const [what, change] = pick(Object.entries(changes), random);
  change(pair, random);
  try {
    return { text: document.toString({ lineWidth: 0 }), what: `${path.join('.')}: ${what}` };
  } catch {
    return undefined;
  }
}

/** How a pair is spoilt. */
const changes: { readonly [what: string]: (pair: Pair, random: Random) => void } = {
  'key misspelt': (pair) => {
    const key = keyOf(pair);
    pair.key = `${key.slice(0, 1)}${key.slice(2)}`;
  },
  'key unknown': (pair) => {
    pair.key = 'unheardOf';
  },
  'value of another type': (pair, random) => {
    const block = isMap(pair.value) ? [] : [{ unheardOf: 1 }]; // another block would lack more than it should
    pair.value = pick([5, true, 'some text', ['one'], null, ...block], random);
  },
  'block or list made a text': (pair) => {
    if (isMap(pair.value) || isSeq(pair.value)) pair.value = 'some text';
    else pair.value = { unheardOf: 'some text' };
  },
  'unknown key inside': (pair) => {
    if (isMap(pair.value)) pair.value.add({ key: 'unheardOf', value: 'some text' });
    else pair.value = 5;
  },
  'first key inside taken out': ({ value }) => {
    if (isMap(value) || isSeq(value)) value.items.shift();
  },
  'last key inside taken out': ({ value }) => {
    if (isMap(value) || isSeq(value)) value.items.pop();
  },
};

function pairsOf(document: Document): { pair: Pair; path: string[] }[] {
  const pairs: { pair: Pair; path: string[] }[] = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      const path = [...ancestors, pair].flatMap((one) => (isPair(one) ? [keyOf(one)] : []));
      if (keyOf(pair) !== '<<') pairs.push({ pair, path });
    },
  });
  return pairs;
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new TypeError('There is nothing to pick from.');
  return item;
}

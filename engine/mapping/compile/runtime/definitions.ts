import jsonata from 'jsonata';
import type { Implementation, Signature } from './functions.ts';

/** The library as the package defines it: implementation and signature of each function, under its name. */
export type Definition = { readonly implementation: Implementation; readonly signature: Signature | undefined };

const names = [
  ...['sum', 'count', 'max', 'min', 'average', 'string', 'substring', 'substringBefore', 'substringAfter'],
  ...['lowercase', 'uppercase', 'length', 'trim', 'pad', 'match', 'contains', 'replace', 'split', 'join'],
  ...['formatNumber', 'formatBase', 'formatInteger', 'parseInteger', 'number', 'floor', 'ceil', 'round', 'abs'],
  ...['sqrt', 'power', 'random', 'boolean', 'not', 'map', 'zip', 'filter', 'single', 'reduce', 'sift', 'keys'],
  ...['lookup', 'append', 'exists', 'spread', 'merge', 'reverse', 'each', 'error', 'assert', 'type', 'sort'],
  ...['shuffle', 'distinct', 'base64encode', 'base64decode', 'encodeUrlComponent', 'encodeUrl'],
  ...['decodeUrlComponent', 'decodeUrl', 'eval', 'toMillis', 'fromMillis', 'clone', 'now', 'millis'],
];

/**
 * A function's name is an expression whose value is its definition: the public way to the package's own implementations
 * and argument checks. Those that wait for promises are written anew in this folder; the others serve as they are.
 */
export const definitions: ReadonlyMap<string, Definition> = await readDefinitions();

async function readDefinitions(): Promise<Map<string, Definition>> {
  // A list of values of the package's own making, one for each name.
  const values = (await jsonata(`[${names.map((name) => `$${name}`).join(', ')}]`).evaluate({})) as Definition[];
  return new Map(values.map((definition, index) => [names[index] ?? '', definition]));
}

/** Parses a signature by having the package parse a function that has one. */
export function parseSignature(text: string): Signature {
  const lambda = jsonata(`function($x)${text}{ $x }`).ast() as unknown as { signature: Signature };
  return lambda.signature;
}

/**
 * JSONata's own functions with their signatures: what each argument may be, and after the colon what comes out.
 *
 * Letters: s string, n number, b boolean, o object, a array, f function, j any JSON, x anything; `-` the context stands
 * in where it is missing, `?` may be left out.
 *
 * @see https://docs.jsonata.org/embedding-extending#function-signature-syntax
 */
export const signatures: { readonly [name: string]: string } = {
  sum: 'a:n',
  count: 'a:n',
  max: 'a:n',
  min: 'a:n',
  average: 'a:n',
  string: 'x-b?:s',
  substring: 's-nn?:s',
  substringBefore: 's-s:s',
  substringAfter: 's-s:s',
  lowercase: 's-:s',
  uppercase: 's-:s',
  length: 's-:n',
  trim: 's-:s',
  pad: 's-ns?:s',
  match: 's-fn?:x',
  contains: 's-(sf):b',
  replace: 's-(sf)(sf)n?:s',
  split: 's-(sf)n?:x',
  join: 'as?:s',
  formatNumber: 'n-so?:s',
  formatBase: 'n-n?:s',
  formatInteger: 'n-s:s',
  parseInteger: 's-s:n',
  number: '(nsb)-:n',
  floor: 'n-:n',
  ceil: 'n-:n',
  round: 'n-n?:n',
  abs: 'n-:n',
  sqrt: 'n-:n',
  power: 'n-n:n',
  random: ':n',
  boolean: 'x-:b',
  not: 'x-:b',
  map: 'af:x',
  zip: 'a:x',
  filter: 'af:x',
  single: 'af?:x',
  reduce: 'afj?:x',
  sift: 'o-f?:x',
  keys: 'x-:x',
  lookup: 'x-s:x',
  append: 'xx:x',
  exists: 'x:b',
  spread: 'x-:x',
  merge: 'a:x',
  reverse: 'a:x',
  each: 'o-f:x',
  error: 's?:x',
  assert: 'bs?:x',
  type: 'x:s',
  sort: 'af?:x',
  shuffle: 'a:x',
  distinct: 'x:x',
  base64encode: 's-:s',
  base64decode: 's-:s',
  encodeUrlComponent: 's-:s',
  encodeUrl: 's-:s',
  decodeUrlComponent: 's-:s',
  decodeUrl: 's-:s',
  eval: 'sx?:x',
  toMillis: 's-s?:n',
  fromMillis: 'n-s?s?:s',
  clone: '(oa)-:x',
  now: 's?s?:s',
  millis: ':n',
};

export type Parameter = { readonly kinds: string; readonly usesContext: boolean; readonly isOptional: boolean };

export type Signature = { readonly parameters: readonly Parameter[]; readonly result: string };

const parsed = new Map<string, Signature>();

export function signatureOf(name: string): Signature | undefined {
  const text = Object.hasOwn(signatures, name) ? signatures[name] : undefined;
  if (text === undefined) return undefined;
  const known = parsed.get(name) ?? parse(text);
  parsed.set(name, known);
  return known;
}

function parse(text: string): Signature {
  const [before = '', result = 'x'] = text.split(':');
  const parameters = [...before.matchAll(/(?:\((\w+)\)|(\w))([-?]?)/g)].map(([, several, single, mark]) => ({
    kinds: several ?? single ?? 'x',
    usesContext: mark === '-',
    isOptional: mark === '?',
  }));
  return { parameters, result };
}

/** An array parameter takes any single value as an array of one. */
export function takesNull({ kinds }: Parameter): boolean {
  return /[axjl]/.test(kinds);
}

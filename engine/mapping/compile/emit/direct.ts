import type { Kind } from './code.ts';

/** Library functions the runtime has a quick form of, and for how many arguments. */
type Direct = {
  readonly runtime: string;
  readonly counts: readonly number[];
  readonly kind: Kind;
  /** Its result is never nothing. */
  readonly defined?: boolean;
  /** Its arguments may come out again, functions among them. */
  readonly keepsFunctions?: boolean;
};

export const direct: { readonly [name: string]: Direct } = {
  string: { runtime: 'string', counts: [1], kind: 'string' },
  lowercase: { runtime: 'lowercase', counts: [1], kind: 'string' },
  uppercase: { runtime: 'uppercase', counts: [1], kind: 'string' },
  trim: { runtime: 'trim', counts: [1], kind: 'string' },
  length: { runtime: 'lengthOf', counts: [1], kind: 'number' },
  substring: { runtime: 'substring', counts: [2, 3], kind: 'string' },
  substringBefore: { runtime: 'substringBefore', counts: [2], kind: 'string' },
  substringAfter: { runtime: 'substringAfter', counts: [2], kind: 'string' },
  contains: { runtime: 'contains', counts: [2], kind: 'boolean' },
  split: { runtime: 'split', counts: [2], kind: 'array' },
  join: { runtime: 'join', counts: [1, 2], kind: 'string' },
  number: { runtime: 'number', counts: [1], kind: 'number' },
  floor: { runtime: 'floor', counts: [1], kind: 'number' },
  ceil: { runtime: 'ceil', counts: [1], kind: 'number' },
  round: { runtime: 'round', counts: [1], kind: 'number' },
  abs: { runtime: 'abs', counts: [1], kind: 'number' },
  sum: { runtime: 'sum', counts: [1], kind: 'number' },
  max: { runtime: 'max', counts: [1], kind: 'number' },
  min: { runtime: 'min', counts: [1], kind: 'number' },
  average: { runtime: 'average', counts: [1], kind: 'number' },
  count: { runtime: 'count', counts: [1], kind: 'number', defined: true },
  boolean: { runtime: 'boolean', counts: [1], kind: 'boolean' },
  not: { runtime: 'not', counts: [1], kind: 'boolean' },
  exists: { runtime: 'exists', counts: [1], kind: 'boolean', defined: true },
  type: { runtime: 'typeOf', counts: [1], kind: 'string' },
  append: { runtime: 'appendTo', counts: [2], kind: 'any', keepsFunctions: true },
  lookup: { runtime: 'lookupIn', counts: [2], kind: 'any' },
  keys: { runtime: 'keys', counts: [1], kind: 'any' },
  merge: { runtime: 'merge', counts: [1], kind: 'object' },
  toMillis: { runtime: 'toMillis', counts: [1], kind: 'number' },
  fromMillis: { runtime: 'fromMillis', counts: [1], kind: 'string' },
  millis: { runtime: 'millis', counts: [0], kind: 'number', defined: true },
};

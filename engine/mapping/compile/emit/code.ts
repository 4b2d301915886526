/** What is known of a value before it is there; each may also be nothing unless {@link Code.defined}. */
export type Kind = 'any' | 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array' | 'function';

/** A JavaScript expression for an expression's value. */
export type Code = {
  readonly js: string;
  readonly kind: Kind;
  /** Never nothing. */
  readonly defined: boolean;
  /** No sequence that would collapse any further. */
  readonly stable: boolean;
  /** Has collapsed where it came from. An expression around it may still make it collapse once more. */
  readonly collapsed?: boolean;
};

export function code(js: string, kind: Kind = 'any', facts: { defined?: boolean; stable?: boolean } = {}): Code {
  const scalar = kind !== 'any' && kind !== 'array';
  return { js, kind, defined: facts.defined ?? false, stable: facts.stable ?? scalar };
}

export const nothing: Code = { js: 'undefined', kind: 'any', defined: false, stable: true };

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
  /** Where whether there is a value can be told without making it: writes JavaScript that tells it. */
  readonly exists?: () => string;
  /** What a filter keeps: the list before it, and a predicate that is a plain yes or no. */
  readonly where?: { readonly list: string; readonly predicate: string; readonly neverFails: boolean };
};

export function code(js: string, kind: Kind = 'any', facts: Partial<Omit<Code, 'js' | 'kind'>> = {}): Code {
  const scalar = kind !== 'any' && kind !== 'array';
  return { defined: false, stable: scalar, ...facts, js, kind };
}

/** Whether JavaScript is nothing but a name: it may be written twice. */
export function isName({ js }: Code): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(js);
}

export const nothing: Code = { js: 'undefined', kind: 'any', defined: false, stable: true };

import type { Origin, Outcome } from '../records.ts';

/** A row that is no JSON object cannot be mapped; the others can. */
export function notAnObject(row: unknown, origin: Origin): Outcome & { readonly kind: 'rejected' } {
  const found = Array.isArray(row) ? 'an array' : row === null ? 'null' : `a ${typeof row}`;
  return {
    kind: 'rejected',
    origin,
    issues: [
      {
        code: 'fetch/row-not-object',
        severity: 'error',
        message: `The row is ${found} where the source should send an object.`,
        hint: 'Check the pointer under "records" in the descriptor.',
        pointer: '',
      },
    ],
  };
}

import type { Records, Stream } from '../descriptor/descriptor.ts';

/**
 * Where the rows lie in a saved answer of a stream. Of ids whose records are asked for, the saved answer is the one with
 * the records; of a stream that asks about the rows of another one, it is a list of rows as the mapping sees them.
 */
export function answerRecords({ records, hydrate, parent }: Stream): Records {
  if (parent !== undefined) return { kind: 'rows', pointer: '' };
  return hydrate === undefined ? records : hydrate.records;
}

import { pointerKeys, withValueAt } from '../json-pointer.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import type { PagingDraft } from './feed-draft.ts';
import { fillBlock } from './fill-block.ts';
import { asObject, type Kind } from './kinds.ts';

/**
 * The `pagination` block of a kind, with invented pointers and parameters, and the answer that fits them. A kind that is
 * not known here gets the keys that the schema requires.
 */
export function draftPaging({ kind, meaning, branch }: Kind, schema: JsonObject): PagingDraft {
  const known = knownKinds[kind];
  if (known !== undefined) {
    return { block: { kind, ...known.block }, meaning, rowsAt: known.rowsAt ?? '/data', beside: known.beside ?? {} };
  }
  const beside: Record<string, JsonValue> = {};
  const block = fillBlock(branch, asObject(schema.$defs), (key, { pattern }) => {
    if (pattern === undefined) return key.replace(/(Parameter|Header|Name)$/, '') || key;
    const pointer = `/${key === 'pointer' ? 'next' : key.replace(/Pointer$/, '')}`;
    beside[pointer] = null;
    return pointer;
  });
  return { block: { ...block, kind }, meaning, rowsAt: '/data', beside };
}

type Known = {
  readonly block: JsonObject;
  readonly rowsAt?: string;
  readonly beside?: { readonly [pointer: string]: JsonValue };
};

const knownKinds: { readonly [kind: string]: Known } = {
  'single-page': { block: {} },
  'next-link': { block: { pointer: '/links/next' }, beside: { '/links/next': null } },
  'link-header': { block: {}, rowsAt: '' },
  cursor: { block: { pointer: '/meta/next', parameter: 'cursor' }, beside: { '/meta/next': null } },
  offset: {
    block: { parameter: 'offset', pageSize: 100, sizeParameter: 'limit', totalPointer: '/total' },
    beside: { '/total': 2 },
  },
  'page-number': {
    block: { parameter: 'page', pageSize: 100, sizeParameter: 'per_page', lastPagePointer: '/pages' },
    beside: { '/pages': 1 },
  },
};

/** An answer as the vendor would send it: the rows where they lie, and what stands beside them. */
export function answerOf({ rowsAt, beside }: PagingDraft, rows: readonly JsonObject[]): JsonValue {
  if (rowsAt === '') return [...rows];
  const places: [string, JsonValue][] = [[rowsAt, [...rows]], ...Object.entries(beside)];
  let answer: JsonValue = {};
  for (const [pointer, value] of places) answer = withValueAt(answer, pointerKeys(pointer), value);
  return answer;
}

import type { JsonObject, JsonValue } from '../../records.ts';
import type { PagingDraft } from '../feed-draft.ts';
import type { FlatSchema } from './flat-schema.ts';
import type { ListAnswer } from './list-answer.ts';

/** A query parameter, with what its schema says. */
export type QueryParameter = { readonly name: string; readonly isRequired: boolean; readonly schema: JsonObject };

export type FoundPaging = Pick<PagingDraft, 'block' | 'beside'> & {
  /** Parameters that the pagination fills in by itself. */
  readonly uses: readonly string[];
  readonly why: string;
  readonly unsure: readonly string[];
};

/** Tells from the names of parameters, of answer fields and of headers how the list goes from page to page. */
export function findPaging(parameters: readonly QueryParameter[], answer: ListAnswer): FoundPaging {
  const clues: Clues = { parameters, answer, size: named(parameters, sizes) };
  return (
    byLinkHeader(clues) ??
    byCursor(clues) ??
    byNextLink(clues) ??
    byOffset(clues) ??
    byPageNumber(clues) ??
    singleOf(answer)
  );
}

/** How many rows a page has, as far as the document tells. */
export function pageSizeOf({ schema }: QueryParameter): number | undefined {
  return [schema.maximum, schema.default].find((value): value is number => typeof value === 'number' && value >= 1);
}

type Clues = {
  readonly parameters: readonly QueryParameter[];
  readonly answer: ListAnswer;
  readonly size: QueryParameter | undefined;
};

const sizes = 'limit pagesize perpage size maxresults top count pagelimit max results'.split(' ');
const cursors =
  'cursor pagetoken nexttoken continuationtoken continuation after startingafter marker scrollid pagecursor pageafter'.split(
    ' ',
  );
const offsets = 'offset skip start startindex startat pageoffset'.split(' ');
const pages = 'page pagenumber pageindex pageno'.split(' ');
const nextLinks = 'next nextlink nexturl nextpage nextpageurl nextpagelink odatanextlink nexthref'.split(' ');
const nextCursors =
  'nextcursor nextpagetoken nexttoken nextcontinuationtoken continuationtoken continuation endcursor cursor after nextmarker marker scrollid next'.split(
    ' ',
  );
const mores = 'hasmore hasnext hasnextpage more ismore'.split(' ');
const totals = 'total totalcount totalresults totalitems totalrecords totalelements count'.split(' ');
const lastPages = 'pages totalpages lastpage pagecount'.split(' ');

function byLinkHeader({ answer }: Clues): FoundPaging | undefined {
  if (!answer.headers.some((name) => normalised(name) === 'link')) return undefined;
  return { block: { kind: 'link-header' }, beside: {}, uses: [], why: 'the answer has a Link header', unsure: [] };
}

function byCursor({ parameters, answer }: Clues): FoundPaging | undefined {
  const parameter = named(parameters, cursors);
  if (parameter === undefined) return undefined;
  const pointer = pointerTo(answer, nextCursors, ['string', 'integer']);
  if (pointer === undefined) {
    return {
      ...single,
      unsure: [`the parameter ${parameter.name} takes a cursor, but no field of the answer is known as one`],
    };
  }
  const more = pointerTo(answer, mores, ['boolean']);
  return {
    block: { kind: 'cursor', pointer, parameter: parameter.name, ...(more !== undefined && { morePointer: more }) },
    beside: { [pointer]: null, ...(more !== undefined && { [more]: false }) },
    uses: [parameter.name],
    why: `${pointer} of the answer goes into ${parameter.name}`,
    unsure: [],
  };
}

function byNextLink({ answer }: Clues): FoundPaging | undefined {
  const pointer = pointerTo(answer, nextLinks, ['string']);
  if (pointer === undefined) return undefined;
  const format = answer.beside.get(pointer)?.format;
  const isSure = format === 'uri' || format === 'url' || /link|url|href/i.test(pointer);
  return {
    block: { kind: 'next-link', pointer },
    beside: { [pointer]: null },
    uses: [],
    why: `${pointer} of the answer is the next page`,
    unsure: isSure ? [] : [`${pointer} is taken for an address; the document does not say so`],
  };
}

function byOffset({ parameters, answer, size }: Clues): FoundPaging | undefined {
  const parameter = named(parameters, offsets);
  if (parameter === undefined) return undefined;
  const total = pointerTo(answer, totals, ['integer', 'number']);
  const first = firstOf(parameter, 0);
  const told = size === undefined ? undefined : pageSizeOf(size);
  return {
    block: {
      kind: 'offset',
      parameter: parameter.name,
      ...(first !== 0 && { firstOffset: first }),
      pageSize: told ?? 100,
      ...(size !== undefined && { sizeParameter: size.name }),
      ...(total !== undefined && { totalPointer: total }),
    },
    beside: total === undefined ? {} : { [total]: 1 },
    uses: [parameter.name, ...(size === undefined ? [] : [size.name])],
    why: `the parameter ${parameter.name} takes the offset of the first row`,
    unsure: told === undefined ? ['the rows of a page are taken to be 100; the document does not say'] : [],
  };
}

function byPageNumber({ parameters, answer, size }: Clues): FoundPaging | undefined {
  const parameter = named(parameters, pages);
  if (parameter === undefined) return undefined;
  const last = pointerTo(answer, lastPages, ['integer', 'number']);
  const first = firstOf(parameter, 1);
  const told = size === undefined ? undefined : pageSizeOf(size);
  return {
    block: {
      kind: 'page-number',
      parameter: parameter.name,
      ...(first !== 1 && { firstPage: first }),
      ...(size !== undefined && told !== undefined && { pageSize: told, sizeParameter: size.name }),
      ...(last !== undefined && { lastPagePointer: last }),
    },
    beside: last === undefined ? {} : { [last]: 1 },
    uses: [parameter.name, ...(size === undefined || told === undefined ? [] : [size.name])],
    why: `the parameter ${parameter.name} takes the number of a page`,
    unsure: [],
  };
}

/** A cursor that no parameter is known to take means that there are pages, and that this does not read them. */
function singleOf(answer: ListAnswer): FoundPaging {
  const pointer = pointerTo(answer, nextCursors.slice(0, -1), ['string', 'integer']);
  if (pointer === undefined) return single;
  return { ...single, unsure: [`which parameter takes ${pointer} of the answer, so that only the first page is read`] };
}

const single: FoundPaging = {
  block: { kind: 'single-page' },
  beside: {},
  uses: [],
  why: 'no parameter, field or header is known for paging',
  unsure: ['whether the list has more than one page'],
};

/** The first number that a parameter takes: its default, or its least. */
function firstOf({ schema }: QueryParameter, usual: 0 | 1): number {
  const told = [schema.default, schema.minimum].find((value): value is number => value === 0 || value === 1);
  return told ?? usual;
}

function named(parameters: readonly QueryParameter[], words: readonly string[]): QueryParameter | undefined {
  return words
    .map((word) => parameters.find(({ name }) => normalised(name) === word))
    .find((found) => found !== undefined);
}

function pointerTo({ beside }: ListAnswer, words: readonly string[], types: readonly string[]): string | undefined {
  const fits = ({ types: told }: FlatSchema) => told.length === 0 || told.some((type) => types.includes(type));
  for (const word of words) {
    for (const [pointer, schema] of beside) {
      if (normalised(pointer.split('/').at(-1) ?? '') === word && fits(schema)) return pointer;
    }
  }
  return undefined;
}

function normalised(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** A value for a parameter that must be given, as far as the document tells one. */
export function valueOf({ schema }: QueryParameter): JsonValue | undefined {
  const [first] = Array.isArray(schema.enum) ? schema.enum : [];
  return schema.default ?? first ?? schema.example;
}

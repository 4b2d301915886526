import type { Issue } from '../../diagnostics/issue.ts';
import type { Pagination, Records, Stream } from '../descriptor.ts';
import { placeholdersIn } from '../placeholders.ts';
import { type Check, inDescriptor } from './subject.ts';

/** Paging that cannot move, cannot end, or asks for other pages than it says. */
export const impossiblePaging: Check = (subject) =>
  subject.descriptor.streams.flatMap((stream) =>
    stream.request === undefined
      ? []
      : faultsOf(stream).map(({ key, severity, message, hint }): Issue => {
          const pointer = `/streams/${stream.name}/pagination/${key}`;
          return inDescriptor(subject, pointer, { code: 'descriptor/impossible-paging', severity, message, hint });
        }),
  );

type Fault = {
  readonly key: string;
  readonly severity: Issue['severity'];
  readonly message: string;
  readonly hint: string;
};

function faultsOf(stream: Stream): Fault[] {
  const { pagination } = stream;
  return [
    ...sameForTwo(pagination),
    ...ownPlace(pagination),
    ...intoRows(pagination, stream.records),
    ...neverEmpty(pagination, stream.records),
    ...overruled(pagination, stream),
  ];
}

const wrong = (key: string, message: string, hint: string): Fault => ({ key, severity: 'error', message, hint });
const doubtful = (key: string, message: string, hint: string): Fault => ({ key, severity: 'warning', message, hint });

/** What a kind says under a key, if it has that key: kinds differ, and new ones need no line here. */
function textAt(pagination: Pagination, key: string): string | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(pagination, key)?.value;
  return typeof value === 'string' ? value : undefined;
}

function sameForTwo(pagination: Pagination): Fault[] {
  const pairs = [
    ['sizeParameter', 'parameter', 'One query parameter cannot take both the page and its size'],
    ['morePointer', 'pointer', 'One place cannot hold both the cursor and whether there are more pages'],
  ] as const;
  return pairs.flatMap(([key, other, message]) => {
    const value = textAt(pagination, key);
    return value === undefined || value !== textAt(pagination, other)
      ? []
      : [wrong(key, `${message}: ${key} and ${other} are both "${value}".`, `Correct one of the two.`)];
  });
}

/** Links and numbers that are, by their name, of the page itself and not of the next or the last one. */
function ownPlace(pagination: Pagination): Fault[] {
  if (pagination.kind === 'link-header' && /^(self|first|canonical)$/i.test(pagination.rel.trim())) {
    return [wrong('rel', `A link "${pagination.rel}" never leads to the next page.`, 'Leave rel out for "next".')];
  }
  if (
    pagination.kind === 'next-link' &&
    /(^|[.:@])(self|first|current)(_?(link|url|uri|page))?$/i.test(nameAt(pagination.pointer))
  ) {
    return [
      wrong(
        'pointer',
        `${pagination.pointer} is, by its name, the link of the page itself or of the first one; it never leads on.`,
        'Point to the link of the next page.',
      ),
    ];
  }
  if (
    pagination.kind === 'page-number' &&
    /^(current[_-]?)?page([_-]?(number|index|no))?$/i.test(nameAt(pagination.lastPagePointer ?? '/pages'))
  ) {
    return [
      doubtful(
        'lastPagePointer',
        `${pagination.lastPagePointer ?? ''} is, by its name, the number of the page itself: the first page would be taken for the last.`,
        'Point to the number of the last page; or leave it out, and the first empty page ends the list.',
      ),
    ];
  }
  return [];
}

/** The last step of a pointer that may lead through `href`. */
function nameAt(pointer: string): string {
  const steps = pointer.split('/');
  return (steps.at(-1) === 'href' ? steps.at(-2) : steps.at(-1)) ?? '';
}

function intoRows(pagination: Pagination, records: Records): Fault[] {
  const rows = records.kind === 'rows' ? records.pointer : records.kind === 'explode' ? records.pointer : undefined;
  return Object.keys(pagination)
    .filter((key) => /pointer$/i.test(key))
    .flatMap((key) => {
      const pointer = textAt(pagination, key) ?? '';
      if (pointer === '') {
        return [
          wrong(
            key,
            `An empty ${key} points to the whole answer, where no page is told.`,
            'Point to the value itself, such as /next.',
          ),
        ];
      }
      if (rows === undefined || (pointer !== rows && !pointer.startsWith(`${rows}/`))) return [];
      return [
        wrong(
          key,
          rows === ''
            ? `The answer is the list of rows itself, so there is nothing at ${pointer} beside it.`
            : `${pointer} leads into the rows at ${rows}, where no page is told.`,
          rows === ''
            ? 'Such a vendor pages by "kind: link-header", or by number or offset.'
            : 'Point to a place beside the rows.',
        ),
      ];
    });
}

/** Kinds that end at an empty page, on answers that are never empty. */
function neverEmpty(pagination: Pagination, records: Records): Fault[] {
  const one = records.kind === 'body' || (records.kind === 'explode' && records.pointer === undefined);
  if (!one) return [];
  const end =
    pagination.kind === 'offset' ? 'totalPointer' : pagination.kind === 'page-number' ? 'lastPagePointer' : undefined;
  if (end === undefined || textAt(pagination, end) !== undefined) return [];
  return [
    wrong(
      'kind',
      'Each answer is one record, so no page is ever empty and the list never ends.',
      `Add ${end}; or leave pagination out, if the source gives all at once.`,
    ),
  ];
}

/** Values of the stream's own query that the paging puts others in place of, or that keep it from beginning at the start. */
function overruled(pagination: Pagination, { request }: Stream): Fault[] {
  const query = request?.query ?? {};
  const put = (key: string, value: number | undefined): Fault[] => {
    const parameter = textAt(pagination, key);
    const own = parameter === undefined ? undefined : query[parameter];
    if (parameter === undefined || own === undefined || value === undefined || own === String(value)) return [];
    if (placeholdersIn(own).length > 0) return [];
    return [
      doubtful(
        key,
        `The query says ${parameter}=${own}, but the paging sends ${parameter}=${value}.`,
        `Take "${parameter}" out of the query; ${hintFor(key)}.`,
      ),
    ];
  };
  switch (pagination.kind) {
    case 'offset':
      return [...put('parameter', pagination.firstOffset), ...put('sizeParameter', pagination.pageSize)];
    case 'page-number':
      return [...put('parameter', pagination.firstPage), ...put('sizeParameter', pagination.pageSize)];
    case 'cursor':
      return fixedCursor(pagination.parameter, query[pagination.parameter]);
    case 'single-page':
    case 'next-link':
    case 'link-header':
    case 'job':
      return [];
    default:
      return pagination satisfies never;
  }
}

function hintFor(key: string): string {
  return key === 'sizeParameter' ? 'pageSize says how many rows' : 'firstOffset or firstPage says where to begin';
}

/** Some sources want a word or `*` to begin; a real cursor there skips what lies before it, in every run. */
function fixedCursor(parameter: string, own: string | undefined): Fault[] {
  if (own === undefined || own.length < 12 || placeholdersIn(own).length > 0) return [];
  return [
    doubtful(
      'parameter',
      `The query fixes the cursor "${parameter}", so every run begins there and never reads what lies before.`,
      `Take "${parameter}" out of the query.`,
    ),
  ];
}

import type { JsonObject } from '../../records.ts';
import { filled } from '../imported.ts';
import { pointerOf } from '../json-path.ts';
import { flagOf, inside, isThere, itemsOf, lost, numberOf, otherwise, pass, type Place, textOf } from '../place.ts';
import { shown } from '../template.ts';

export type Paging = {
  readonly block: { readonly kind: string } & JsonObject;
  /** The parameter that takes the cursor, which is sent by the paging and not by the query. */
  readonly parameter?: string;
};

const single: Paging = { block: { kind: 'single-page' } };

/** `parameters` are the collector's own, name → the expression as written, to find the one that takes the cursor. */
export function readPaging(place: Place, parameters: ReadonlyMap<string, string>): Paging {
  const type = textOf(inside(place, 'type')) ?? 'none';
  const most = inside(place, 'maxPages');
  const pages = numberOf(most);
  if (pages !== undefined && pages > 0 && type !== 'none') otherwise(most, `All pages are read, not ${pages} at most.`);
  switch (type) {
    case 'none':
      return single;
    case 'response_body':
      return byBody(place, parameters);
    case 'response_header_link':
      pass(place, 'curRelationAttribute');
      return { block: { kind: 'link-header', ...relOf(textOf(inside(place, 'nextRelationAttribute'))) } };
    case 'request_offset':
      return byOffset(place);
    case 'request_page':
      return byPage(place);
    default:
      lost(
        place,
        type === 'response_header'
          ? 'Paging by a value in a header has no equivalent.'
          : `Paging of type ${type} has no equivalent.`,
        'Give the stream its pagination yourself.',
      );
      return single;
  }
}

function relOf(rel: string | undefined): { rel?: string } {
  return rel === undefined || rel === '' || rel === 'next' ? {} : { rel };
}

function byBody(place: Place, parameters: ReadonlyMap<string, string>): Paging {
  const list = inside(place, 'attribute');
  const attributes = itemsOf(list).map((one) => textOf(one) ?? '');
  const takes = (attribute: string) => [...parameters].find(([, expression]) => mentions(expression, attribute))?.[0];
  const cursor = attributes.find((attribute) => takes(attribute) !== undefined) ?? attributes[0] ?? '';
  const pointer = pointerOf(cursor);
  if (pointer === undefined || pointer === '') {
    lost(list, 'This place of the next page has no equivalent.', 'Give "pointer" of the pagination.');
    return single;
  }
  if (!cursor.includes('.'))
    otherwise(list, `"${cursor}" is read at the top of the answer; the collector looks for it at any depth.`);
  const more = lastPage(inside(place, 'lastPageExpr'), attributes, cursor);
  const parameter = takes(cursor);
  if (parameter === undefined) return { block: { kind: 'next-link', pointer } };
  return { block: { kind: 'cursor', pointer, parameter, ...more }, parameter };
}

/** `${next}`, `${next || ''}`, `next`. */
function mentions(expression: string, attribute: string): boolean {
  const inner = /^[`'"]?\$\{\s*(.*?)\s*\}[`'"]?$/s.exec(expression.trim())?.[1] ?? expression.trim();
  const [own = ''] = inner.split('||');
  return own.trim() === attribute;
}

/** Ends that a descriptor knows: no cursor, or a flag that says so. */
function lastPage(place: Place, attributes: readonly string[], cursor: string): { morePointer?: string } {
  const text = (textOf(place) ?? '').trim();
  if (text === '') return {};
  const equal = /^([\w.$]+)\s*={2,3}\s*(false|'false'|"false")$/.exec(text)?.[1];
  const negated = /^!\s*([\w.$]+)$/.exec(text)?.[1];
  const empty = /^([\w.$]+)\s*={2,3}\s*(''|""|``|null|undefined|NULL)$/.exec(text)?.[1];
  if ((negated ?? empty) === cursor) return {};
  const flag = equal ?? negated;
  const pointer = flag === undefined || !attributes.includes(flag) ? undefined : pointerOf(flag);
  if (pointer !== undefined) return { morePointer: pointer };
  lost(
    place,
    `The end ${shown(text)} has no equivalent.`,
    'Pages end where there is no cursor, where "morePointer" is false, or after an empty page.',
  );
  return {};
}

function byOffset(place: Place): Paging {
  const total = pointerOf(textOf(inside(place, 'totalRecordField')) ?? '');
  const firstOffset = numberOf(inside(place, 'offset')) ?? (flagOf(inside(place, 'zeroIndexed')) ? 0 : 1);
  pass(place, 'zeroIndexed');
  return {
    block: {
      kind: 'offset',
      parameter: textOf(inside(place, 'offsetField')) ?? 'offset',
      ...(firstOffset !== 0 && { firstOffset }),
      pageSize: numberOf(inside(place, 'limit')) ?? 50,
      sizeParameter: textOf(inside(place, 'limitField')) ?? 'limit',
      ...filled({ totalPointer: total === '' ? undefined : total }),
    },
  };
}

function byPage(place: Place): Paging {
  const last = pointerOf(textOf(inside(place, 'totalPageField')) ?? '');
  const firstPage = numberOf(inside(place, 'page')) ?? (flagOf(inside(place, 'zeroIndexed')) ? 0 : 1);
  pass(place, 'zeroIndexed');
  const total = inside(place, 'totalRecordField');
  if (isThere(total) && textOf(total) !== '' && (last === undefined || last === ''))
    otherwise(total, 'Pages end after an empty one, not by the number of all rows.');
  return {
    block: {
      kind: 'page-number',
      parameter: textOf(inside(place, 'pageField')) ?? 'page',
      firstPage,
      pageSize: numberOf(inside(place, 'size')) ?? 50,
      sizeParameter: textOf(inside(place, 'sizeField')) ?? 'size',
      ...filled({ lastPagePointer: last === '' ? undefined : last }),
    },
  };
}

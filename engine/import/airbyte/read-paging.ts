import type { JsonObject } from '../../records.ts';
import { fillIn, filled } from '../imported.ts';
import { pointerTo } from '../../json-pointer.ts';
import { flagOf, inside, isThere, itemsOf, lost, numberOf, otherwise, pass, type Place, textOf } from '../place.ts';
import { shown } from '../template.ts';
import { pathOf } from './jinja.ts';
import type { Request } from './read-requester.ts';

export type Paging = {
  readonly block: { readonly kind: string } & JsonObject;
  /** Query parameters that the paginator sends with every page. */
  readonly query: { readonly [name: string]: string };
  readonly body: { readonly [field: string]: string | number };
};

const none: Paging = { block: { kind: 'single-page' }, query: {}, body: {} };

/** `asked` tells where a requester puts the token by itself. */
export function readPaging(place: Place, asked: Request): Paging {
  const type = textOf(inside(place, 'type'));
  if (!isThere(place) || type === 'NoPagination') return none;
  const strategy = inside(place, 'pagination_strategy');
  if (!isThere(strategy)) {
    lost(
      place,
      `The paginator ${type ?? 'without a type'} has no equivalent.`,
      'Give the stream its pagination yourself.',
    );
    return none;
  }
  const token = optionOf(inside(place, 'page_token_option'), asked);
  const size = optionOf(inside(place, 'page_size_option'), undefined);
  switch (textOf(inside(strategy, 'type')) ?? '') {
    case 'CursorPagination':
      return byCursor(strategy, token, size);
    case 'OffsetIncrement':
      return counted('offset', strategy, token, size);
    case 'PageIncrement':
      return counted('page-number', strategy, token, size);
    default:
      lost(
        strategy,
        `The paging ${textOf(inside(strategy, 'type')) ?? 'without a type'} is code of its own and has no equivalent.`,
        'Give the stream its pagination yourself.',
      );
      return none;
  }
}

type Option = { readonly kind: 'path' } | { readonly kind: 'query' | 'body'; readonly name: string } | undefined;

function optionOf(place: Place, asked: Request | undefined): Option {
  if (textOf(inside(place, 'type')) === 'RequestPath') return { kind: 'path' };
  if (!isThere(place)) {
    if (asked?.tokenParameter !== undefined) return { kind: 'query', name: asked.tokenParameter };
    return asked?.tokenInBody === undefined ? undefined : { kind: 'body', name: asked.tokenInBody };
  }
  const name = textOf(inside(place, 'field_name'));
  const path = itemsOf(inside(place, 'field_path')).map((one) => textOf(one) ?? '');
  switch (textOf(inside(place, 'inject_into')) ?? '') {
    case 'request_parameter':
      return { kind: 'query', name: name ?? path.join('.') };
    case 'body_json':
      return { kind: 'body', name: pointerTo(path.length > 0 ? path : [name ?? '']) };
    case 'body_data':
      return { kind: 'body', name: name ?? path.join('.') };
    default:
      lost(
        place,
        'Paging by a header has no equivalent.',
        'Cursors, offsets and page numbers go into the query or the body.',
      );
      return undefined;
  }
}

function byCursor(place: Place, token: Option, size: Option): Paging {
  const sized = sizeOf(place, size);
  const value = inside(place, 'cursor_value');
  const found = cursorSource(textOf(value) ?? '');
  if (found === undefined) {
    lost(
      value,
      `The cursor ${shown(textOf(value) ?? '')} has no equivalent.`,
      'Give the stream its pagination yourself.',
    );
    return { ...none, ...sized };
  }
  const stop = inside(place, 'stop_condition');
  const more = isThere(stop) ? stopMeaning(stop, found.kind === 'body' ? found.pointer : undefined) : {};
  if (found.kind === 'link')
    return { ...sized, block: { kind: 'link-header', ...(found.rel !== 'next' && { rel: found.rel }) } };
  if (token?.kind === 'path') return { ...sized, block: { kind: 'next-link', pointer: found.pointer } };
  if (token === undefined) {
    lost(place, 'Nothing says where the cursor goes in the next request.', 'Give "parameter" of the pagination.');
  }
  const block = {
    kind: 'cursor',
    pointer: found.pointer,
    parameter: token?.name ?? fillIn,
    ...(token?.kind === 'body' && { in: 'body' }),
    ...more,
  };
  return { ...sized, block };
}

type CursorSource =
  | { readonly kind: 'body'; readonly pointer: string }
  | { readonly kind: 'link'; readonly rel: string };

function cursorSource(text: string): CursorSource | undefined {
  const [, expression = ''] = /^\{\{(.*)\}\}$/s.exec(text.trim()) ?? [];
  const path = pathOf(expression);
  if (path === undefined) return undefined;
  if (path.root === 'response' && path.steps.length > 0) return { kind: 'body', pointer: pointerTo(path.steps) };
  const [link, rel, url] = path.steps;
  if (path.root === 'headers' && link?.toLowerCase() === 'link' && (url === 'url' || url === undefined)) {
    return { kind: 'link', rel: rel ?? 'next' };
  }
  return undefined;
}

/** Stops that a descriptor knows: no cursor, or a flag that says so. */
function stopMeaning(place: Place, pointer: string | undefined): { morePointer?: string } {
  const [, expression = ''] = /^\{\{(.*)\}\}$/s.exec((textOf(place) ?? '').trim()) ?? [];
  const plain = expression.trim();
  const [, negated] = /^not\s+(.+)$/s.exec(plain) ?? [];
  const [, equal] = /^(.+?)\s*(?:==|is)\s*(?:False|false)$/s.exec(plain) ?? [];
  const path = pathOf(negated ?? equal ?? '');
  if (path?.root === 'response' && path.steps.length > 0) {
    const found = pointerTo(path.steps);
    return found === pointer ? {} : { morePointer: found };
  }
  if (path?.root === 'headers') return {};
  const isEmptyCursor = /^(.+?)\s*(?:==\s*(?:None|none|''|"")|is\s+none)$/s.exec(plain)?.[1];
  const empty = pathOf(isEmptyCursor ?? '');
  if (empty?.root === 'response' && pointerTo(empty.steps) === pointer) return {};
  lost(
    place,
    `The stop ${shown(plain)} has no equivalent.`,
    'Pages end where there is no cursor, where "morePointer" is false, or after an empty page.',
  );
  return {};
}

function sizeOf(place: Place, size: Option): Pick<Paging, 'query' | 'body'> {
  const pageSize = numberOf(inside(place, 'page_size'));
  if (size === undefined || size.kind === 'path' || pageSize === undefined) return { query: {}, body: {} };
  return size.kind === 'query'
    ? { query: { [size.name]: String(pageSize) }, body: {} }
    : { query: {}, body: { [size.name]: pageSize } };
}

function counted(kind: 'offset' | 'page-number', place: Place, token: Option, size: Option): Paging {
  const sizePlace = inside(place, 'page_size');
  const pageSize = numberOf(sizePlace);
  if (isThere(sizePlace) && pageSize === undefined) {
    lost(sizePlace, 'A page size that is computed has no equivalent.', 'Give pageSize as a number.');
  }
  if (token === undefined || token.kind === 'path') {
    lost(
      place,
      `Nothing says which parameter takes the ${kind === 'offset' ? 'offset' : 'number'} of a page.`,
      'Give "parameter" of the pagination.',
    );
  }
  if (!flagOf(inside(place, 'inject_on_first_request'))) {
    otherwise(place, `The ${kind === 'offset' ? 'offset' : 'page number'} is sent with the first page as well.`);
  }
  pass(place, 'type');
  const parameter = token === undefined || token.kind === 'path' ? fillIn : token.name;
  const inBody = token?.kind === 'body' ? { in: 'body' } : {};
  const sizeParameter = size === undefined || size.kind === 'path' ? undefined : size.name;
  if (size !== undefined && token !== undefined && size.kind !== token.kind) {
    lost(place, 'A page size and a place that go into different parts of the request have no equivalent.');
  }
  if (kind === 'offset') {
    if (pageSize === undefined)
      lost(place, 'The size of a page is not told.', 'Give pageSize: the offset moves on by it.');
    return { ...none, block: { kind, parameter, ...inBody, pageSize: pageSize ?? 100, ...filled({ sizeParameter }) } };
  }
  const firstPage = numberOf(inside(place, 'start_from_page')) ?? 0;
  return { ...none, block: { kind, parameter, ...inBody, firstPage, ...filled({ pageSize, sizeParameter }) } };
}

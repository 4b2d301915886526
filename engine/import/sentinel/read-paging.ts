import type { JsonObject } from '../../records.ts';
import { fillIn, filled } from '../imported.ts';
import { pointerOf } from '../json-path.ts';
import { flagOf, inside, isThere, lost, numberOf, otherwise, pass, type Place, textOf } from '../place.ts';

export type Paging = {
  readonly block: { readonly kind: string } & JsonObject;
  readonly query: { readonly [name: string]: string };
  /** The link is kept from run to run. */
  readonly isEndless: boolean;
};

export function readPaging(place: Place): Paging {
  const type = textOf(inside(place, 'pagingType')) ?? '';
  const only = inside(place, 'pagingQueryParamOnly');
  if (flagOf(only))
    otherwise(only, 'Further pages are asked for with all parameters, not only with those of the paging.');
  switch (type.toLowerCase()) {
    case '':
    case 'none':
      return { block: { kind: 'single-page' }, query: {}, isEndless: false };
    case 'linkheader':
    case 'persistentlinkheader':
      return { ...byLink(place, 'linkHeaderTokenJsonPath'), isEndless: type.toLowerCase().startsWith('persistent') };
    case 'nextpageurl':
      return nextPageUrl(place);
    case 'nextpagetoken':
    case 'persistenttoken':
      return byToken(place, type.toLowerCase() === 'persistenttoken');
    case 'offset':
      return byOffset(place);
    case 'countbasedpaging':
      return byCount(place);
    default:
      lost(place, `Paging of type ${type} has no equivalent.`, 'Give the stream its pagination yourself.');
      return { block: { kind: 'single-page' }, query: {}, isEndless: false };
  }
}

/** The page size, where nothing in the paging of a descriptor takes it. */
function sizeQuery(place: Place): { [name: string]: string } {
  const size = numberOf(inside(place, 'pageSize'));
  const name = textOf(inside(place, 'pageSizeParameterName')) ?? textOf(inside(place, 'pageSizeParaName'));
  return size === undefined || name === undefined ? {} : { [name]: String(size) };
}

function pointerAt(place: Place): string | undefined {
  const path = textOf(place);
  if (path === undefined || path === '') return undefined;
  const pointer = pointerOf(path);
  if (pointer === undefined) lost(place, `The path "${path}" has no equivalent: a JSON Pointer names one place.`);
  return pointer;
}

function byLink(place: Place, key: string): Pick<Paging, 'block' | 'query'> {
  const path = inside(place, key);
  const pointer = pointerAt(path);
  pass(place, 'pagingInfoPlacement');
  if (!isThere(path)) return { block: { kind: 'link-header' }, query: sizeQuery(place) };
  return { block: { kind: 'next-link', pointer: pointer ?? `/${fillIn}` }, query: sizeQuery(place) };
}

function nextPageUrl(place: Place): Paging {
  for (const key of [
    'nextPageUrl',
    'nextPageUrlQueryParameters',
    'nextPageUrlQueryParametersTemplate',
    'nextPageRequestHeader',
  ]) {
    const own = inside(place, key);
    if (isThere(own)) lost(own, `"${key}" has no equivalent: the next page is asked for at the address in the answer.`);
  }
  const flag = inside(place, 'hasNextFlagJsonPath');
  if (isThere(flag)) otherwise(flag, 'Pages end where there is no link, whatever the flag says.');
  pass(place, 'nextPageParaName');
  const key = isThere(inside(place, 'nextPageUrlJsonPath')) ? 'nextPageUrlJsonPath' : 'nextPageTokenJsonPath';
  return { ...byLink(place, isThere(inside(place, key)) ? key : 'linkHeaderTokenJsonPath'), isEndless: false };
}

function byToken(place: Place, isPersistent: boolean): Paging {
  for (const key of ['nextPageTokenResponseHeader', 'nextPageRequestHeader']) {
    const own = inside(place, key);
    if (isThere(own))
      lost(
        own,
        'A token in a header has no equivalent.',
        'Cursors are read from the body, and go into the query or the body.',
      );
  }
  if (isPersistent) {
    lost(
      inside(place, 'pagingType'),
      'A token that is kept from run to run has no equivalent; every run begins at the first page.',
      'Where the source takes a time, give the stream a cursor of kind time; where it gives links, one of kind next-link.',
    );
  }
  const path = inside(place, 'nextPageTokenJsonPath');
  const morePointer = pointerAt(inside(place, 'hasNextFlagJsonPath'));
  const parameter = textOf(inside(place, 'nextPageParaName'));
  if (parameter === undefined)
    lost(place, 'Nothing says where the token goes in the next request.', 'Give "parameter" of the pagination.');
  const isInBody = isBody(place);
  const block = {
    kind: 'cursor',
    pointer: pointerAt(path) ?? `/${fillIn}`,
    parameter: parameter === undefined ? fillIn : isInBody ? `/${parameter}` : parameter,
    ...(isInBody && { in: 'body' }),
    ...filled({ morePointer }),
  };
  return { block, query: sizeQuery(place), isEndless: false };
}

function isBody(place: Place): boolean {
  return textOf(inside(place, 'pagingInfoPlacement'))?.toLowerCase() === 'requestbody';
}

function byOffset(place: Place): Paging {
  const size = numberOf(inside(place, 'pageSize'));
  const [sizeParameter] = Object.keys(sizeQuery(place));
  const parameter = textOf(inside(place, 'offsetParaName'));
  if (size === undefined) lost(place, 'The size of a page is not told.', 'Give pageSize: the offset moves on by it.');
  if (parameter === undefined)
    lost(place, 'Nothing says which parameter takes the offset.', 'Give "parameter" of the pagination.');
  const inBody = isBody(place);
  const named = (name: string) => (inBody ? `/${name}` : name);
  const block = {
    kind: 'offset',
    parameter: parameter === undefined ? fillIn : named(parameter),
    ...(inBody && { in: 'body' }),
    pageSize: size ?? 100,
    ...(sizeParameter !== undefined && { sizeParameter: named(sizeParameter) }),
  };
  return { block, query: {}, isEndless: false };
}

function byCount(place: Place): Paging {
  const [sizeParameter] = Object.keys(sizeQuery(place));
  const parameter = textOf(inside(place, 'pageNumberParaName'));
  if (parameter === undefined)
    lost(place, 'Nothing says which parameter takes the number.', 'Give "parameter" of the pagination.');
  const flag = inside(place, 'hasNextFlagJsonPath');
  const lastPagePointer = pointerAt(inside(place, 'pageCountJsonPath'));
  if (isThere(flag) && lastPagePointer === undefined)
    otherwise(flag, 'Pages end after an empty one: one request more than with the flag.');
  pass(place, 'hasNextFlagJsonPath', 'totalResultsJsonPath', 'pageNumberJsonPath');
  const inBody = isBody(place);
  const named = (name: string) => (inBody ? `/${name}` : name);
  const block = {
    kind: 'page-number',
    parameter: parameter === undefined ? fillIn : named(parameter),
    ...(inBody && { in: 'body' }),
    firstPage: flagOf(inside(place, 'zeroBasedIndexing')) ? 0 : 1,
    ...filled({
      pageSize: numberOf(inside(place, 'pageSize')),
      sizeParameter: sizeParameter === undefined ? undefined : named(sizeParameter),
      lastPagePointer,
    }),
  };
  return { block, query: {}, isEndless: false };
}

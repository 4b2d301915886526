import { isJsonObject, type JsonValue } from '../records.ts';
import type { Collection } from './collection.ts';
import type { Answer } from './exchange.ts';
import type { Fault } from './faults.ts';
import { fill, type Values } from './fill.ts';
import { hideLateValues, type ListPage, withoutHidden } from './list-page.ts';
import { type PageToken, readPageToken, writePageToken } from './page-token.ts';
import { readParameter, readText } from './read-parameter.ts';
import type { ListDescription, NamedError, Order, PagingDescription } from './sandbox-description.ts';
import { readWanted, type Wanted, wantedSteps } from './select-rows.ts';
import { answerBody, collectionOf, fillBody, refuse, type Visit } from './service.ts';
import type { Place, Step } from './walk.ts';

/** One page of a collection. */
export function serveList(visit: Visit, answer: ListDescription): Answer {
  const list = readList(visit, answer);
  if ('refused' in list) return refuse(visit, list.refused, { maxPageSize: answer.maxPageSize, ...list.say });
  const { collection, paging, place } = list;
  const { steps, more } = readSteps(list, visit);
  const link = linkTo(visit, answer, paging);
  const after = placeAfter(list, steps, more, visit);
  const made: ListPage = {
    ...place,
    rows: steps.map(({ record }) => writeRow(answer, record)),
    next: after === undefined ? undefined : link(after),
    link,
    collection,
  };
  const late = hideLateValues(made.rows, collection.description, visit.exchange);
  const page = applyFaults({ ...made, rows: chooseFields(late, visit, answer, paging) }, visit.faults);
  const values = pageValues(visit, paging, page, after, () => total(visit, list));
  return answerBody(visit, fillBody(visit, paging.envelope, values), linkHeaders(visit, paging, page.next));
}

type List = {
  readonly answer: ListDescription;
  readonly collection: Collection;
  readonly paging: PagingDescription;
  readonly wanted: Wanted;
  readonly order: Order;
  readonly place: PageToken;
  /** The only records that count. */
  readonly children: readonly number[] | undefined;
};

type Refused = { readonly refused: NamedError; readonly say?: Values };

function readList(visit: Visit, answer: ListDescription): List | Refused {
  const { service, exchange } = visit;
  const paging: PagingDescription = { ...service.description.paging, ...answer.paging };
  const collection = collectionOf(service, answer.collection);
  const unknown = [...exchange.url.searchParams.keys()].find((name) => !isTaken(name, answer, paging));
  if (unknown !== undefined) return { refused: 'refused-parameter', say: { parameter: unknown } };
  const children = readChildren(visit, answer, collection);
  if (children === 'none') return { refused: 'not-found' };
  const place = readPlace(visit, answer, paging);
  if (typeof place === 'string') return { refused: place };
  const begun = paging.kind === 'token' && readParameter(exchange, paging.tokenParameter) !== undefined;
  const wanted = readWanted(answer, exchange, collection, { now: service.now(), begun });
  if ('parameter' in wanted) return { refused: 'bad-filter', say: { parameter: wanted.parameter } };
  const order = readOrder(visit, answer);
  if (order === undefined) return { refused: 'bad-filter', say: { parameter: answer.sort.parameter } };
  return { answer, collection, paging, wanted, order, place, children };
}

function isTaken(parameter: string, answer: ListDescription, paging: PagingDescription): boolean {
  const { sizeParameter, tokenParameter, selectParameter, ignored, refused, endlessUnless } = paging;
  if (parameter === selectParameter) return answer.select === true;
  const filters = answer.filters.map((filter) => filter.parameter);
  const known = [sizeParameter, tokenParameter, endlessUnless, answer.sort.parameter, ...ignored, ...filters];
  return [...known, ...answer.showsWith].includes(parameter) || !new RegExp(refused ?? '(?!)').test(parameter);
}

function readChildren(
  { service, given }: Visit,
  { parent }: ListDescription,
  collection: Collection,
): readonly number[] | 'none' | undefined {
  if (parent === undefined) return undefined;
  const index = collectionOf(service, collection.description.each?.collection ?? '').find(given[parent] ?? '');
  return index === undefined ? 'none' : collection.children(index);
}

function readPlace(visit: Visit, answer: ListDescription, paging: PagingDescription): PageToken | NamedError {
  const { service, exchange, name } = visit;
  const size = readSize(visit, answer, paging);
  if (typeof size === 'string') return size;
  const text = readText(exchange, paging.tokenParameter);
  if (paging.kind === 'token') {
    if (text === undefined) return { offset: 0, size, paused: false };
    const sealed = paging.tokenForm === 'pair' ? (/^\d+,(.*)$/.exec(text)?.[1] ?? '') : text;
    const token = readPageToken(sealed, name, service.key);
    if (token === undefined) return 'bad-page-token';
    const expired = token.issuedMs + (paging.tokenSeconds ?? Number.POSITIVE_INFINITY) * 1000 < service.now().getTime();
    return expired ? 'expired-page-token' : token;
  }
  const number = text === undefined ? (paging.kind === 'page' ? 1 : 0) : Number(text);
  if (!Number.isSafeInteger(number) || number < 0) return 'bad-page-token';
  const offset = paging.kind === 'page' ? Math.max(0, number - 1) * size : number;
  if (paging.ceiling !== undefined && offset + size > paging.ceiling) return 'beyond-ceiling';
  return { offset, size, paused: false };
}

function readSize({ exchange }: Visit, answer: ListDescription, paging: PagingDescription): number | NamedError {
  const wanted = paging.sizeParameter === undefined ? undefined : readText(exchange, paging.sizeParameter);
  const size = wanted === undefined ? answer.pageSize : Number(wanted);
  if (!Number.isSafeInteger(size) || size < 1) return 'bad-page-size';
  if (size > answer.maxPageSize && answer.aboveMax === 'refuse') return 'bad-page-size';
  return Math.min(size, answer.maxPageSize);
}

function readOrder({ exchange }: Visit, { sort }: ListDescription): Order | undefined {
  const wanted = sort.parameter === undefined ? undefined : readText(exchange, sort.parameter);
  return wanted === undefined ? sort.default : sort.choices[wanted];
}

/** The page's records, and whether any come after them. */
function readSteps(list: List, visit: Visit): { readonly steps: readonly Step[]; readonly more: boolean } {
  const { offset, size, after } = list.place;
  const known = after ?? visit.service.ends.get(endKey(visit, list, offset));
  let toSkip = known === undefined ? offset : 0;
  const steps: Step[] = [];
  for (const step of stepsOf(list, known)) {
    if (toSkip > 0) toSkip -= 1;
    else if (steps.length === size) return { steps, more: true };
    else steps.push(step);
  }
  return { steps, more: false };
}

function* stepsOf({ children, collection, wanted, order }: List, after: Place | undefined): Generator<Step> {
  if (children === undefined) {
    yield* wantedSteps(collection, wanted, order, after);
    return;
  }
  for (const index of children.filter((child) => child > (after?.index ?? -1))) {
    const record = collection.record(index);
    if (wanted.fits(record)) yield { index, place: { key: 0, index }, record };
  }
}

/** Pages by offset go on where the last one ended, instead of counting from the start again. */
function endKey({ name, exchange }: Visit, { collection, paging }: List, offset: number): string {
  const query = new URLSearchParams(exchange.url.search);
  query.delete(paging.tokenParameter);
  return JSON.stringify([name, query.toString(), exchange.body, collection.changes.revision(), offset]);
}

function placeAfter(list: List, steps: readonly Step[], more: boolean, visit: Visit): PageToken | undefined {
  const { place, paging, collection, answer } = list;
  const last = steps.at(-1)?.place ?? place.after;
  const next: PageToken = { offset: place.offset + steps.length, size: place.size, paused: false };
  if (more && paging.kind !== 'token' && last !== undefined) remember(visit, endKey(visit, list, next.offset), last);
  if (more) return last === undefined ? next : { ...next, after: last };
  const { endlessUnless } = paging;
  if (endlessUnless === undefined || readParameter(visit.exchange, endlessUnless) !== undefined) return undefined;
  // Everything there is has been looked at; what is held back has not.
  const end = answer.heldBackSeconds > 0 ? -1 : collection.size() - 1;
  return { ...next, after: last ?? { key: 0, index: end } };
}

function remember({ service }: Visit, key: string, place: Place): void {
  if (service.ends.size > 1000) service.ends.clear();
  service.ends.set(key, place);
}

function linkTo(visit: Visit, answer: ListDescription, paging: PagingDescription): ListPage['link'] {
  const { exchange } = visit;
  const dropped = [paging.tokenParameter, ...answer.filters.filter(({ once }) => once).map((one) => one.parameter)];
  return (to) => {
    const url = new URL(exchange.url);
    for (const parameter of dropped) url.searchParams.delete(parameter);
    const others = url.searchParams.size > 0 ? `${url.search.replaceAll('%24', '$')}&` : '?';
    return `${url.origin}${url.pathname}${others}${paging.tokenParameter}=${writePlace(visit, paging, to)}`;
  };
}

/** As it stands in a link. */
function writePlace({ service, name }: Visit, paging: PagingDescription, to: PageToken): string {
  if (paging.kind === 'offset') return String(to.offset);
  if (paging.kind === 'page') return String(Math.floor(to.offset / to.size) + 1);
  const issuedMs = paging.tokenSeconds === undefined ? 0 : service.now().getTime();
  const token = writePageToken(to, name, service.key, issuedMs);
  return paging.tokenForm === 'pair' ? `${instantOf(to)}%2C${token}` : token;
}

function instantOf({ after }: PageToken): number {
  const { key = 0 } = after ?? {};
  return Number.isFinite(key) ? key : 0;
}

function pageValues(
  visit: Visit,
  paging: PagingDescription,
  page: ListPage,
  after: PageToken | undefined,
  countAll: () => number,
): Values {
  const place = after === undefined ? undefined : decodeURIComponent(writePlace(visit, paging, after));
  const { offset, size } = page;
  const expires = visit.service.now().getTime() + (paging.tokenSeconds ?? 0) * 1000;
  return {
    ...noPage,
    rows: page.rows,
    next: page.next,
    nextToken: place !== undefined && paging.tokenForm === 'pair' ? place.split(',') : place,
    nextOffset: after?.offset,
    previousOffset: offset === 0 ? undefined : Math.max(0, offset - size),
    offset,
    size,
    count: Array.isArray(page.rows) ? page.rows.length : 0,
    ...(JSON.stringify(paging.envelope).includes('{total}') && { total: countAll() }),
    tokenExpiresMs: after === undefined ? undefined : expires,
    version: visit.call.version,
    path: visit.call.path.slice(1),
  };
}

/** What envelopes may speak of. */
const noPage: Values = {
  ...{ rows: undefined, next: undefined, nextToken: undefined, nextOffset: undefined, previousOffset: undefined },
  ...{ offset: undefined, size: undefined, count: undefined, total: undefined, tokenExpiresMs: undefined },
  delta: undefined,
};

/** A list that is no walk: a summary's only row, or nothing. */
export function envelope(visit: Visit, rows: JsonValue, next: string | undefined, more: Values = {}): Answer {
  const { paging } = visit.service.description;
  const { version, path } = visit.call;
  const values = { ...noPage, version, path: path.slice(1), rows, next, ...more };
  return answerBody(visit, fillBody(visit, paging.envelope, values));
}

function linkHeaders({ exchange }: Visit, paging: PagingDescription, next: string | undefined): Answer['headers'] {
  if (!paging.linkHeader) return {};
  const self = `<${exchange.url.href}>; rel="self"`;
  return { link: next === undefined ? [self] : [self, `<${next}>; rel="next"`] };
}

function total(visit: Visit, list: List): number {
  const { collection, wanted, children, answer } = list;
  if (!wanted.narrowed && children === undefined) return collection.count();
  const key = endKey(visit, list, -1);
  const known = answer.heldBackSeconds > 0 ? undefined : visit.service.totals.get(key);
  if (known !== undefined) return known;
  let count = 0;
  for (const step of stepsOf(list, undefined)) if (step.index >= 0) count += 1;
  if (visit.service.totals.size > 1000) visit.service.totals.clear();
  visit.service.totals.set(key, count);
  return count;
}

/** What is sent for a record. */
export function writeRow({ row }: { readonly row?: JsonValue }, record: { [field: string]: JsonValue }): JsonValue {
  return row === undefined ? withoutHidden(record) : (fill(row, record) ?? null);
}

/** The fields a client selects; the key of a record and that it is gone are sent always. */
export function chooseFields(
  rows: JsonValue,
  { exchange, call }: Visit,
  { onlyIn = {}, always = [] }: { readonly onlyIn?: ListDescription['onlyIn']; readonly always?: readonly string[] },
  { selectParameter }: PagingDescription,
): JsonValue {
  const select = selectParameter === undefined ? null : exchange.url.searchParams.get(selectParameter);
  const selected = select?.split(',').map((name) => name.trim());
  const hidden = Object.keys(onlyIn).filter((name) => !(onlyIn[name] ?? []).includes(call.version));
  if (!Array.isArray(rows) || (selected === undefined && hidden.length === 0)) return rows;
  const keep = (name: string): boolean =>
    !hidden.includes(name) && (always.includes(name) || (selected?.includes(name) ?? true));
  return rows.map((row) =>
    isJsonObject(row) ? Object.fromEntries(Object.entries(row).filter(([name]) => keep(name))) : row,
  );
}

export function applyFaults(page: ListPage, faults: readonly Fault[]): ListPage {
  return faults.reduce((changed, fault) => fault.changePage?.(changed) ?? changed, page);
}

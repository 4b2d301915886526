import type { JsonValue } from '../records.ts';
import type { Collection } from './collection.ts';
import type { Answer } from './exchange.ts';
import type { ListPage } from './list-page.ts';
import { type PageToken, readPageToken, writePageToken } from './page-token.ts';
import { readText } from './read-parameter.ts';
import type { DeltaDescription, PagingDescription } from './sandbox-description.ts';
import { applyFaults, chooseFields, writeRow } from './serve-list.ts';
import { answerBody, collectionOf, fillBody, refuse, type Visit } from './service.ts';

/**
 * A list that ends in a link to what will have changed since. Where a round stands is kept in its tokens: the revision
 * it tells of, the one it will end at, and how far it came.
 */
export function serveDelta(visit: Visit, answer: DeltaDescription): Answer {
  const { service, exchange, call } = visit;
  const paging: PagingDescription = { ...service.description.paging, ...answer.paging };
  const collection = collectionOf(service, answer.collection);
  const round = readRound(visit, answer, paging, collection);
  if (round === undefined) return refuse(visit, 'resync', { resync: `${exchange.url.origin}${exchange.url.pathname}` });
  const { from, until, offset } = round;
  const all = from === undefined ? undefined : collection.changes.since(from);
  const indexes = all ?? Array.from({ length: collection.size() }, (_, index) => index).filter(collection.has);
  const rows = indexes
    .slice(offset, offset + answer.pageSize)
    .map((index) => writeChange(visit, answer, collection, index));
  const end = offset + rows.length;
  const token = (next: Round): string => writeRound(visit, next, answer.pageSize);
  const more = end < indexes.length;
  const next = more
    ? link(visit, answer, paging, paging.tokenParameter, token({ from, until, offset: end }))
    : undefined;
  const last = (): string =>
    link(visit, answer, paging, answer.deltaParameter, token({ from: until, until, offset: 0 }));
  const chosen = chooseFields(rows, visit, { always: Object.keys(answer.removed) }, paging);
  const page = applyFaults(asPage(round, chosen, next, collection, answer.pageSize), visit.faults);
  const delta = more ? undefined : last();
  const values = { version: call.version, path: call.path.slice(1), rows: page.rows, next: page.next, delta };
  return answerBody(visit, fillBody(visit, paging.envelope, values));
}

type Round = {
  /** Absent: everything there is. */
  readonly from: number | undefined;
  readonly until: number;
  readonly offset: number;
};

/** `undefined`: the token is none of ours, or too old. */
function readRound(
  visit: Visit,
  { deltaParameter, deltaSeconds }: DeltaDescription,
  { tokenParameter }: PagingDescription,
  { changes }: Collection,
): Round | undefined {
  const { service, exchange, name } = visit;
  const delta = readText(exchange, deltaParameter);
  const until = changes.revision();
  if (delta === 'latest') return { from: until, until, offset: 0 };
  const text = readText(exchange, tokenParameter) ?? delta;
  if (text === undefined) return { from: undefined, until, offset: 0 };
  const token = readPageToken(text, name, service.key);
  if (token === undefined || token.issuedMs + deltaSeconds * 1000 < service.now().getTime()) return undefined;
  const from = token.after === undefined || token.after.key < 0 ? undefined : token.after.key;
  // A new round ends at what is known now; one under way at what was known when it began.
  return { from, until: delta === undefined ? (token.after?.index ?? until) : until, offset: token.offset };
}

function writeRound({ service, name }: Visit, { from = -1, until, offset }: Round, size: number): string {
  const token: PageToken = { offset, size, paused: false, after: { key: from, index: until } };
  return writePageToken(token, name, service.key, service.now().getTime());
}

function writeChange(visit: Visit, answer: DeltaDescription, collection: Collection, index: number): JsonValue {
  const record = collection.record(index);
  if (collection.has(index)) return writeRow({}, record);
  return fillBody(visit, answer.removed, { key: record[collection.description.key] });
}

function link(
  { exchange }: Visit,
  answer: DeltaDescription,
  paging: PagingDescription,
  name: string,
  token: string,
): string {
  const url = new URL(exchange.url);
  for (const parameter of [answer.deltaParameter, paging.tokenParameter]) url.searchParams.delete(parameter);
  const others = url.searchParams.size > 0 ? `${url.search.replaceAll('%24', '$')}&` : '?';
  return `${url.origin}${url.pathname}${others}${name}=${token}`;
}

function asPage(
  round: Round,
  rows: JsonValue,
  next: string | undefined,
  collection: Collection,
  size: number,
): ListPage {
  return { offset: round.offset, size, paused: false, rows, next, link: () => next ?? '', collection };
}

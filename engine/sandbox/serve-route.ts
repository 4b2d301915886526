import type { JsonValue } from '../records.ts';
import { judgeToken } from './access-token.ts';
import type { Collections } from './collection.ts';
import { countSummary } from './count-summary.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import type { Fault } from './faults.ts';
import { fillObject, type Values } from './fill.ts';
import type { FoundRoute } from './find-route.ts';
import { hideLateValues, type ListPage, makePage } from './list-page.ts';
import { type Call, type PathMatch, readArguments } from './match-path.ts';
import { type PageToken, readPageToken, writePageToken } from './page-token.ts';
import type {
  FamilyDescription,
  NamedError,
  RouteAnswer,
  RouteDescription,
  SandboxDescription,
  SummaryDescription,
} from './sandbox-description.ts';
import { namedError } from './vendor-errors.ts';

/** What stays the same from request to request. */
export type Service = {
  readonly description: SandboxDescription;
  readonly collections: Collections;
  readonly granted: ReadonlySet<string>;
  readonly allowDelegatedOnly: boolean;
  readonly unlicensed: boolean;
  readonly key: Buffer;
  readonly now: () => Date;
  /** Figures once counted, by route and arguments. */
  readonly counted: Map<string, Promise<Values>>;
};

/** One request that met its route. */
export type Visit = FoundRoute & {
  readonly service: Service;
  readonly exchange: Exchange;
  readonly faults: readonly Fault[];
};

/** The vendor's checks in the vendor's order, then the data. */
export async function serveRoute(visit: Visit): Promise<Answer> {
  const { service, exchange, route, family, call } = visit;
  const refused = refusal(service, exchange) ?? wrongCall(exchange, route, call) ?? forbidden(service, route, family);
  if (refused !== undefined) return refuse(visit, refused, { permission: route.permissions[0] });
  const given = readArguments(call, route);
  if (given === undefined) return refuse(visit, 'bad-argument');
  const { answer } = route;
  switch (answer.kind) {
    case 'list':
      return serveList(visit, answer);
    case 'summary':
      return serveSummary(visit, answer, given);
    case 'empty':
      return serveNothing(visit);
    default:
      return answer satisfies never;
  }
}

/** Why the token is no good. */
export function refusal({ key, now }: Service, { headers }: Exchange): NamedError | undefined {
  const [, token] = /^bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) return 'no-token';
  const judged = judgeToken(token, key, now());
  if (judged === 'good') return undefined;
  return judged === 'expired' ? 'expired-token' : 'bad-token';
}

function wrongCall({ method }: Exchange, route: RouteDescription, call: Call): NamedError | undefined {
  if (!route.versions.includes(call.version)) return 'wrong-version';
  return method === 'GET' ? undefined : 'wrong-method';
}

function forbidden(service: Service, route: RouteDescription, family: FamilyDescription): NamedError | undefined {
  if (!route.permissions.some((name) => service.granted.has(name))) return 'missing-permission';
  if (route.appOnly === 'refused' && !service.allowDelegatedOnly) return 'app-only-refused';
  return service.unlicensed && family.licensed ? 'unlicensed' : undefined;
}

function serveList(visit: Visit, answer: RouteAnswer & { kind: 'list' }): Answer {
  const { service, exchange, name, call, faults } = visit;
  const collection = service.collections[answer.collection];
  if (collection === undefined) throw new Error(`There is no collection ${answer.collection}.`);
  const { paging } = service.description;
  const query = exchange.url.searchParams;
  const strange = [...query.keys()].find((parameter) => !isTaken(visit, answer, parameter));
  if (strange !== undefined) return refuse(visit, 'refused-parameter', { parameter: strange });
  const place = readPlace(visit, answer);
  if (typeof place === 'string') return refuse(visit, place, { maxPageSize: answer.maxPageSize });

  const link = (to: PageToken): string => {
    const url = new URL(exchange.url);
    url.searchParams.delete(paging.tokenParameter);
    const others = url.searchParams.size > 0 ? `${url.search.replaceAll('%24', '$')}&` : '?';
    return `${url.origin}${url.pathname}${others}${paging.tokenParameter}=${writePageToken(to, name, service.key)}`;
  };
  const made = makePage(collection, place, link);
  const late = hideLateValues(made.rows, collection.description, exchange);
  const chosen = chooseFields(late, answer, call.version, query.get(paging.selectParameter));
  const page = applyFaults({ ...made, rows: chosen }, faults);
  return envelope(visit, page.rows, page.next);
}

function isTaken({ service }: Visit, answer: RouteAnswer & { kind: 'list' }, parameter: string): boolean {
  const { sizeParameter, tokenParameter, selectParameter, ignored, refused } = service.description.paging;
  if ([sizeParameter, tokenParameter, ...ignored].includes(parameter)) return true;
  if (parameter === selectParameter) return answer.select === true;
  return !new RegExp(refused).test(parameter);
}

function readPlace({ service, exchange, name }: Visit, answer: RouteAnswer & { kind: 'list' }): PageToken | NamedError {
  const { sizeParameter, tokenParameter } = service.description.paging;
  const token = exchange.url.searchParams.get(tokenParameter);
  if (token !== null) return readPageToken(token, name, service.key) ?? 'bad-page-token';
  const wanted = exchange.url.searchParams.get(sizeParameter);
  const size = wanted === null ? answer.pageSize : Number(wanted);
  if (!Number.isSafeInteger(size) || size < 1) return 'bad-page-size';
  if (size > answer.maxPageSize && answer.aboveMax === 'refuse') return 'bad-page-size';
  return { offset: 0, size: Math.min(size, answer.maxPageSize), paused: false };
}

function chooseFields(
  rows: JsonValue,
  { onlyIn = {} }: RouteAnswer & { kind: 'list' },
  version: string,
  select: string | null,
): JsonValue {
  const selected = select?.split(',').map((name) => name.trim());
  const hidden = Object.keys(onlyIn).filter((name) => !(onlyIn[name] ?? []).includes(version));
  if (!Array.isArray(rows) || (selected === undefined && hidden.length === 0)) return rows;
  const keep = (name: string): boolean => !hidden.includes(name) && (selected?.includes(name) ?? true);
  return rows.map((row) => Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => keep(name))));
}

async function serveSummary(visit: Visit, answer: SummaryDescription, given: PathMatch): Promise<Answer> {
  const { service, exchange, name, faults } = visit;
  const collection = service.collections[answer.over];
  if (collection === undefined) throw new Error(`There is no collection ${answer.over}.`);
  const asked = `${name} ${JSON.stringify(given)}`;
  const counting = service.counted.get(asked) ?? countSummary(answer, collection, given);
  service.counted.set(asked, counting);
  const body = fillObject(answer.body, { ...exchange.values, ...given, ...(await counting) });
  const { rows, next } = applyFaults(onlyPage([body], exchange), faults);
  if (answer.in === 'list') return envelope(visit, rows, next);
  return jsonAnswer(200, Array.isArray(rows) ? rows[0] : rows, familyHeaders(visit));
}

function serveNothing(visit: Visit): Answer {
  const { rows, next } = applyFaults(onlyPage([], visit.exchange), visit.faults);
  return envelope(visit, rows, next);
}

/** A page of no collection, so that faults reach it as well. */
function onlyPage(rows: JsonValue[], { url }: Exchange): ListPage {
  return { rows, next: undefined, link: () => url.href, collection: undefined, offset: 0, size: 1, paused: false };
}

function applyFaults(page: ListPage, faults: readonly Fault[]): ListPage {
  return faults.reduce((changed, fault) => fault.changePage?.(changed) ?? changed, page);
}

function envelope(visit: Visit, rows: JsonValue, next: string | undefined): Answer {
  const { service, exchange, call } = visit;
  const values = { ...exchange.values, version: call.version, path: call.path.slice(1), rows, next };
  return jsonAnswer(200, fillObject(service.description.paging.envelope, values), familyHeaders(visit));
}

function familyHeaders({ family }: Visit): { readonly [name: string]: string } {
  return family.headers ?? {};
}

function refuse({ service, exchange, family, call }: Visit, name: NamedError, values: Values = {}): Answer {
  const segment = call.path.split('/').at(-1);
  return namedError(service.description.errors, family, name, exchange, { segment, version: call.version, ...values });
}

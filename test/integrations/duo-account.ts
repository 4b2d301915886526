import { createHash, createHmac } from 'node:crypto';
import { type Answer, json, type SeenRequest, type SourceServer } from '../support/source-server.ts';

/** What the stand-in serves; a test may change it between runs. */
export type DuoAccount = { users: User[]; events: Event[] };
type User = { readonly user_id: string; readonly [field: string]: unknown };
/** `isotimestamp` is when it happened. */
type Event = { readonly txid: string; readonly isotimestamp: string; readonly [field: string]: unknown };

const keys = { integrationKey: 'DIFACTSHEET000000000', secretKey: '0123456789abcdefghij0123456789ABCDEFGHIJ' };

export function connectionTo({ origin }: SourceServer): { readonly [property: string]: string } {
  return { apiHost: `${origin}/`, ...keys };
}

/** An Admin API on a loopback server, told from the vendor's documentation: version 5 signatures, both ways of paging. */
export function serveDuo(server: SourceServer, account: DuoAccount): void {
  server.on('/admin/v1/users', (request) => refusal(request) ?? usersPage(account, request));
  server.on('/admin/v2/logs/authentication', (request) => refusal(request) ?? logPage(account, request));
}

export function failure(code: number, message: string, detail?: string): Answer {
  const body = { stat: 'FAIL', code, message, ...(detail === undefined ? {} : { message_detail: detail }) };
  return { status: Math.floor(code / 100), body };
}

function refusal({ method, path, headers }: SeenRequest): Answer | undefined {
  const { authorization = '', date = '', host = '' } = headers;
  const url = new URL(path, 'http://any.example');
  const parameters = url.search.slice(1).split('&');
  if (parameters.join() !== parameters.toSorted().join()) return failure(40103, 'Invalid signature');
  const sha512 = (text: string) => createHash('sha512').update(text).digest('hex');
  const signed = [date, method, host.replace(/:\d+$/, ''), url.pathname, parameters.join('&'), sha512(''), sha512('')];
  const signature = createHmac('sha512', keys.secretKey).update(signed.join('\n')).digest('hex');
  const expected = `Basic ${Buffer.from(`${keys.integrationKey}:${signature}`).toString('base64')}`;
  if (authorization === '') return failure(40101, 'Missing request credentials');
  if (Math.abs(Date.parse(date) - Date.now()) > 300_000) return failure(40105, 'Bad request timestamp');
  return authorization === expected ? undefined : failure(40103, 'Invalid signature in request credentials');
}

function usersPage({ users }: DuoAccount, { query }: SeenRequest): Answer {
  const limit = Number(query['limit'] ?? 100);
  const offset = Number(query['offset'] ?? 0);
  if (limit > 300) return failure(40002, 'Invalid request parameters', 'limit');
  const end = offset + limit;
  const more = end < users.length ? { next_offset: end } : {};
  return json({
    stat: 'OK',
    response: users.slice(offset, end),
    metadata: { ...more, ...(offset > 0 ? { prev_offset: 0 } : {}), total_objects: users.length },
  });
}

/** Both ends count in; the two parts of an offset are the time and the transaction after which a page begins. */
function logPage({ events }: DuoAccount, { query }: SeenRequest): Answer {
  const { mintime = '', maxtime = '', limit = '100', sort, next_offset: offset = ',' } = query;
  const isMs = /^\d{13}$/;
  if (!isMs.test(mintime) || !isMs.test(maxtime) || Number(mintime) >= Number(maxtime))
    return failure(40002, 'Invalid request parameters', 'mintime');
  if (Number(limit) > 1000 || sort !== 'ts:asc') return failure(40002, 'Invalid request parameters', 'limit');
  const key = (event: Event): [string, string] => [String(Date.parse(event.isotimestamp)), event.txid];
  const [afterTime = '', afterId = ''] = offset.split(',');
  const found = events
    .filter((event) => key(event)[0] >= mintime && key(event)[0] <= maxtime)
    .toSorted((a, b) => (key(a).join() < key(b).join() ? -1 : 1));
  const rows = found.filter((event) => key(event).join() > `${afterTime},${afterId}`).slice(0, Number(limit));
  const last = rows.at(-1);
  // The vendor keeps sending an offset on the last page; the page after it is empty.
  const metadata = { next_offset: last === undefined ? [afterTime, afterId] : key(last), total_objects: found.length };
  return json({ stat: 'OK', response: { authlogs: rows, metadata } });
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { userRow } from './rows.ts';

/**
 * A source that costs next to nothing, in a process of its own: a token endpoint and one list, whose pages were made and
 * compressed beforehand. `node page-server.js PAGES ROWS_A_PAGE [REFUSE_EVERY]` sends its origin to its parent; each
 * REFUSE_EVERYth request for a page is answered with 429.
 */
const [pages = 1, rowsAPage = 999, refuseEvery = Infinity] = process.argv.slice(2).map(Number);
const path = '/v1.0/reports/authenticationMethods/userRegistrationDetails';

let asked = 0;
let made: Buffer[] = [];
const server = createServer((request, response) => {
  request.resume();
  if (request.method === 'POST') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3599, access_token: token }));
    return;
  }
  asked += 1;
  if (asked % refuseEvery === 0) {
    response.writeHead(429, { 'retry-after': '1', 'content-type': 'application/json' });
    response.end('{"error":{"code":"TooManyRequests","message":"Slow down."}}');
    return;
  }
  const number = Number(new URL(request.url ?? '', 'http://source.example').searchParams.get('$skiptoken') ?? 0);
  const page = made[number];
  if (page === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'content-length': page.length,
  });
  response.end(page);
});

/** Its claims say what was granted; nobody here looks at the signature. */
const token = [{ alg: 'none' }, { roles: ['AuditLog.Read.All'] }, {}]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const origin = `http://127.0.0.1:${port}`;
  made = Array.from({ length: pages }, (_, page) => {
    const value = Array.from({ length: rowsAPage }, (_row, row) => userRow(page * rowsAPage + row));
    const next = page + 1 < pages && { '@odata.nextLink': `${origin}${path}?$top=999&$skiptoken=${page + 1}` };
    return gzipSync(JSON.stringify({ ...next, value }), { level: 1 });
  });
  process.send?.({ origin });
});
process.on('message', () => process.send?.({ asked }));
process.on('disconnect', () => process.exit()); // its parent died

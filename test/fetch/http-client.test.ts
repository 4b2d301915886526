import { getEventListeners } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FetchError } from '../../engine/fetch/fetch-error.ts';
import type { HttpClient, HttpSettings, Progress } from '../../engine/fetch/http-client.ts';
import { makeCertificate } from '../support/certificate.ts';
import { httpClient } from '../support/fetch-options.ts';
import { html, json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

let source: SourceServer;
let clients: HttpClient[];

beforeEach(async () => {
  source = await startSourceServer();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await source.close();
});

function client(settings: Partial<HttpSettings> = {}, origins = [source.origin]): HttpClient {
  const made = httpClient(origins, settings);
  clients.push(made);
  return made;
}

function get(url: URL) {
  return { method: 'GET', url, headers: {} } as const;
}

async function failure(work: Promise<unknown>): Promise<FetchError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FetchError)) throw new Error(`expected a FetchError, got ${String(error)}`);
  return error;
}

describe('where requests may go', () => {
  it('sends nothing to an origin that is not allowed', async () => {
    const other = await startSourceServer();

    const error = await failure(client().send(get(other.url('/users'))));

    expect(error.code).toBe('fetch/foreign-link');
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('sends nothing in clear over the network, only to loopback', async () => {
    const url = new URL('http://api.example/users');

    const error = await failure(client({}, [url.origin]).send(get(url)));

    expect(error.code).toBe('fetch/foreign-link');
    expect(error.message).toContain('not https');
  });

  it('sends nothing to an address with user and password', async () => {
    const url = source.url('/users');
    url.username = 'mallory';

    expect((await failure(client().send(get(url)))).code).toBe('fetch/foreign-link');
    expect(source.requests).toEqual([]);
  });

  it('refuses a redirect to another origin, even an allowed one, and names neither path nor query', async () => {
    const other = await startSourceServer();
    source.on('/users', status(302, { location: `${other.origin}/login?ticket=hush` }));

    const error = await failure(client({}, [source.origin, other.origin]).send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/foreign-link');
    expect(error.message).toContain(other.origin);
    expect(error.message).not.toContain('hush');
    expect(other.requests).toEqual([]);
    await other.close();
  });

  it('follows a redirect on the same origin with the same headers', async () => {
    source.on('/users', status(307, { location: '/v2/users?page=1' }));
    source.on('/v2/users', json({ value: [] }));

    const answer = await client().send({ ...get(source.url('/users')), headers: { authorization: 'Bearer made-up' } });

    expect(answer.status).toBe(200);
    expect(source.requests[1]?.path).toBe('/v2/users?page=1');
    expect(source.requests[1]?.headers['authorization']).toBe('Bearer made-up');
  });

  it('gives up on redirects that go in circles', async () => {
    source.on('/users', status(302, { location: '/users' }));

    const error = await failure(client().send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/bad-request');
    expect(source.requests).toHaveLength(4);
  });

  it('does not turn a redirected POST into a GET', async () => {
    source.on('/token', status(302, { location: '/elsewhere' }));

    const answer = await client().send({ method: 'POST', url: source.url('/token'), headers: {}, body: 'a=b' });

    expect(answer.status).toBe(302);
    expect(source.requests).toHaveLength(1);
  });
});

describe('answers that do not arrive whole', () => {
  it('notices a body shorter than announced', async () => {
    source.on('/users', { body: { value: ['x'.repeat(1000)] }, cutAfter: 100 });

    const error = await failure(client().send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/network');
    expect(error.message).toContain('broke off');
    expect(error.retryable).toBe(true);
  });

  it('notices a compressed body shorter than announced', async () => {
    source.on('/users', { body: { value: [...Array(9000).keys()] }, gzip: true, cutAfter: 2000 });

    const error = await failure(client().send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/network');
    expect(error.retryable).toBe(true);
  });

  it('notices compressed bytes that end too early under a length that fits', async () => {
    const half = gzipSync(JSON.stringify([...Array(9000).keys()])).subarray(0, 2000);
    source.on('/users', { body: half, headers: { 'content-encoding': 'gzip' } });

    const error = await failure(client().send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/network');
    expect(error.message).toContain('damaged or cut off');
    expect(error.retryable).toBe(true);
  });

  it('notices a connection that drops without an answer', async () => {
    source.on('/users', { drop: true });

    const error = await failure(client().send(get(source.url('/users?key=hush'))));

    expect(error.code).toBe('fetch/network');
    expect(error.retryable).toBe(true);
    expect(error.message).toContain(`GET ${source.origin}/users failed`);
    expect(error.message).not.toContain('hush');
  });

  it('stops waiting for an answer that never begins', async () => {
    source.on('/users', { hang: 'before' });

    const error = await failure(client({ responseTimeoutMs: 40 }).send(get(source.url('/users'))));

    expect(error.message).toContain('timed out');
    expect(error.retryable).toBe(true);
  });

  it.each([false, true])('stops waiting for a body that never ends (compressed: %s)', async (gzip) => {
    source.on('/users', { body: { value: [...Array(9000).keys()] }, gzip, hang: 'within' });

    const error = await failure(client({ bodyTimeoutMs: 40 }).send(get(source.url('/users'))));

    expect(error.message).toContain('timed out');
    expect(error.retryable).toBe(true);
  });

  it('says that what answers is not HTTP', async () => {
    const talker = await startTalker('220 mail.example ready\r\n');

    const error = await failure(client({}, [talker.origin]).send(get(new URL(talker.origin))));

    expect(error.message).toContain('not HTTP');
    talker.server.close();
  });

  it('says that the connection was refused', async () => {
    const gone = await startSourceServer();
    await gone.close();

    const error = await failure(client({}, [gone.origin]).send(get(gone.url('/users'))));

    expect(error.message).toContain('the connection was refused (ECONNREFUSED)');
    expect(error.retryable).toBe(true);
  });

  it('says that a host name does not exist, which no retry cures', async () => {
    const url = new URL('https://no-such-host.invalid/users');

    const error = await failure(client({}, [url.origin]).send(get(url)));

    expect(error.code).toBe('fetch/network');
    expect(error.message).toMatch(/not known to DNS|could not be looked up/);
  });

  it('trusts no certificate that nobody vouches for, which no retry cures', async () => {
    const { key, certificate } = makeCertificate();
    const server = createTlsServer({ key, cert: certificate }, (_, response) => response.end('{}'));
    const origin = await listening(server, 'https://localhost');

    const error = await failure(client({}, [origin]).send(get(new URL(origin))));

    expect(error.message).toContain('its TLS certificate is not trusted');
    expect(error.hint).toContain('NODE_EXTRA_CA_CERTS');
    expect(error.retryable).toBe(false);
    server.close();
  });

  it('says that the other side speaks no TLS', async () => {
    const url = new URL(source.origin.replace('http:', 'https:'));

    const error = await failure(client({}, [url.origin]).send(get(url)));

    expect(error.message).toContain('no TLS connection');
    expect(error.retryable).toBe(false);
  });
});

describe('the progress of a request', () => {
  it('is told when its last byte has left, and when its answer begins', async () => {
    const told: string[] = [];
    source.on('/users', async () => {
      await vi.waitUntil(() => told.includes('sent'));
      return json({}, { 'x-told': told.join() });
    });

    const { headers } = await client().send(get(source.url('/users')), undefined, noteIn(told));

    expect(headers['x-told']).toBe('sent');
    expect(told).toEqual(['sent', 'answered']);
  });

  it('is told anew for each hop of a redirect', async () => {
    const told: string[] = [];
    source.on('/users', status(302, { location: '/people' }));
    source.on('/people', json({}));

    await client().send(get(source.url('/users')), undefined, noteIn(told));

    expect(told).toEqual(['sent', 'answered', 'sent', 'answered']);
  });

  it('is silent where nothing could be sent', async () => {
    const told: string[] = [];
    const url = source.url('/users');
    await source.close();

    await failure(client().send(get(url), undefined, noteIn(told)));

    expect(told).toEqual([]);
  });

  function noteIn(told: string[]): Progress {
    return { sent: () => told.push('sent'), answered: () => told.push('answered') };
  }
});

describe('size', () => {
  it('stops reading at the cap', async () => {
    source.on('/users', json('x'.repeat(5000)));

    const error = await failure(client({ maxPageBytes: 4000 }).send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/too-large');
    expect(error.retryable).toBe(false);
  });

  it('counts decompressed bytes, so that a small bomb does not burst', async () => {
    source.on('/users', { body: 'x'.repeat(5_000_000), gzip: true });

    const error = await failure(client({ maxPageBytes: 1_000_000 }).send(get(source.url('/users'))));

    expect(error.code).toBe('fetch/too-large');
  });

  it('takes a page of exactly the cap', async () => {
    source.on('/users', { body: 'x'.repeat(4000) });

    const answer = await client({ maxPageBytes: 4000 }).send(get(source.url('/users')));

    expect(answer.body).toHaveLength(4000);
  });
});

describe('what comes back', () => {
  it('is the answer as it is, whatever its status', async () => {
    source.on('/users', html(503));

    const answer = await client().send(get(source.url('/users')));

    expect(answer.status).toBe(503);
    expect(answer.headers['content-type']).toBe('text/html');
    expect(answer.body.toString()).toContain('Sign in');
    expect(source.requests).toHaveLength(1);
  });

  it('is decompressed, and gzip is asked for', async () => {
    source.on('/users', { body: { value: ['ü'] }, gzip: true });

    const answer = await client().send(get(source.url('/users')));

    expect(answer.body.toString()).toBe('{"value":["ü"]}');
    expect(source.requests[0]?.headers['accept-encoding']).toBe('gzip');
    expect(source.requests[0]?.headers['user-agent']).toBe('sluice-test');
  });

  it('leaves the query as it was written', async () => {
    source.on('/users', json({}));

    await client().send(get(source.url('/users?$select=id,name&$filter=a%20eq%20b&sig=a%2Bb')));

    expect(source.requests[0]?.path).toBe('/users?$select=id,name&$filter=a%20eq%20b&sig=a%2Bb');
  });

  it('posts a body', async () => {
    source.on('/token', json({}));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };

    await client().send({ method: 'POST', url: source.url('/token'), headers, body: 'grant_type=made+up' });

    expect(source.requests[0]?.method).toBe('POST');
    expect(source.requests[0]?.form).toEqual({ grant_type: 'made up' });
  });
});

describe('interruption', () => {
  it('ends a request under way with the reason given', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    source.on('/users', () => {
      abort.abort(reason);
      return { hang: 'before' };
    });

    await expect(client().send(get(source.url('/users')), abort.signal)).rejects.toBe(reason);
  });

  it('leaves nothing behind on the signal, and does no harm when it comes after the answer', async () => {
    const abort = new AbortController();
    source.on('/users', json({}));

    await client().send(get(source.url('/users')), abort.signal);

    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    abort.abort();
    await new Promise(setImmediate);
  });

  it('sends nothing when interrupted before', async () => {
    const reason = new Error('enough');

    await expect(client().send(get(source.url('/users')), AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(source.requests).toEqual([]);
  });
});

async function startTalker(greeting: string): Promise<{ origin: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end(greeting);
  });
  return { origin: await listening(server, 'http://127.0.0.1'), server };
}

async function listening(server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A server listening on a port has an address of this form.
  return `${host}:${(server.address() as AddressInfo).port}`;
}

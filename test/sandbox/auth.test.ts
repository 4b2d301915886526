import { createHash, createHmac, createPrivateKey, randomUUID, sign as signWith } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../engine/sandbox/start-sandbox.ts';
import { ask, serve, textAt, type VendorReply } from './vendor-sandbox.ts';

const routes = `
routes:
  people: { path: /people, permissions: [people.read], answer: { kind: body, body: { ok: true } } }
collections: {}
`;

describe('a signed request', () => {
  const signed = (sign: string, more = ''): string => `
formatVersion: 1
connection: { url: '{origin}' }
values: { ikey: DIACME, skey: sandbox-secret }
granted: [people.read]
auth: { kind: signed-request, keyId: '{ikey}', key: '{skey}', algorithm: sha512, sign: ${sign}, signedHeaders: x-acme- ${more} }
errors:
  body: { stat: FAIL, code: '{code}', message: '{message}' }
  named:
    no-token: { status: 401, say: { code: 40101, message: Missing request credentials } }
    unknown-key: { status: 401, say: { code: 40102, message: Invalid identity in request credentials } }
    bad-signature: { status: 401, say: { code: 40103, message: Invalid signature in request credentials } }
    bad-date: { status: 401, say: { code: 40105, message: Bad request timestamp } }
${routes}`;
  const plain = signed(`['{date}', '{method}', '{host}', '{path}', '{query}']`);
  const whole = signed(
    `['{date}', '{method}', '{host}', '{path}', '{query}', '{body.sha512}', '{headers.sha512}']`,
    `, date: { header: X-Acme-Date }`,
  );
  const now = (): Date => new Date('2026-03-10T09:30:00Z');
  const date = 'Tue, 10 Mar 2026 09:30:00 -0000';
  const basic = (user: string, text: string, key = 'sandbox-secret'): string =>
    `Basic ${Buffer.from(`${user}:${createHmac('sha512', key).update(text).digest('hex')}`).toString('base64')}`;
  const lines = (query: string, at = date): string => `${at}\nGET\n127.0.0.1\n/people\n${query}`;
  const send = (sandbox: Sandbox, query: string, authorization: string, at = date): Promise<VendorReply> =>
    ask(sandbox, `/people?${query}`, { headers: { authorization, date: at, 'x-acme-date': at } });

  it('opens a route when the signature is that of the request that arrived', async () => {
    const { status } = await send(await serve(plain, { now }), 'limit=3&a=b', basic('DIACME', lines('a=b&limit=3')));

    expect(status).toBe(200);
  });

  it('is read whatever way its query was encoded', async () => {
    const authorization = basic('DIACME', lines('name=zo%C3%AB%20o%27neil%20%28test%29%2A%2B~'));

    const { status } = await send(await serve(plain, { now }), "name=zoë+o'neil+(test)*%2b%7E", authorization);

    expect(status).toBe(200);
  });

  it('covers digests of the body and of named headers', async () => {
    const sha512 = (text: string): string => createHash('sha512').update(text).digest('hex');
    const text = `${lines('')}\n${sha512('')}\n${sha512(`x-acme-date\0${date}`)}`;

    expect((await send(await serve(whole, { now }), '', basic('DIACME', text))).status).toBe(200);
  });

  const good = basic('DIACME', lines('limit=3'));
  it.each([
    ['without credentials', 'limit=3', '', date, 40101],
    ['of a key nobody has', 'limit=3', basic('DIOTHER', lines('limit=3')), date, 40102],
    ['with another secret', 'limit=3', basic('DIACME', lines('limit=3'), 'else'), date, 40103],
    ['replayed for another query', 'limit=3&offset=3', good, date, 40103],
    ['with another date than was signed', 'limit=3', good, 'Tue, 10 Mar 2026 09:30:01 -0000', 40103],
    ['that is too old', 'limit=3', good, 'Tue, 10 Mar 2026 09:20:00 -0000', 40105],
    ['that comes too early', 'limit=3', good, 'Tue, 10 Mar 2026 09:40:00 -0000', 40105],
    ['with a date nobody can read', 'limit=3', good, 'now', 40105],
  ])('%s is refused in the vendor’s words', async (_, query, authorization, at, code) => {
    const { status, body } = await send(await serve(plain, { now }), query, authorization, at);

    expect([status, body['code']]).toEqual([401, code]);
  });

  it('may be any of the kinds that the vendor takes', async () => {
    const both = plain.replace(/^auth: (.*)$/m, (_, one: string) => `auth: [${one.replace('sha512', 'sha1')}, ${one}]`);
    const authorization = basic('DIACME', lines('a=1'));

    expect((await send(await serve(both, { now }), 'a=1', authorization)).status).toBe(200);
  });
});

describe('keys', () => {
  const keyed = (auth: string): string => `
formatVersion: 1
connection: { url: '{origin}' }
values: { accessKey: aa11, secretKey: bb22, apiToken: sandbox-token }
granted: [people.read]
auth: ${auth}
${routes}`;
  const composed = `{ kind: header, name: X-ApiKeys, value: 'accessKey={accessKey};secretKey={secretKey}' }`;

  it.each([
    [composed, 'x-apikeys', 'accessKey=aa11;secretKey=bb22'],
    [composed, 'x-apikeys', 'accessKey=aa11; secretKey=bb22'],
    [`{ kind: header, name: Authorization, value: 'SSWS {apiToken}' }`, 'authorization', 'SSWS sandbox-token'],
    [`{ kind: header, name: Authorization, value: 'Bearer {apiToken}' }`, 'authorization', 'bearer sandbox-token'],
    [
      `{ kind: basic, username: '{accessKey}', password: '{secretKey}' }`,
      'authorization',
      `Basic ${btoa('aa11:bb22')}`,
    ],
  ])('%s opens with %s: %s', async (auth, name, value) => {
    const sandbox = await serve(keyed(auth));

    const [right, wrong, none] = await Promise.all([
      ask(sandbox, '/people', { headers: { [name]: value } }),
      ask(sandbox, '/people', { headers: { [name]: value.replace(/(?<=[ =])\w/, 'z') } }),
      ask(sandbox, '/people'),
    ]);

    expect([right.status, wrong.status, none.status]).toEqual([200, 401, 401]);
  });

  it('stand in the query', async () => {
    const sandbox = await serve(keyed(`{ kind: query, name: key, value: '{apiToken}' }`));

    expect((await ask(sandbox, '/people?key=sandbox-token')).status).toBe(200);
    expect((await ask(sandbox, '/people?key=other')).status).toBe(401);
  });

  it('do not open what was not granted', async () => {
    const sandbox = await serve(keyed(composed), { without: ['people.read'] });

    const { status } = await ask(sandbox, '/people', { headers: { 'x-apikeys': 'accessKey=aa11;secretKey=bb22' } });

    expect(status).toBe(403);
  });
});

describe('a token endpoint', () => {
  const vendor = `
formatVersion: 1
connection: { url: '{origin}', privateKey: '{privateKey}' }
values: { clientId: acme-app, clientSecret: sandbox-secret }
granted: [people.read, log.read]
token:
  path: /oauth2/token
  status: 201
  headers: { X-Acme-Region: eu-1 }
  assertion: { algorithm: RS256, audience: '{origin}/oauth2/token', ownKey: true, keyId: key-1, longestSeconds: 3600 }
  scopeField: scope
  rules:
    - { name: unknown-app, unless: { field: client_id, equals: '{clientId}' }, status: 403, say: { error: invalid_client, text: No such app. } }
    - { name: no-proof, unless: { credential: sent }, status: 401, say: { error: invalid_client, text: No proof. } }
    - { name: wrong-secret, unless: { credential: secret-right }, status: 403, say: { error: invalid_client, text: Wrong secret. } }
    - { name: untrusted, unless: { credential: assertion-trusted }, status: 401, say: { error: invalid_client, text: Untrusted. } }
    - { name: out-of-time, unless: { credential: assertion-in-time }, status: 401, say: { error: invalid_client, text: Out of time. } }
    - { name: wrong-claims, unless: { credential: assertion-claims }, status: 401, say: { error: invalid_client, text: Wrong claims. } }
    - { name: replayed, unless: { credential: assertion-fresh }, status: 401, say: { error: invalid_client, text: Used before. } }
    - { name: not-granted, unless: { field: scope, granted: true }, status: 400, say: { error: invalid_scope, text: Not granted. } }
${routes}`;
  const seconds = Math.floor(Date.now() / 1000);
  const post = async ({ origin }: Sandbox, fields: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: 'acme-app', scope: 'people.read', ...fields });
    const response = await fetch(`${origin}/oauth2/token`, { method: 'POST', body });
    // RFC 6749 says so.
    const read = (await response.json()) as { access_token: string; error: string; error_description: string };
    return { status: response.status, headers: response.headers, ...read };
  };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const assertion = ({ origin, connection }: Sandbox, claims: object = {}, header: object = {}): string => {
    const aud = `${origin}/oauth2/token`;
    const about = { iss: 'acme-app', sub: 'acme-app', aud, exp: seconds + 300, iat: seconds, jti: randomUUID() };
    const text = `${encode({ alg: 'RS256', kid: 'key-1', ...header })}.${encode({ ...about, ...claims })}`;
    const key = createPrivateKey(connection['privateKey'] ?? '');
    return `${text}.${signWith('sha256', Buffer.from(text), key).toString('base64url')}`;
  };

  it('gives a token for a secret in the form, with the vendor’s own status and headers', async () => {
    const sandbox = await serve(vendor);

    const { status, headers, access_token } = await post(sandbox, { client_secret: 'sandbox-secret' });
    const reply = await ask(sandbox, '/people', { headers: { authorization: `Bearer ${access_token}` } });

    expect([status, headers.get('x-acme-region'), reply.status]).toEqual([201, 'eu-1', 200]);
  });

  it('gives a token for an assertion signed by the key that the connection holds', async () => {
    const sandbox = await serve(vendor);

    expect((await post(sandbox, { client_assertion: assertion(sandbox) })).status).toBe(201);
  });

  it.each([
    ['of another key', {}, { kid: 'key-2' }, 'Untrusted.'],
    ['by another algorithm', {}, { alg: 'none' }, 'Untrusted.'],
    ['that has expired', { exp: seconds - 600 }, {}, 'Out of time.'],
    ['good for too long', { exp: seconds + 7200 }, {}, 'Out of time.'],
    ['whose end is a text', { exp: String(seconds + 300) }, {}, 'Out of time.'],
    ['for another audience', { aud: 'https://acme.example' }, {}, 'Wrong claims.'],
  ])('refuses an assertion %s', async (_, claims, header, text) => {
    const sandbox = await serve(vendor);

    const { error_description } = await post(sandbox, { client_assertion: assertion(sandbox, claims, header) });

    expect(error_description).toBe(text);
  });

  it('takes an assertion once', async () => {
    const sandbox = await serve(vendor);
    const jwt = assertion(sandbox);

    const [first, second] = [
      await post(sandbox, { client_assertion: jwt }),
      await post(sandbox, { client_assertion: jwt }),
    ];

    expect([first.status, second.error_description]).toEqual([201, 'Used before.']);
  });

  it('gives no scope that was not granted, and a token opens its scopes only', async () => {
    const sandbox = await serve(vendor);
    const more = await post(sandbox, { client_secret: 'sandbox-secret', scope: 'people.read people.write' });
    const other = await post(sandbox, { client_secret: 'sandbox-secret', scope: 'log.read' });

    const reply = await ask(sandbox, '/people', { headers: { authorization: `Bearer ${other.access_token}` } });

    expect([more.error, reply.status]).toEqual(['invalid_scope', 403]);
  });
});

describe('a session', () => {
  const vendor = (auth: string): string => `
formatVersion: 1
connection: { url: '{origin}' }
values: { user: ada, password: sandbox-secret }
auth: ${auth}
token:
  path: /login
  headers: { Set-Cookie: 'sid={accessToken}; HttpOnly' }
  answer: { session: '{accessToken}' }
  rules:
    - { name: wrong-user, unless: { field: user, equals: '{user}' }, status: 401, say: { error: login, text: No. } }
    - { name: wrong-password, unless: { field: password, equals: '{password}' }, status: 401, say: { error: login, text: No. } }
${routes.replace('permissions: [people.read], ', '')}`;

  it.each([
    ['a cookie', '{ kind: token, cookie: sid }', (token: string) => ({ cookie: `a=b; sid=${token}` })],
    ['a header', '{ kind: token, header: X-Session }', (token: string) => ({ 'x-session': token })],
  ])('is opened by a login and carried in %s', async (_, auth, carry) => {
    const sandbox = await serve(vendor(auth));
    const refused = await ask(sandbox, '/login', { body: { user: 'ada', password: 'else' } });

    const reply = await ask(sandbox, '/login', { body: { user: 'ada', password: 'sandbox-secret' } });
    const token = textAt(reply, 'session');

    expect([refused.status, reply.headers.get('set-cookie')]).toEqual([401, `sid=${token}; HttpOnly`]);
    expect((await ask(sandbox, '/people', { headers: carry(token) })).status).toBe(200);
    expect((await ask(sandbox, '/people', { headers: carry('else') })).status).toBe(401);
  });
});

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigner } from '../../engine/auth/create-signer.ts';
import type { Signer } from '../../engine/auth/signer.ts';
import type { Auth } from '../../engine/descriptor/descriptor.ts';
import { EngineError } from '../../engine/diagnostics/engine-error.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import { createTokenSend } from '../../engine/fetch/send-for-token.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { everydayRetry, httpClient, noRules } from '../support/fetch-options.ts';
import { json, type SeenRequest, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

let server: SourceServer;
let http: HttpClient;
let clock: TestClock;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

beforeEach(async () => {
  server = await startSourceServer();
  http = httpClient([server.origin]);
  clock = testClock();
});

afterEach(async () => {
  http.close();
  await server.close();
});

function signer(auth: Auth, properties: Record<string, string>): Signer {
  let uuids = 0;
  return createSigner([auth], {
    values: (template) => (template.startsWith('{') ? properties[template.slice(1, -1)] : template),
    send: createTokenSend({
      http,
      errors: noRules,
      retry: everydayRetry,
      fill: (text) => text,
      clock,
      random: () => 1,
    }),
    now: () => clock.now(),
    newUuid: () => `uuid-${++uuids}`,
  });
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function headersOf(made: Signer): Promise<Readonly<Record<string, string>>> {
  return (await made.sign({ method: 'GET', url: server.url('/rows'), headers: {} })).headers;
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
  return 'none';
}

function form(request: SeenRequest | undefined): URLSearchParams {
  return new URLSearchParams(request?.body ?? '');
}

const token = (value: string, more: object = {}) =>
  json({ token_type: 'Bearer', expires_in: 3600, access_token: value, ...more });

describe('oauth2-jwt-bearer', () => {
  const grant = (): Auth => ({
    kind: 'oauth2-jwt-bearer',
    tokenUrl: server.url('/token').href,
    privateKey: '{key}',
    keyId: '{keyId}',
    algorithm: 'RS256',
    claims: { iss: '{account}', sub: 'admin@acme.example', scope: 'logs.read' },
    lifetimeSeconds: 300,
    parameters: {},
  });
  const properties = { key: pem(rsa.privateKey), keyId: 'k-1', account: 'feed@acme.example' };

  it('gives a signed assertion for a token (RFC 7523 §2.1)', async () => {
    server.on('/token', token('t-1'));
    expect((await headersOf(signer(grant(), properties)))['authorization']).toBe('Bearer t-1');
    const sent = form(server.requests[0]);
    expect(sent.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(sent.has('client_id')).toBe(false);
    const assertion = sent.get('assertion') ?? '';
    const { payload } = await jwtVerify(assertion, rsa.publicKey, {
      audience: server.url('/token').href,
      currentDate: clock.now(),
    });
    expect(payload).toMatchObject({ iss: 'feed@acme.example', sub: 'admin@acme.example', scope: 'logs.read' });
    expect(payload.jti).toBe('uuid-1');
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', kid: 'k-1', typ: 'JWT' });
  });

  it('asks again after a 401, with an assertion of its own', async () => {
    server.on('/token', token('t-1'), token('t-2'));
    const made = signer(grant(), properties);
    const refused = { method: 'GET' as const, url: server.url('/rows'), headers: await headersOf(made) };
    expect(made.renew(refused)).toBe(true);
    expect((await headersOf(made))['authorization']).toBe('Bearer t-2');
    expect(form(server.requests[0]).get('assertion')).not.toBe(form(server.requests[1]).get('assertion'));
  });

  it('exchanges the JWT as a bearer where the vendor does it so, and minds the end of the token', async () => {
    const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString();
    const first201 = { ...json({ token: 'ghs_1', expires_at: inAnHour }), status: 201 };
    server.on('/token', first201, json({ token: 'ghs_2' }));
    const exchange = { token: '/token', expires: '/expires_at', lifetimeSeconds: 3600 };
    const auth = { ...grant(), exchange } as Auth;
    const made = signer(auth, properties);
    expect((await headersOf(made))['authorization']).toBe('Bearer ghs_1');
    const [first] = server.requests;
    const jwt = (first?.headers['authorization'] ?? '').replace('Bearer ', '');
    await jwtVerify(jwt, rsa.publicKey, { currentDate: clock.now(), issuer: 'feed@acme.example' });
    await clock.sleep(3_500_000);
    expect((await headersOf(made))['authorization']).toBe('Bearer ghs_2');
    expect(made.secrets()).toEqual([properties.key, 'ghs_1', 'ghs_2']);
  });

  it('says so when the exchange answers no token', async () => {
    server.on('/token', json({ message: 'hello' }));
    const auth = { ...grant(), exchange: { token: '/token', lifetimeSeconds: 60 } } as Auth;
    expect(await codeOf(() => headersOf(signer(auth, properties)))).toBe('auth/bad-answer');
  });

  it('signs with an elliptic curve, from a JWK', async () => {
    server.on('/token', token('t-1'));
    const key = JSON.stringify(ec.privateKey.export({ format: 'jwk' }));
    await headersOf(signer({ ...grant(), algorithm: 'ES256' } as Auth, { ...properties, key }));
    await jwtVerify(form(server.requests[0]).get('assertion') ?? '', ec.publicKey, { currentDate: clock.now() });
  });

  it.each([
    ['nonsense', 'no key'],
    ['a JWK cut short', '{"kty":"RSA","n":"c2VjcmV0"'],
    ['an EC key for RS256', pem(ec.privateKey)],
    ['a short RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
  ])('refuses %s without showing it', async (_, key) => {
    const make = () => signer(grant(), { ...properties, key });
    expect(await codeOf(make)).toBe('auth/bad-key');
    expect(make).not.toThrow(/c2VjcmV0|BEGIN/);
  });
});

describe('oauth2-client-credentials with a private key', () => {
  it('proves itself by an assertion about itself', async () => {
    server.on('/token', token('t-1'));
    const auth: Auth = {
      kind: 'oauth2-client-credentials',
      tokenUrl: server.url('/token').href,
      clientId: 'app-1',
      clientSecret: '{secret}',
      privateKey: '{key}',
      keyId: '{keyId}',
      algorithm: 'RS256',
      sendSecret: 'post',
      scope: 'logs.read users.read',
      parameters: {},
    };
    await headersOf(signer(auth, { key: pem(rsa.privateKey) }));
    const sent = form(server.requests[0]);
    expect(sent.get('scope')).toBe('logs.read users.read');
    expect(sent.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    const { payload } = await jwtVerify(sent.get('client_assertion') ?? '', rsa.publicKey, {
      currentDate: clock.now(),
      audience: server.url('/token').href,
    });
    expect(payload).toMatchObject({ iss: 'app-1', sub: 'app-1', jti: 'uuid-1' });
    expect(typeof payload.exp).toBe('number');
  });
});

describe('oauth2-refresh-token', () => {
  const auth = (): Auth => ({
    kind: 'oauth2-refresh-token',
    tokenUrl: server.url('/token').href,
    clientId: 'app-1',
    clientSecret: '{secret}',
    sendSecret: 'post',
    refreshToken: '{refresh}',
    parameters: {},
  });
  const properties = { secret: 'hush-hush', refresh: 'r-0000' };

  it('gives the refresh token for an access token, and follows one that is rotated', async () => {
    server.on('/token', token('t-1', { refresh_token: 'r-1111' }), token('t-2'));
    const made = signer(auth(), properties);
    const headers = await headersOf(made);
    made.renew({ method: 'GET', url: server.url('/rows'), headers });
    expect((await headersOf(made))['authorization']).toBe('Bearer t-2');
    expect(server.requests.map((request) => form(request).get('refresh_token'))).toEqual(['r-0000', 'r-1111']);
    expect(form(server.requests[0]).get('grant_type')).toBe('refresh_token');
    expect(made.secrets()).toEqual(['hush-hush', 'r-0000', 'r-1111', 't-1', 't-2']);
  });

  it('needs no secret for a public client', async () => {
    server.on('/token', token('t-1'));
    await headersOf(signer(auth(), { refresh: 'r-0000' }));
    expect(form(server.requests[0]).get('client_id')).toBe('app-1');
    expect(form(server.requests[0]).has('client_secret')).toBe(false);
  });

  it('is refused with the reason', async () => {
    server.on('/token', { ...json({ error: 'invalid_grant' }), status: 400 });
    expect(await codeOf(() => headersOf(signer(auth(), properties)))).toBe('auth/refused');
  });
});

describe('session', () => {
  const login = (more: object): Auth => ({
    kind: 'session',
    loginUrl: server.url('/login').href,
    headers: { 'X-Client': 'sluice' },
    fields: { username: '{user}', password: '{password}' },
    send: 'json',
    header: { name: 'X-Auth', value: 'Session {token};' },
    lifetimeSeconds: 3600,
    ...more,
  });
  const properties = { user: 'feed', password: 'p&ss=word' };

  it('logs in once for all streams, and again after a 401', async () => {
    server.on('/login', json({ data: { id: 's-1' } }), json({ data: { id: 's-2' } }));
    const made = signer(login({ answer: { token: '/data/id', lifetimeSeconds: 60 } }), properties);
    const [one, two] = await Promise.all([headersOf(made), headersOf(made)]);
    expect([one['x-auth'], two['x-auth']]).toEqual(['Session s-1;', 'Session s-1;']);
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ username: 'feed', password: 'p&ss=word' });
    expect(server.requests[0]?.headers['x-client']).toBe('sluice');
    made.renew({ method: 'GET', url: server.url('/rows'), headers: one });
    expect((await headersOf(made))['x-auth']).toBe('Session s-2;');
    expect(made.secrets()).toEqual(['feed', 'p&ss=word', 's-1', 's-2']);
  });

  it('sends the fields as a form, and the cookie along', async () => {
    server.on(
      '/login',
      json({}, { 'set-cookie': 'lang=en; Expires=Wed, 09 Jun 2027 10:18:14 GMT, SID=abc123; Path=/; HttpOnly' }),
    );
    const made = signer(login({ send: 'form', cookie: 'SID' }), properties);
    expect((await headersOf(made))['cookie']).toBe('SID=abc123');
    expect(form(server.requests[0]).get('password')).toBe('p&ss=word');
  });

  it('says so when a login sets no such cookie', async () => {
    server.on('/login', json({}));
    expect(await codeOf(() => headersOf(signer(login({ cookie: 'SID' }), properties)))).toBe('auth/bad-answer');
  });

  it('is refused with the reason', async () => {
    server.on('/login', status(401));
    const auth = login({ answer: { token: '/id', lifetimeSeconds: 60 } });
    expect(await codeOf(() => headersOf(signer(auth, properties)))).toBe('auth/refused');
  });
});

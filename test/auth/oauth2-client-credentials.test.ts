import { constants, createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSigner } from '../../engine/auth/create-signer.ts';
import type { Signer } from '../../engine/auth/signer.ts';
import type { ClientCredentials, ErrorReading } from '../../engine/descriptor/descriptor.ts';
import { CannotRunError } from '../../engine/diagnostics/engine-error.ts';
import type { HttpClient } from '../../engine/fetch/http-client.ts';
import { createTokenSend } from '../../engine/fetch/send-for-token.ts';
import { makeCertificate } from '../support/certificate.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { everydayRetry, httpClient, noRules } from '../support/fetch-options.ts';
import {
  type Answer,
  html,
  json,
  type SeenRequest,
  type SourceServer,
  startSourceServer,
  status,
} from '../support/source-server.ts';

let server: SourceServer;
let http: HttpClient;
let clock: TestClock;
let uuids: number;

beforeEach(async () => {
  server = await startSourceServer();
  http = httpClient([server.origin]);
  clock = testClock();
  uuids = 0;
});

afterEach(async () => {
  http.close();
  await server.close();
});

const bare: ClientCredentials = {
  kind: 'oauth2-client-credentials',
  tokenUrl: '{tokenUrl}',
  clientId: '{clientId}',
  clientSecret: '{clientSecret}',
  clientCertificate: '{clientCertificate}',
  sendSecret: 'post',
  parameters: {},
  algorithm: 'RS256',
};

const everyday: ClientCredentials = { ...bare, scope: '{scope}', grantedClaim: 'roles' };

const secret = 'a~b.c+d= e&f';

type Setup = { auth?: ClientCredentials; properties?: Record<string, string>; errors?: ErrorReading };

function signer({ auth = everyday, properties = { clientSecret: secret }, errors = noRules }: Setup = {}): Signer {
  const all: Record<string, string> = {
    tokenUrl: server.url('/tenant/token').href,
    clientId: 'client-1',
    scope: 'https://api.example/.default',
    ...properties,
  };
  const fill = (template: string): string => template.replace('{clientId}', 'client-1');
  const send = createTokenSend({ http, errors, retry: everydayRetry, fill, clock, random: () => 1 });
  return createSigner([auth], {
    send,
    values: (template) => (template.startsWith('{') ? all[template.slice(1, -1)] : template),
    now: () => clock.now(),
    newUuid: () => `uuid-${++uuids}`,
  });
}

function token(value: string, more: object = {}): Answer {
  return json({ token_type: 'Bearer', expires_in: 3600, access_token: value, ...more });
}

const request = () => ({ method: 'GET', url: server.url('/users'), headers: {} }) as const;

async function tokenOf(made: Signer): Promise<string> {
  return (await made.sign(request())).headers['authorization'] ?? '';
}

async function failure(made: Signer): Promise<CannotRunError> {
  const error: unknown = await made.sign(request()).catch((thrown: unknown) => thrown);
  if (error instanceof CannotRunError) return error;
  throw new Error(`expected a CannotRunError, got ${String(error)}`);
}

const jwt = (claims: object): string =>
  ['{"alg":"none"}', JSON.stringify(claims), 'sig'].map((part) => Buffer.from(part).toString('base64url')).join('.');

describe('a refused token request', () => {
  const errors: ErrorReading = {
    ...noRules,
    codePointers: ['/error_codes', '/error'],
    messagePointers: ['/error_description'],
    rules: [
      { code: ['7001'], means: 'denied', message: 'The secret of {clientId} is wrong.', hint: 'Make a new one.' },
    ],
  };

  it('is told in the words of the rule that fits, and not repeated', async () => {
    server.on(
      '/tenant/token',
      status(401, {}, { error: 'invalid_client', error_codes: [7001], error_description: 'No.\r\nTrace: 1' }),
    );

    const error = await failure(signer({ errors }));

    expect(error).toMatchObject({ code: 'auth/refused', hint: 'Make a new one.' });
    expect(error.message).toBe(
      `There is no token to be had. The secret of client-1 is wrong. POST ${server.origin}/tenant/token answered 401, 7001: “No. Trace: 1”.`,
    );
    expect(server.requests).toHaveLength(1);
  });

  it('is told with address and status when no rule fits', async () => {
    server.on('/tenant/token', status(400, {}, { error: 'unheard_of' }));

    const error = await failure(signer({ errors }));

    expect(error.code).toBe('auth/refused');
    expect(error.message).toContain('answered 400, unheard_of');
    expect(error.hint).toBeDefined();
  });

  it.each(['post', 'basic'] as const)(
    'never shows the secret, even when the server sends it back (%s)',
    async (sendSecret) => {
      const echo = ({ body, headers }: SeenRequest): string => `${headers['authorization'] ?? ''} ${body} ${secret}`;
      server.on('/tenant/token', (seen) => status(400, {}, { error_description: echo(seen) }));

      const error = await failure(signer({ errors, auth: { ...everyday, sendSecret } }));

      expect(error.message).toContain('***');
      for (const shape of ['a~b', 'a%7Eb', server.requests[0]?.headers['authorization']?.slice(6) ?? 'none']) {
        expect(error.message).not.toContain(shape);
      }
    },
  );
});

describe('a token endpoint in trouble', () => {
  it.each([
    ['429', status(429, { 'retry-after': '3' })],
    ['503', html(503)],
    ['a dropped connection', { drop: true }],
  ])('is asked again: %s', async (_, trouble) => {
    server.on('/tenant/token', trouble, token('t1'));

    expect(await tokenOf(signer())).toBe('Bearer t1');
    expect(server.requests).toHaveLength(2);
  });

  it('is asked again when a rule says so', async () => {
    const rules = [{ code: ['busy'], means: 'retry', message: 'Busy.', hint: 'Wait.' }] as const;
    server.on('/tenant/token', status(400, {}, { error: 'busy' }), token('t1'));

    expect(await tokenOf(signer({ errors: { ...noRules, codePointers: ['/error'], rules } }))).toBe('Bearer t1');
  });

  it('for ever is called unreachable, naming the host', async () => {
    server.on('/tenant/token', status(503));

    const error = await failure(signer());

    expect(error.code).toBe('auth/unreachable');
    expect(error.message).toContain(server.origin);
    expect(server.requests).toHaveLength(4);
  });

  it('is not waited for longer than a minute', async () => {
    server.on('/tenant/token', status(429, { 'retry-after': '61' }));

    expect((await failure(signer())).message).toContain('asked to wait 61 s');
    expect(clock.sleeps).toEqual([]);
  });

  it('that cannot be reached is named', async () => {
    const gone = await startSourceServer();
    await gone.close();
    http = httpClient([gone.origin]);

    const error = await failure(signer({ properties: { tokenUrl: gone.url('/token').href, clientSecret: secret } }));

    expect(error.code).toBe('auth/unreachable');
    expect(error.message).toContain(`${gone.origin}/token failed: the connection was refused`);
  });
});

describe('an answer that is no token', () => {
  it.each<[string, Answer]>([
    ['HTML', html()],
    ['HTML with an error status', html(403)],
    ['empty', { body: '' }],
    ['without a token', json({ token_type: 'Bearer' })],
    ['without a type', json({ access_token: 'hush' })],
    ['of another type', token('hush', { token_type: 'mac' })],
    ['bound to a key', token('hush', { token_type: 'DPoP' })],
    ['with a token that fits in no header', token('hu\nsh')],
    ['with a lifetime that is none', token('hush', { expires_in: 'soon' })],
    ['a redirect elsewhere', { status: 302, headers: { location: 'https://evil.example/' } }],
    ['too large', json('x'.repeat(21_000_000))],
  ])('is a bad answer: %s', async (_, answer) => {
    server.on('/tenant/token', answer);

    const error = await failure(signer());

    expect(error.code).toBe('auth/bad-answer');
    expect(error.message).toContain(server.origin);
    expect(`${error.message}${error.hint ?? ''}`).not.toContain('hush');
  });
});

it('a redirect elsewhere is explained by a rule for its status', async () => {
  server.on('/tenant/token', { status: 308, headers: { location: 'https://eu.vendor.example/token?ticket=hush' } });
  const rule = {
    status: [308],
    means: 'failed' as const,
    message: 'The tenant lives in another region.',
    hint: 'Set region.',
  };

  const error = await failure(signer({ errors: { ...noRules, rules: [rule] } }));

  expect(error.message).toContain('redirects to https://eu.vendor.example; nothing was sent there. The tenant lives');
  expect(error.hint).toBe('Set region.');
  expect(server.requests).toHaveLength(1);
});

describe('credentials that are not there', () => {
  it('are told before anything is sent', () => {
    expect(() => signer({ properties: {} })).toThrow(/\{clientSecret\} or \{clientCertificate\} has no value/);
    expect(() => signer({ properties: { clientSecret: '' } })).toThrow(CannotRunError);
    expect(() => signer({ properties: { clientSecret: secret, clientId: '' } })).toThrow(/\{clientId\} has no value/);
  });

  it('include a certificate that cannot be read', () => {
    expect(() => signer({ properties: { clientCertificate: 'hush' } })).toThrow(/no PEM/);
  });
});

describe('one token for all streams', () => {
  it('is asked for once, however many wait for it', async () => {
    server.on('/tenant/token', token('t1'), token('t2'));
    const made = signer();

    const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => tokenOf(made)));

    expect(new Set(tokens)).toEqual(new Set(['Bearer t1']));
    expect(server.requests).toHaveLength(1);
  });

  it('is asked for again after a failure', async () => {
    server.on('/tenant/token', status(400), token('t1'));
    const made = signer();

    await failure(made);

    expect(await tokenOf(made)).toBe('Bearer t1');
  });

  it.each([
    [3600, 3600 - 300],
    ['3600', 3600 - 300],
    [600, 540],
    [undefined, 3600 - 300],
  ])('is renewed before it ends: a life of %s', async (expires_in, renewedAfterSeconds) => {
    server.on('/tenant/token', token('t1', { expires_in }), token('t2', { expires_in }));
    const made = signer();
    await tokenOf(made);

    clock.advance(renewedAfterSeconds * 1000 - 1);
    const before = await tokenOf(made);
    clock.advance(1);
    const after = await tokenOf(made);

    expect([before, after]).toEqual(['Bearer t1', 'Bearer t2']);
  });

  it('is renewed after a 401, once, though several streams report it', async () => {
    server.on('/tenant/token', token('t1'), token('t2'), token('t3'));
    const made = signer();
    const [one, other] = await Promise.all([made.sign(request()), made.sign(request())]);

    expect(made.renew(one)).toBe(true);
    const renewed = await tokenOf(made);
    expect(made.renew(other)).toBe(true);
    const later = await tokenOf(made);

    expect([renewed, later]).toEqual(['Bearer t2', 'Bearer t2']);
    expect(server.requests).toHaveLength(2);
  });

  it('and all those before it are secrets', async () => {
    server.on('/tenant/token', token('t1'), token('t2'));
    const made = signer();
    made.renew(await made.sign(request()));
    await made.sign(request());

    expect(made.secrets()).toEqual([secret, 't1', 't2']);
  });
});

describe('a client with a secret', () => {
  it('sends it as a form field, encoded', async () => {
    server.on('/tenant/token', token('t1'));

    await tokenOf(signer({ auth: { ...everyday, parameters: { audience: 'https://api.example/' } } }));

    expect(server.requests[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded');
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
    expect(server.requests[0]?.form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-1',
      client_secret: secret,
      scope: 'https://api.example/.default',
      audience: 'https://api.example/',
    });
  });

  it('leaves a further field out for which the operator gave no value', async () => {
    server.on('/tenant/token', token('t1'));
    const auth = { ...everyday, parameters: { audience: 'https://api.example/', member: '{member}' } };

    await tokenOf(signer({ auth }));
    await tokenOf(signer({ auth, properties: { clientSecret: secret, member: 'm-7' } }));

    expect(server.requests.map(({ form }) => form['member'])).toEqual([undefined, 'm-7']);
    expect(server.requests[0]?.form['audience']).toBe('https://api.example/');
  });

  it('or as HTTP Basic, each part encoded as a form field first', async () => {
    server.on('/tenant/token', token('t1'));

    await tokenOf(signer({ auth: { ...everyday, sendSecret: 'basic' } }));

    const sent = server.requests[0]?.headers['authorization']?.replace('Basic ', '') ?? '';
    const [id, password = ''] = Buffer.from(sent, 'base64').toString().split(':');
    expect(id).toBe('client%2D1');
    expect(new URLSearchParams(`p=${password}`).get('p')).toBe(secret);
    expect(server.requests[0]?.form['client_secret']).toBeUndefined();
  });

  it('leaves out the scope where the descriptor has none', async () => {
    server.on('/tenant/token', token('t1'));
    await tokenOf(signer({ auth: bare }));

    expect(server.requests[0]?.form['scope']).toBeUndefined();
  });
});

describe('a client with a certificate', () => {
  const { certificate, key, privateKey } = makeCertificate();
  const properties = { clientCertificate: certificate + key, clientSecret: secret };

  const part = (assertion: string, index: number): unknown =>
    JSON.parse(Buffer.from(assertion.split('.')[index] ?? '', 'base64url').toString());

  it('proves itself with an assertion signed PS256, and keeps its secret to itself', async () => {
    server.on('/tenant/token', token('t1'));

    await tokenOf(signer({ properties }));

    const { client_assertion = '', ...form } = server.requests[0]?.form as Record<string, string>;
    const [header = '', claims = '', signature = ''] = client_assertion.split('.');
    const publicKey = createPublicKey(privateKey);
    const pss = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify('sha256', Buffer.from(`${header}.${claims}`), pss, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-1',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: 'https://api.example/.default',
    });
  });

  it('names the certificate, the client and the endpoint, for less than ten minutes', async () => {
    server.on('/tenant/token', token('t1'));

    await tokenOf(signer({ properties }));

    const assertion = server.requests[0]?.form['client_assertion'] ?? '';
    const now = Math.floor(clock.now().getTime() / 1000);
    expect(part(assertion, 0)).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(part(assertion, 1)).toEqual({
      aud: server.url('/tenant/token').href,
      iss: 'client-1',
      sub: 'client-1',
      jti: 'uuid-1',
      iat: now,
      nbf: now,
      exp: now + 540,
    });
  });

  it('makes a new assertion for every token', async () => {
    server.on('/tenant/token', token('t1'), token('t2'));
    const made = signer({ properties });
    made.renew(await made.sign(request()));
    await made.sign(request());

    const ids = server.requests.map(({ form }) => part(form['client_assertion'] ?? '', 1));
    expect(ids).toMatchObject([{ jti: 'uuid-1' }, { jti: 'uuid-2' }]);
  });

  it('counts the whole PEM text as a secret', () => {
    expect(signer({ properties }).secrets()).toEqual([certificate + key]);
  });
});

describe('what a token grants', () => {
  it.each([
    ['a list', jwt({ roles: ['Reports.Read', 'Devices.Read'] }), ['Reports.Read', 'Devices.Read']],
    ['words', jwt({ roles: 'a b' }), ['a', 'b']],
    ['nothing', jwt({ aud: 'x' }), []],
    ['a token that does not say', 'opaque', undefined],
    ['a token that only looks like one', 'a.b.c', undefined],
    [
      'a token whose claims are no object',
      jwt([]).replace(/\..*\./, `.${Buffer.from('null').toString('base64url')}.`),
      undefined,
    ],
  ])('%s', async (_, value, expected) => {
    server.on('/tenant/token', token(value));

    expect(await signer().granted()).toEqual(expected);
  });

  it('is not asked where the descriptor names no claim', async () => {
    expect(await signer({ auth: bare }).granted()).toBeUndefined();
    expect(server.requests).toEqual([]);
  });
});

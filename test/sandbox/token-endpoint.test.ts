import { constants, createHash, randomUUID, sign, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../engine/sandbox/start-sandbox.ts';
import { askForToken, connect, type Form, openSandbox, paths } from './entra-sandbox.ts';
import { certificate, privateKey } from './test-certificate.ts';

describe('refused credentials', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const cases: readonly [string, Form, Parameters<typeof askForToken>[2], number, string, number][] = [
    ['a wrong secret', { client_secret: 'not~it' }, {}, 401, 'invalid_client', 7000215],
    ['no secret and no assertion', { client_secret: undefined }, {}, 401, 'invalid_client', 7000218],
    ['an unknown tenant', {}, { tenantId: randomUUID() }, 400, 'invalid_request', 90002],
    ['a tenant that is neither GUID nor domain', {}, { tenantId: 'my tenant' }, 400, 'invalid_request', 900023],
    ['an unknown application', { client_id: randomUUID() }, {}, 400, 'unauthorized_client', 700016],
    ['a scope without /.default', { scope: 'https://source.example/Read' }, {}, 400, 'invalid_scope', 1002012],
    ['a scope of two resources', { scope: 'a/.default b/.default' }, {}, 400, 'invalid_scope', 70011],
    ['a scope of another resource', { scope: 'https://else.example/.default' }, {}, 400, 'invalid_resource', 500011],
    ['no grant type', { grant_type: undefined }, {}, 400, 'invalid_request', 900144],
    ['no client id', { client_id: undefined }, {}, 400, 'invalid_request', 900144],
    ['no scope', { scope: undefined }, {}, 400, 'invalid_request', 900144],
    ['another grant type', { grant_type: 'password' }, {}, 400, 'unsupported_grant_type', 70003],
    ['a body that is no form', {}, { headers: { 'content-type': 'application/json' } }, 400, 'invalid_request', 900144],
  ];

  it.each(cases)('answers %s with the vendor’s own error', async (_, fields, how, status, error, code) => {
    const sandbox = await openSandbox();

    const refused = await askForToken(sandbox, fields, { ...how, headers: { ...form, ...how?.headers } });

    expect(refused.status).toBe(status);
    expect(refused.body).toMatchObject({ error, error_codes: [code] });
  });

  it('says that an expired secret has expired, but only to who knows it', async () => {
    const sandbox = await openSandbox({ credentials: { secretExpired: true } });

    const right = await askForToken(sandbox);
    const wrong = await askForToken(sandbox, { client_secret: 'not~it' });

    expect(right.body.error_codes).toEqual([7000222]);
    expect(wrong.body.error_codes).toEqual([7000215]);
  });

  it('words an error as the vendor does: trace lines, a timestamp with a space, ids', async () => {
    const sandbox = await openSandbox({ now: () => new Date('2026-03-04T05:06:07.891Z') });

    const { body } = await askForToken(sandbox, { client_secret: 'not~it' });

    expect(Object.keys(body)).toEqual([
      'error',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      'error_uri',
    ]);
    expect(body.timestamp).toBe('2026-03-04 05:06:07Z');
    expect(body.error_description).toMatch(
      /^AADSTS7000215: .+ Trace ID: [0-9a-f-]{36}\r\nCorrelation ID: [0-9a-f-]{36}\r\nTimestamp: 2026-03-04 05:06:07Z$/,
    );
  });
});

const granted = [
  'AuditLog.Read.All',
  'Device.Read.All',
  'Reports.Read.All',
  'User.Read.All',
  'Policy.Read.All',
  'Policy.Read.AuthenticationMethod',
  'IdentityRiskyUser.Read.All',
];

describe('a token', () => {
  it('is given for the secret in the form', async () => {
    const sandbox = await openSandbox();

    const { status, body } = await askForToken(sandbox);

    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 });
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: sandbox.origin,
      appid: sandbox.connection['clientId'],
      appidacr: '1',
      roles: granted,
    });
  });

  it('is given for the secret by HTTP Basic, form-encoded', async () => {
    const sandbox = await openSandbox();
    const { clientId = '', clientSecret = '' } = sandbox.connection;
    const basic = Buffer.from(`${clientId}:${encodeURIComponent(clientSecret)}`).toString('base64');

    const { status } = await askForToken(
      sandbox,
      { client_id: undefined, client_secret: undefined },
      { headers: { authorization: `Basic ${basic}` } },
    );

    expect(status).toBe(200);
  });

  it('has no roles claim when nothing was granted', async () => {
    const sandbox = await openSandbox({ without: granted });

    const { body } = await askForToken(sandbox);

    expect(claimsOf(body.access_token)).not.toHaveProperty('roles');
  });

  it('stops working when its lifetime is over', async () => {
    let now = new Date('2026-03-04T05:06:07Z');
    const sandbox = await openSandbox({ now: () => now, tokenLifetimeSeconds: 60 });
    const client = await connect(sandbox);

    const before = await client(paths.devices);
    now = new Date('2026-03-04T05:07:08Z');
    const after = await client(paths.devices);

    expect(before.status).toBe(200);
    expect(after.status).toBe(401);
    expect(after.body.error.code).toBe('InvalidAuthenticationToken');
  });

  it('of another sandbox, or changed by hand, is refused', async () => {
    const [mine, other] = [await openSandbox(), await openSandbox()];
    const client = await connect(other);
    const { body } = await askForToken(mine);
    const changed = `${body.access_token.slice(0, -4)}AAAA`;

    const foreign = await client(`${mine.origin}${paths.devices}`);
    const forged = await client(`${mine.origin}${paths.devices}`, { authorization: `Bearer ${changed}` });

    expect([foreign.status, forged.status]).toEqual([401, 401]);
  });
});

describe('a client assertion', () => {
  it('signed by a registered certificate gives a token', async () => {
    const sandbox = await openSandbox({ credentials: { certificates: [certificate] } });

    const { status, body } = await askWithAssertion(sandbox, {});

    expect(status).toBe(200);
    expect(claimsOf(body.access_token)).toMatchObject({ appidacr: '2' });
  });

  it('is refused where no certificate is registered', async () => {
    const { status, body } = await askWithAssertion(await openSandbox(), {});

    expect(status).toBe(401);
    expect(body.error_codes).toEqual([700027]);
  });

  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  const wrongs: readonly [string, Parameters<typeof askWithAssertion>[1], number][] = [
    ['without a thumbprint', { header: { 'x5t#S256': undefined } }, 700027],
    ['with another thumbprint', { header: { 'x5t#S256': 'A'.repeat(43) } }, 700027],
    ['that says RS256', { header: { alg: 'RS256' } }, 700027],
    ['signed with PKCS#1 padding', { padding: constants.RSA_PKCS1_PADDING }, 700027],
    ['changed after signing', { claims: { iss: 'x' }, signBefore: true }, 700027],
    ['that has expired', { claims: { exp: now - hour } }, 700024],
    ['that is not valid yet', { claims: { nbf: now + hour } }, 700024],
    ['for another audience', { claims: { aud: 'https://else.example/token' } }, 700023],
    ['of another issuer', { claims: { iss: randomUUID() } }, 700023],
    ['about another subject', { claims: { sub: randomUUID() } }, 700023],
    ['without a jti', { claims: { jti: undefined } }, 700023],
  ];

  it.each(wrongs)('%s is refused', async (_, change, code) => {
    const sandbox = await openSandbox({ credentials: { certificates: [certificate] } });

    const { status, body } = await askWithAssertion(sandbox, change);

    expect(status).toBe(401);
    expect(body.error_codes).toEqual([code]);
  });

  it('that is no JWT is refused', async () => {
    const sandbox = await openSandbox({ credentials: { certificates: [certificate] } });

    const { body } = await askForToken(sandbox, { ...assertionForm, client_assertion: 'a.b' });

    expect(body.error_codes).toEqual([700027]);
  });
});

const assertionForm = {
  client_secret: undefined,
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
};

type Change = {
  readonly header?: object;
  readonly claims?: object;
  readonly padding?: number;
  readonly signBefore?: boolean;
};

/** A client assertion made by hand, so that it shares nothing with the engine's. */
function askWithAssertion(sandbox: Sandbox, { header, claims, padding, signBefore = false }: Change) {
  const { tenantId = '', clientId } = sandbox.connection;
  const seconds = Math.floor(Date.now() / 1000);
  const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
  const goodHeader = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint };
  const aud = `${sandbox.origin}/${tenantId}/oauth2/v2.0/token`;
  const good = { aud, iss: clientId, sub: clientId, jti: randomUUID(), nbf: seconds, iat: seconds, exp: seconds + 300 };
  const sent = `${encode({ ...goodHeader, ...header })}.${encode({ ...good, ...claims })}`;
  const signed = signBefore ? `${encode(goodHeader)}.${encode(good)}` : sent;
  const signature = sign('sha256', Buffer.from(signed), {
    key: privateKey,
    padding: padding ?? constants.RSA_PKCS1_PSS_PADDING,
    ...(padding === undefined && { saltLength: 32 }),
  });
  return askForToken(sandbox, {
    ...assertionForm,
    client_assertion: `${sent}.${signature.toString('base64url')}`,
  });
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function claimsOf(token: string): object {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  if (typeof claims !== 'object' || claims === null) throw new TypeError('The token holds no claims.');
  return claims;
}

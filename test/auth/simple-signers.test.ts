import { describe, expect, it } from 'vitest';
import { createSigner } from '../../engine/auth/create-signer.ts';
import type { Signer } from '../../engine/auth/signer.ts';
import type { Auth } from '../../engine/descriptor/descriptor.ts';
import { CannotRunError } from '../../engine/diagnostics/engine-error.ts';

const request = {
  method: 'GET',
  url: new URL('https://api.example/users?$top=1&a=b%20c'),
  headers: { accept: 'x' },
} as const;

function signer(auth: Auth | Auth[], properties: Record<string, string> = {}): Signer {
  return createSigner([auth].flat(), {
    values: (template) => properties[template.slice(1, -1)],
    send: () => Promise.reject(new Error('nobody should ask for a token')),
    now: () => new Date(),
    newUuid: () => 'made-up',
  });
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CannotRunError) return error.code;
    throw error;
  }
  return 'none';
}

const bearer: Auth = { kind: 'bearer', token: '{token}' };
const inHeader: Auth = { kind: 'api-key', in: 'header', name: 'X-Api-Key', value: '{key}' };
const inQuery: Auth = { kind: 'api-key', in: 'query', name: 'api_key', value: '{key}' };
const basic: Auth = { kind: 'basic', username: '{user}', password: '{password}' };

describe('credentials that cannot be used', () => {
  it('are missing', () => {
    expect(codeOf(() => signer(bearer))).toBe('connection/missing-property');
    expect(codeOf(() => signer(inQuery, { key: '' }))).toBe('connection/missing-property');
    expect(codeOf(() => signer(basic, { user: 'ada' }))).toBe('connection/missing-property');
  });

  it.each(['hush\r\nX-Injected: 1', 'hush\n', ' hush', 'hush ', 'h\u0000ush', 'hüsh'])(
    'do not fit in a header, and are not shown: %j',
    (key) => {
      expect(codeOf(() => signer(inHeader, { key }))).toBe('connection/wrong-value');
      expect(codeOf(() => signer(bearer, { token: key }))).toBe('connection/wrong-value');
      expect(() => signer(inHeader, { key })).not.toThrow(/sh/);
    },
  );

  it('are a user name with a colon, which would end it', () => {
    expect(codeOf(() => signer(basic, { user: 'a:b', password: 'hush' }))).toBe('connection/wrong-value');
  });
});

describe('several ways to authorise', () => {
  it('are told all where none of them has what it needs', () => {
    expect(codeOf(() => signer([inHeader, basic], { user: 'ada' }))).toBe('connection/missing-property');
    expect(() => signer([inHeader, basic], { user: 'ada' })).toThrow(/\{key\}.*\{password\}/);
  });

  it('do not fall back on the next where a credential is there and cannot be used', () => {
    expect(codeOf(() => signer([bearer, inHeader], { token: 'hush\n', key: 'hush' }))).toBe('connection/wrong-value');
  });

  it('leave the choice to the connection, the first that is whole', async () => {
    const key = signer([bearer, inHeader], { key: 'hush' });
    const both = signer([bearer, inHeader], { key: 'hush', token: 'hush-hush' });

    expect((await key.sign(request)).headers).toEqual({ accept: 'x', 'x-api-key': 'hush' });
    expect((await both.sign(request)).headers).toEqual({ accept: 'x', authorization: 'Bearer hush-hush' });
  });
});

describe('none', () => {
  it('sends the request as it is', async () => {
    const none = signer({ kind: 'none' });

    expect(await none.sign(request)).toEqual(request);
    expect(none.secrets()).toEqual([]);
  });
});

describe('an API key', () => {
  it('goes into the header named', async () => {
    const signed = await signer(inHeader, { key: 'hush' }).sign(request);

    expect(signed.headers).toEqual({ accept: 'x', 'x-api-key': 'hush' });
    expect(signed.url.href).toBe(request.url.href);
  });

  it('goes into the query, and leaves the rest of it byte for byte', async () => {
    const signed = await signer(inQuery, { key: 'hu+sh &' }).sign(request);

    expect(signed.url.href).toBe(`${request.url.href}&api_key=hu%2Bsh%20%26`);
    expect(request.url.href).not.toContain('api_key');
  });

  it('replaces the one that a next link brings along', async () => {
    const url = new URL('https://api.example/users?api_key=hush&page=2');

    const signed = await signer(inQuery, { key: 'hush' }).sign({ ...request, url });

    expect(signed.url.search).toBe('?page=2&api_key=hush');
  });
});

describe('a bearer token', () => {
  it('goes into the Authorization header', async () => {
    const signed = await signer(bearer, { token: 'hush' }).sign(request);

    expect(signed.headers['authorization']).toBe('Bearer hush');
  });

  it('cannot be renewed, and says nothing of what it grants', async () => {
    const made = signer(bearer, { token: 'hush' });

    expect(made.renew(request)).toBe(false);
    expect(await made.granted()).toBeUndefined();
    expect(made.secrets()).toContain('hush');
  });
});

describe('basic authentication', () => {
  it('is written in UTF-8; the password may hold colons', async () => {
    const made = signer(basic, { user: 'ada', password: 'hü:sh' });

    const { authorization = '' } = (await made.sign(request)).headers as { authorization?: string };

    expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8')).toBe('ada:hü:sh');
    expect(made.secrets()).toEqual(['hü:sh', authorization.replace('Basic ', '')]);
  });
});

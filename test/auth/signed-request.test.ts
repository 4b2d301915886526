import { describe, expect, it } from 'vitest';
import { canonicalQuery } from '../../engine/auth/canonical-query.ts';
import { createSigner } from '../../engine/auth/create-signer.ts';
import type { Signer } from '../../engine/auth/signer.ts';
import type { SignedRequest } from '../../engine/descriptor/descriptor.ts';

/** The two ways of the Duo Admin API, with test vectors made by the vendor's reference code (invented keys). */
const properties: Record<string, string> = {
  ikey: 'DIFACTSHEET000000000',
  skey: '0123456789abcdefghij0123456789ABCDEFGHIJ',
};

const fiveLines: SignedRequest = {
  kind: 'signed-request',
  algorithm: 'sha1',
  key: '{skey}',
  encoding: 'hex',
  sign: ['{date}', '{method}', '{host}', '{path}', '{query}'],
  date: { header: 'Date', format: 'rfc2822' },
  signedHeaders: [],
  header: { name: 'Authorization', value: ['{ikey}', '{signature}'] },
};

const sevenLines: SignedRequest = {
  ...fiveLines,
  algorithm: 'sha512',
  sign: [...fiveLines.sign, '{body.sha512}', '{headers.sha512}'],
};

const users = 'https://API-1A2B3C4D.duosecurity.com/admin/v1/users?offset=0&limit=300';
const log =
  'https://api-1a2b3c4d.duosecurity.com/admin/v2/logs/authentication?sort=ts:asc&mintime=1773133200000&maxtime=1773134880000&limit=1000&next_offset=1773133500123,0b7e6c1a-2f43-4d58-9a10-6f2d3c4b5a69';
const search = `https://api-1a2b3c4d.duosecurity.com/admin/v1/users?username=${encodeURIComponent("zoë o'neil (test)*+~")}`;

function signer(auth: SignedRequest, now = '2026-03-10T09:30:00Z'): Signer {
  return createSigner([auth], {
    values: (template) => properties[template.slice(1, -1)],
    send: () => Promise.reject(new Error('nobody should ask for a token')),
    now: () => new Date(now),
    newUuid: () => 'made-up',
  });
}

async function signed(auth: SignedRequest, url: string, now?: string) {
  return signer(auth, now).sign({ method: 'GET', url: new URL(url), headers: { accept: 'application/json' } });
}

async function signatureOf(auth: SignedRequest, url: string): Promise<string> {
  const { headers } = await signed(auth, url);
  const pair = Buffer.from((headers['authorization'] ?? '').replace('Basic ', ''), 'base64').toString();
  return pair.replace('DIFACTSHEET000000000:', '');
}

describe('a signed request', () => {
  it.each([
    ['five lines, SHA-1', fiveLines, users, '909fb61d91e371c84674c39fe8976f8aa686487d'],
    ['sorted and encoded parameters', fiveLines, log, 'cf2c7cee78d878c137105d44ab0dccfd65419d99'],
    ['characters JavaScript leaves alone', fiveLines, search, '649070aeb09bccfa17886cec734da7a29cd490ad'],
    [
      'five lines, SHA-512',
      { ...fiveLines, algorithm: 'sha512' } as const,
      users,
      'ddbbb0395e9f6aebaaa58fd9c75699defc90d851d271a8f64906a30de0b7d795b17ca45c39ce9ba6e3aeb220eb08613309d2aaefa981599d2415b1c0d10de2f2',
    ],
    [
      'seven lines with digests of an empty body and no header',
      sevenLines,
      users,
      'a1b02860777efda355a143ace2dca2f42b288ea84c583baec79b62f8521ecca0e790fb1a5387e3c9da9552c1c9daf110f26c9563932674bbe55bd7887eca32ae',
    ],
    [
      'seven lines and a date header that is signed itself',
      { ...sevenLines, date: { header: 'X-Duo-Date', format: 'rfc2822' }, signedHeaders: ['X-Duo-Date'] } as const,
      users,
      'cc72f95e93324cb245fd28e56137b75e14ec4a9cf720bc19d2aa2913a0e6ee39b1e1951fd974fd0a6bb2127fe4597cf4cd50728ecb843379b1839181fe80ea7c',
    ],
    [
      'seven lines over a long query',
      sevenLines,
      log,
      '0a3fd321e99ce662bbb68972f082e430a0d02379a8c24270ecda6d5f0c69835087d7107cad028574b51a03936db01bea5fb5c399097dbb16e086e4018e58ecf8',
    ],
    [
      'seven lines over text of all kinds',
      sevenLines,
      search,
      '077331728dad0e6eef7e56d30ee72052785117492711a0b461b94f7e10376aa365326ad5f9530efe44f425aef7afbc56054a3a8ccca079b4e24f2936c5c7cda7',
    ],
  ])('agrees with the vendor: %s', async (_, auth, url, expected) => {
    expect(await signatureOf(auth, url)).toBe(expected);
  });

  it('is sent as HTTP Basic with the date it was signed with', async () => {
    const { headers } = await signed(fiveLines, users);
    expect(headers['authorization']).toBe(
      'Basic RElGQUNUU0hFRVQwMDAwMDAwMDA6OTA5ZmI2MWQ5MWUzNzFjODQ2NzRjMzlmZTg5NzZmOGFhNjg2NDg3ZA==',
    );
    expect(headers['date']).toBe('Tue, 10 Mar 2026 09:30:00 -0000');
  });

  it('sends the very query it signed', async () => {
    const { url } = await signed(fiveLines, log);
    expect(url.search).toBe(
      '?limit=1000&maxtime=1773134880000&mintime=1773133200000&next_offset=1773133500123%2C0b7e6c1a-2f43-4d58-9a10-6f2d3c4b5a69&sort=ts%3Aasc',
    );
  });

  it('is made anew for every try', async () => {
    const first = await signed(fiveLines, users, '2026-03-10T09:30:00Z');
    const second = await signed(fiveLines, users, '2026-03-10T09:30:01Z');
    expect(second.headers['authorization']).not.toBe(first.headers['authorization']);
  });

  it('goes into any header, in base64 where the vendor wants it', async () => {
    const auth: SignedRequest = {
      ...fiveLines,
      algorithm: 'sha256',
      encoding: 'base64',
      date: { header: 'X-Time', format: 'epoch-ms' },
      header: { name: 'X-Signature', value: 'v1 {ikey}:{signature}' },
    };
    const { headers } = await signed(auth, users);
    expect(headers['x-time']).toBe('1773135000000');
    expect(headers['x-signature']).toMatch(/^v1 DIFACTSHEET000000000:[A-Za-z0-9+/]{43}=$/);
  });

  it('does not take braces in a request for placeholders', async () => {
    const auth: SignedRequest = { ...fiveLines, sign: ['{body}'] };
    const request = {
      method: 'POST' as const,
      url: new URL('https://api.example/x'),
      headers: {},
      body: '{skey} {nothing}',
    };
    const plain = { ...request, body: 'other' };
    const made = signer(auth);
    expect((await made.sign(request)).headers).not.toEqual((await made.sign(plain)).headers);
  });

  it('keeps its key a secret, and takes a 401 as final', () => {
    const made = signer(fiveLines);
    expect(made.secrets()).toEqual([properties['skey']]);
    expect(made.renew({ method: 'GET', url: new URL(users), headers: {} })).toBe(false);
  });
});

describe('the canonical query', () => {
  it.each([
    ['?b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['foo_bar=1&foo=2', 'foo=2&foo_bar=1'],
    ['q=a+b&r=a%20b', 'q=a%20b&r=a%20b'],
    ['flag', 'flag='],
    ['x=a%3Db=c', 'x=a%3Db%3Dc'],
    ['p=100%', 'p=100%25'],
    ['', ''],
  ])('of %j is %j', (search, expected) => {
    expect(canonicalQuery(search)).toBe(expected);
  });
});

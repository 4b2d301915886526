import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CannotRunError } from '../../engine/diagnostics/engine-error.ts';
import { buildUrl, type UrlParts } from '../../engine/fetch/build-url.ts';

const everyday = { baseUrl: 'https://api.example/{apiVersion}', path: '/users/{id}', query: {} };

function build(parts: Partial<UrlParts>, values: Record<string, string> = {}): string {
  return buildUrl({ ...everyday, ...parts }, (name) => ({ apiVersion: 'v1.0', id: '7', ...values })[name]).href;
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

describe('values that would lead elsewhere', () => {
  it.each(['..', '.', ''])('are refused in a path: %j', (id) => {
    expect(codeOf(() => build({}, { id }))).toBe('connection/wrong-value');
  });

  it('are harmless in a path when they are already encoded, since the percent sign is encoded again', () => {
    expect(build({}, { id: '%2e%2e' })).toBe('https://api.example/v1.0/users/%252e%252e');
  });

  it('are refused in a path when only several of them make it climb', () => {
    expect(codeOf(() => build({ path: '/users/{a}{b}/x' }, { a: '.', b: '.' }))).toBe('connection/wrong-value');
  });

  it.each(['evil.example/', 'evil.example#', 'x@evil.example', 'a?b', 'a\\b', '', 'evil.example/..'])(
    'are refused in a host name: %j',
    (region) => {
      expect(codeOf(() => build({ baseUrl: 'https://{region}.api.example' }, { region }))).toBe(
        'connection/wrong-value',
      );
    },
  );

  it.each([
    'https://me:pw@api.example',
    'https://api.example/?a=b',
    'https://api.example/#x',
    'ftp://api.example',
    'nonsense',
  ])('are refused as a base address: %s', (url) => {
    expect(codeOf(() => build({ baseUrl: '{url}/v1' }, { url }))).toBe('connection/wrong-value');
  });

  it('cannot leave their place in the path, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 1 }), fc.webUrl(), fc.constantFrom('//', '/@x', '?a', '#b')),
        (id) => {
          fc.pre(!/^\.\.?$/.test(id));
          const url = new URL(build({ path: '/users/{id}/keys' }, { id }));

          expect(url.origin).toBe('https://api.example');
          expect(url.search + url.hash).toBe('');
          const [, ...segments] = url.pathname.split('/');
          expect(segments.map(decodeURIComponent)).toEqual(['v1.0', 'users', id, 'keys']);
        },
      ),
    );
  });
});

describe('slips of the descriptor', () => {
  it('a placeholder without a value is an error', () => {
    expect(codeOf(() => build({ path: '/{nobody}' }))).toBe('descriptor/unknown-placeholder');
    expect(codeOf(() => build({ query: { a: '{nobody}' } }))).toBe('descriptor/unknown-placeholder');
    expect(codeOf(() => build({ baseUrl: '{nobody}' }))).toBe('descriptor/unknown-placeholder');
  });

  it('a query inside the path is an error', () => {
    expect(codeOf(() => build({ path: '/users?$top=1' }))).toBe('descriptor/wrong-value');
  });

  it('a path that climbs is an error', () => {
    expect(codeOf(() => build({ path: '/../admin' }))).toBe('connection/wrong-value');
    expect(codeOf(() => build({ path: '/%2E%2e/admin' }))).toBe('connection/wrong-value');
  });
});

describe('the path', () => {
  it('stands behind that of the base address, with one slash between', () => {
    expect(build({ baseUrl: '{url}/{apiVersion}/', path: 'users' }, { url: 'https://api.example:8443/graph/' })).toBe(
      'https://api.example:8443/graph/v1.0/users',
    );
  });

  it('encodes values, quotes and all', () => {
    expect(build({}, { id: "O'Brien & (sons)/50% ü" })).toBe(
      'https://api.example/v1.0/users/O%27Brien%20%26%20%28sons%29%2F50%25%20%C3%BC',
    );
  });

  it("keeps the descriptor's own text where it is legal", () => {
    expect(build({ path: "/report(kind='{id}',days=7)/$count/a%20b" })).toBe(
      "https://api.example/v1.0/report(kind='7',days=7)/$count/a%20b",
    );
  });

  it("encodes the descriptor's own text where it is not", () => {
    expect(build({ path: '/my users/50%/ü' })).toBe('https://api.example/v1.0/my%20users/50%25/%C3%BC');
  });
});

describe('the query', () => {
  it('keeps the dollar of a name readable and encodes values', () => {
    expect(build({ path: '/users', query: { $top: '999', $filter: "name eq '{id}'", 'a b': 'c&d=e+f#g' } })).toBe(
      'https://api.example/v1.0/users?$top=999&$filter=name%20eq%20%277%27&a%20b=c%26d%3De%2Bf%23g',
    );
  });

  it('may be none', () => {
    expect(build({ path: '/users' })).toBe('https://api.example/v1.0/users');
  });
});

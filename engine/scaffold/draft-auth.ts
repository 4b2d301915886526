import type { JsonObject } from '../records.ts';
import type { AuthDraft, PropertyDraft } from './feed-draft.ts';
import { fillBlock } from './fill-block.ts';
import { asObject, type Kind } from './kinds.ts';

/** What the vendor's document tells of the kind, where there is one. */
export type AuthFacts = {
  readonly in?: 'header' | 'query';
  readonly name?: string;
  readonly tokenUrl?: string;
  readonly scope?: string;
};

/**
 * The `auth` block of a kind, with connection properties for what the operator must supply. A kind that is not known here
 * gets the keys that the schema requires, each from a property of its own.
 */
export function draftAuth(
  { kind, meaning, branch }: Kind,
  schema: JsonObject,
  host: string,
  facts: AuthFacts = {},
): AuthDraft {
  const known = knownKinds[kind]?.(host, facts);
  if (known !== undefined) return { block: { kind, ...known.block }, meaning, properties: known.properties };
  const properties: Record<string, PropertyDraft> = {};
  const block = fillBlock(branch, asObject(schema.$defs), (key, { description }) => {
    if (/url$/i.test(key)) {
      properties.loginUrl = loginUrl(host);
      return '{loginUrl}/token';
    }
    const isSecret = /secret|token|password|key|credential|certificate/i.test(key);
    properties[propertyName(key)] = {
      title: inWords(key),
      ...(isSecret && { secret: true }),
      help: typeof description === 'string' ? description.replace(/ May hold \{placeholders\}\.$/, '') : lookUp,
    };
    return `{${propertyName(key)}}`;
  });
  return { block: { ...block, kind }, meaning, properties };
}

const lookUp = 'FILL IN: where the operator finds it.';

type Known = { readonly block: JsonObject; readonly properties: AuthDraft['properties'] };

const knownKinds: { readonly [kind: string]: (host: string, facts: AuthFacts) => Known } = {
  none: () => ({ block: {}, properties: {} }),
  'api-key': (_host, { in: where = 'header', name = 'X-API-Key' }) => ({
    block: { in: where, name, value: '{apiKey}' },
    properties: { apiKey: { title: 'API key', secret: true, help: lookUp } },
  }),
  bearer: () => ({
    block: { token: '{token}' },
    properties: { token: { title: 'API token', secret: true, help: lookUp } },
  }),
  basic: () => ({
    block: { username: '{username}', password: '{password}' },
    properties: person,
  }),
  'oauth2-client-credentials': (host, { tokenUrl, scope }) => ({
    block: {
      tokenUrl: tokenPath(tokenUrl),
      clientId: '{clientId}',
      clientSecret: '{clientSecret}',
      ...(scope !== undefined && { scope }),
    },
    properties: { loginUrl: loginUrl(host, tokenUrl), ...client },
  }),
  'oauth2-jwt-bearer': (host, { tokenUrl }) => ({
    block: {
      tokenUrl: tokenPath(tokenUrl),
      privateKey: '{privateKey}',
      claims: { iss: '{clientId}', sub: '{clientId}' },
    },
    properties: {
      loginUrl: loginUrl(host, tokenUrl),
      clientId: client.clientId,
      privateKey: { title: 'Private key', secret: true, help: lookUp },
    },
  }),
  'oauth2-refresh-token': (host, { tokenUrl }) => ({
    block: {
      tokenUrl: tokenPath(tokenUrl),
      clientId: '{clientId}',
      clientSecret: '{clientSecret}',
      refreshToken: '{refreshToken}',
    },
    properties: {
      loginUrl: loginUrl(host, tokenUrl),
      ...client,
      refreshToken: { title: 'Refresh token', secret: true, help: lookUp },
    },
  }),
  session: () => ({
    block: {
      loginUrl: '{url}/login',
      fields: { username: '{username}', password: '{password}' },
      answer: { token: '/token' },
    },
    properties: person,
  }),
  'signed-request': () => ({
    block: {
      algorithm: 'sha256',
      key: '{secretKey}',
      sign: ['{date}', '{method}', '{host}', '{path}', '{query}'],
      header: { name: 'Authorization', value: 'HMAC {accessKey}:{signature}' },
    },
    properties: {
      accessKey: { title: 'Access key', help: lookUp },
      secretKey: { title: 'Secret key', secret: true, help: lookUp },
    },
  }),
};

const client = {
  clientId: { title: 'Client id', help: lookUp },
  clientSecret: { title: 'Client secret', secret: true, help: lookUp },
} as const;

const person = {
  username: { title: 'User name', help: lookUp },
  password: { title: 'Password', secret: true, help: lookUp },
} as const;

/** The address of the token endpoint, of which the operator may exchange the host. */
function tokenPath(tokenUrl: string | undefined): string {
  if (tokenUrl === undefined) return '{loginUrl}/oauth2/token';
  const { pathname, search } = new URL(tokenUrl);
  return `{loginUrl}${pathname}${search}`;
}

function loginUrl(host: string, tokenUrl?: string): PropertyDraft {
  return {
    title: 'Sign-in address',
    format: 'base-url',
    default: tokenUrl === undefined ? `https://login.${host}` : new URL(tokenUrl).origin,
    help: tokenUrl === undefined ? 'FILL IN: the host that hands out tokens.' : 'Where the vendor hands out tokens.',
  };
}

/** Property names begin with a small letter and hold letters and digits only. */
function propertyName(key: string): string {
  const letters = key.replace(/[^A-Za-z0-9]/g, '').replace(/^[^A-Za-z]+/, '');
  return letters === '' ? 'value' : letters.charAt(0).toLowerCase() + letters.slice(1);
}

/** clientSecret → Client secret */
function inWords(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

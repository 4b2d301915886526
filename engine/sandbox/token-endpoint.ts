import type { KeyObject } from 'node:crypto';
import { issueToken } from './access-token.ts';
import {
  type Assertion,
  isAbout,
  isInTime,
  isSignedBy,
  isTrusted,
  type RegisteredCertificate,
  readAssertion,
} from './client-assertion.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { asText, fill, fillObject, fillTexts, type Values } from './fill.ts';
import { isJsonObject, type JsonValue } from '../records.ts';
import { readJson } from './read-parameter.ts';
import type { PathMatch } from './match-path.ts';
import type {
  AssertionDescription,
  CredentialCondition,
  TokenCondition,
  TokenDescription,
  TokenRule,
} from './sandbox-description.ts';

export type TokenSettings = {
  readonly key: Buffer;
  readonly lifetimeSeconds: number;
  readonly secretExpired: boolean;
  readonly certificates: readonly RegisteredCertificate[];
  /** Of the pair made for this sandbox. */
  readonly publicKey: KeyObject | undefined;
  readonly granted: ReadonlySet<string>;
  /** The assertions that have been used. */
  readonly usedIds: Set<string>;
  readonly now: () => Date;
};

/** A token, or the first rule that does not hold, in the vendor's words. */
export function answerTokenRequest(
  token: TokenDescription,
  settings: TokenSettings,
  exchange: Exchange,
  path: PathMatch,
): Answer {
  const fields = readForm(exchange);
  const values = { ...exchange.values, lifetimeSeconds: settings.lifetimeSeconds };
  const proof = readProof(token, settings, fields, values);
  const request = { exchange, path, fields, proof, values, granted: settings.granted };
  const broken = token.rules.find(({ unless }) => !holds(unless, request));
  return broken === undefined ? grant(token, settings, request) : tokenError(token, broken, exchange);
}

export function tokenError(token: TokenDescription, { status, say }: TokenRule, exchange: Exchange): Answer {
  const values: Values = { ...exchange.values, ...fillObject(say, exchange.values) };
  return jsonAnswer(status, fill(token.errorBody, values));
}

function grant(token: TokenDescription, settings: TokenSettings, { proof, values, fields }: TokenRequest): Answer {
  const expiresAtSeconds = Math.floor(settings.now().getTime() / 1000) + settings.lifetimeSeconds;
  const scope = token.scopeField === undefined ? undefined : (fields.get(token.scopeField) ?? '');
  const known = { ...values, expiresAtSeconds, scope };
  const claims = { ...token.claims, ...token.claimsBy[proof.kind === 'secret' ? 'secret' : 'assertion'] };
  const issued = { ...fillObject(claims, known), exp: expiresAtSeconds };
  const accessToken = issueToken(issued, settings.key, scope?.split(' '));
  const headers = fillTexts(token.headers, { ...known, accessToken });
  const body = fillObject(token.answer, { ...known, accessToken });
  return jsonAnswer(token.status, body, { 'cache-control': 'no-store', ...headers });
}

/**
 * The fields of the form, or of a JSON object; a client may also name itself by HTTP Basic (RFC 6749 §2.3.1: both parts
 * form-encoded), or bring its assertion as the bearer.
 */
function readForm(exchange: Exchange): URLSearchParams {
  const { body, headers } = exchange;
  const fields = mediaType(exchange) === 'application/json' ? fieldsOf(readJson(body)) : new URLSearchParams(body);
  const [, bearer] = /^bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (bearer !== undefined) fields.set('bearer', bearer);
  const [, basic] = /^basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (basic === undefined) return fields;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  const decoded = new URLSearchParams(`client_id=${id}&client_secret=${secret}`);
  for (const [name, value] of decoded) fields.set(name, value);
  return fields;
}

/** How the application proved itself, and what is true of that proof. */
type Proof = { readonly kind: 'none' | 'secret' | 'assertion'; readonly holds: ReadonlySet<CredentialCondition> };

function readProof(token: TokenDescription, settings: TokenSettings, fields: URLSearchParams, values: Values): Proof {
  const { clientId, clientSecret, assertion } = token;
  const text = (template: string): string => asText(fill(template, values) ?? '');
  const secret = fields.get('client_secret') ?? '';
  if (secret !== '')
    return { kind: 'secret', holds: judgeSecret(secret === text(clientSecret), settings.secretExpired) };
  const jwt = assertion === undefined ? '' : (fields.get(assertion.field) ?? '');
  if (assertion === undefined || jwt === '') return { kind: 'none', holds: new Set() };
  if (assertion.type !== undefined && fields.get(`${assertion.field}_type`) !== assertion.type) {
    return { kind: 'none', holds: new Set() };
  }
  const expected = {
    ...assertion,
    audience: text(assertion.audience),
    keyId: assertion.keyId && text(assertion.keyId),
  };
  return { kind: 'assertion', holds: judgeAssertion(readAssertion(jwt), settings, text(clientId), expected) };
}

function judgeSecret(right: boolean, expired: boolean): Proof['holds'] {
  const found = new Set<CredentialCondition>([
    ...(['sent', 'assertion-trusted', 'assertion-in-time', 'assertion-claims', 'assertion-fresh'] as const),
  ]);
  if (right) found.add('secret-right');
  if (!expired) found.add('secret-current');
  return found;
}

function judgeAssertion(
  assertion: Assertion | undefined,
  settings: TokenSettings,
  clientId: string,
  expected: Expected,
): Proof['holds'] {
  const found = new Set<CredentialCondition>(['sent', 'secret-right', 'secret-current']);
  if (assertion === undefined) return found;
  if (isFromUs(assertion, settings, expected)) found.add('assertion-trusted');
  if (isInTime(assertion, settings.now(), expected.longestSeconds)) found.add('assertion-in-time');
  if (isAbout(assertion, clientId, expected.audience)) found.add('assertion-claims');
  const { jti } = assertion.claims;
  if (typeof jti === 'string' && !settings.usedIds.has(jti)) found.add('assertion-fresh');
  if (typeof jti === 'string') settings.usedIds.add(jti);
  return found;
}

type Expected = Omit<AssertionDescription, 'keyId'> & { readonly keyId: string | undefined };

function isFromUs(assertion: Assertion, { publicKey, certificates }: TokenSettings, expected: Expected): boolean {
  if (publicKey === undefined) return isTrusted(assertion, certificates, expected.algorithm);
  const { kid } = assertion.header;
  if (expected.keyId !== undefined && kid !== expected.keyId) return false;
  return isSignedBy(assertion, publicKey, expected.algorithm);
}

type TokenRequest = {
  readonly exchange: Exchange;
  readonly path: PathMatch;
  readonly fields: URLSearchParams;
  readonly proof: Proof;
  readonly values: Values;
  readonly granted: ReadonlySet<string>;
};

function holds(condition: TokenCondition, request: TokenRequest): boolean {
  const { exchange, path, fields, proof, values, granted } = request;
  if ('credential' in condition) return proof.holds.has(condition.credential);
  if ('contentType' in condition) return mediaType(exchange) === condition.contentType;
  const value = 'path' in condition ? decodeURIComponent(path[condition.path] ?? '') : fields.get(condition.field);
  if (value === null || value === '') return false;
  if ('granted' in condition && !value.split(' ').every((name) => granted.has(name))) return false;
  if (condition.matches !== undefined) return new RegExp(condition.matches).test(value);
  return condition.equals === undefined || value === fill(condition.equals, values);
}

function mediaType({ headers }: Exchange): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** The members of an object; texts as they are. */
function fieldsOf(body: JsonValue | undefined): URLSearchParams {
  const members = isJsonObject(body) ? Object.entries(body) : [];
  return new URLSearchParams(members.map(([name, value]): [string, string] => [name, asText(value)]));
}

import { issueToken } from './access-token.ts';
import {
  type Assertion,
  isAbout,
  isInTime,
  isTrusted,
  type RegisteredCertificate,
  readAssertion,
} from './client-assertion.ts';
import { type Answer, type Exchange, jsonAnswer } from './exchange.ts';
import { asText, fill, fillObject, type Values } from './fill.ts';
import type { PathMatch } from './match-path.ts';
import type { CredentialCondition, TokenCondition, TokenDescription, TokenRule } from './sandbox-description.ts';

export type TokenSettings = {
  readonly key: Buffer;
  readonly lifetimeSeconds: number;
  readonly secretExpired: boolean;
  readonly certificates: readonly RegisteredCertificate[];
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
  const broken = token.rules.find(({ unless }) => !holds(unless, { exchange, path, fields, proof, values }));
  return broken === undefined ? grant(token, settings, proof, values) : tokenError(token, broken, exchange);
}

export function tokenError(token: TokenDescription, { status, say }: TokenRule, exchange: Exchange): Answer {
  const values: Values = { ...exchange.values, ...fillObject(say, exchange.values) };
  return jsonAnswer(status, fill(token.errorBody, values));
}

function grant(token: TokenDescription, settings: TokenSettings, proof: Proof, values: Values): Answer {
  const expiresAtSeconds = Math.floor(settings.now().getTime() / 1000) + settings.lifetimeSeconds;
  const known = { ...values, expiresAtSeconds };
  const claims = { ...token.claims, ...token.claimsBy[proof.kind === 'secret' ? 'secret' : 'assertion'] };
  const accessToken = issueToken({ ...fillObject(claims, known), exp: expiresAtSeconds }, settings.key);
  return jsonAnswer(200, fillObject(token.answer, { ...known, accessToken }), { 'cache-control': 'no-store' });
}

/** The form's fields; a client may also name itself by HTTP Basic (RFC 6749 §2.3.1: both parts form-encoded). */
function readForm({ body, headers }: Exchange): URLSearchParams {
  const fields = new URLSearchParams(body);
  const [, basic] = /^basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (basic === undefined) return fields;
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  const decoded = new URLSearchParams(`client_id=${id}&client_secret=${secret}`);
  for (const [name, value] of decoded) fields.set(name, value);
  return fields;
}

/** How the application proved itself, and what is true of that proof. */
type Proof = { readonly kind: 'none' | 'secret' | 'assertion'; readonly holds: ReadonlySet<CredentialCondition> };

function readProof(
  { clientId, clientSecret, assertion }: TokenDescription,
  settings: TokenSettings,
  fields: URLSearchParams,
  values: Values,
): Proof {
  const text = (template: string): string => asText(fill(template, values) ?? '');
  const secret = fields.get('client_secret') ?? '';
  if (secret !== '')
    return { kind: 'secret', holds: judgeSecret(secret === text(clientSecret), settings.secretExpired) };
  const jwt = fields.get('client_assertion') ?? '';
  if (jwt === '' || fields.get('client_assertion_type') !== assertion.type) return { kind: 'none', holds: new Set() };
  return {
    kind: 'assertion',
    holds: judgeAssertion(readAssertion(jwt), settings, text(clientId), text(assertion.audience)),
  };
}

function judgeSecret(right: boolean, expired: boolean): Proof['holds'] {
  const found = new Set<CredentialCondition>(['sent', 'assertion-trusted', 'assertion-in-time', 'assertion-claims']);
  if (right) found.add('secret-right');
  if (!expired) found.add('secret-current');
  return found;
}

function judgeAssertion(
  assertion: Assertion | undefined,
  { certificates, now }: TokenSettings,
  clientId: string,
  audience: string,
): Proof['holds'] {
  const found = new Set<CredentialCondition>(['sent', 'secret-right', 'secret-current']);
  if (assertion === undefined) return found;
  if (isTrusted(assertion, certificates)) found.add('assertion-trusted');
  if (isInTime(assertion, now())) found.add('assertion-in-time');
  if (isAbout(assertion, clientId, audience)) found.add('assertion-claims');
  return found;
}

type TokenRequest = {
  readonly exchange: Exchange;
  readonly path: PathMatch;
  readonly fields: URLSearchParams;
  readonly proof: Proof;
  readonly values: Values;
};

function holds(condition: TokenCondition, { exchange, path, fields, proof, values }: TokenRequest): boolean {
  if ('credential' in condition) return proof.holds.has(condition.credential);
  if ('contentType' in condition) return mediaType(exchange) === condition.contentType;
  const value = 'path' in condition ? decodeURIComponent(path[condition.path] ?? '') : fields.get(condition.field);
  if (value === null || value === '') return false;
  if (condition.matches !== undefined) return new RegExp(condition.matches).test(value);
  return condition.equals === undefined || value === fill(condition.equals, values);
}

function mediaType({ headers }: Exchange): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

import { loginAddress } from '../addresses.ts';
import { askForIt } from '../assemble.ts';
import { type AuthBlock, fillIn, filled } from '../imported.ts';
import { pointerTo } from '../../json-pointer.ts';
import {
  deep,
  entriesOf,
  flagOf,
  inside,
  isThere,
  itemsOf,
  lost,
  numberOf,
  otherwise,
  pass,
  type Place,
  secretInClear,
  textOf,
} from '../place.ts';
import { isoSeconds } from '../times.ts';
import { jinja, jinjaIn, type Scope } from './jinja.ts';

/** The `auth` block of an authenticator; `undefined` for none at all. */
export function readAuth(place: Place, scope: Scope): AuthBlock | undefined {
  const type = textOf(inside(place, 'type')) ?? '';
  if (!isThere(place)) return undefined;
  const value = (key: string, name = key) => credential(inside(place, key), place, name, scope);
  switch (type) {
    case 'NoAuth':
      return undefined;
    case 'BearerAuthenticator':
      return { kind: 'bearer', token: value('api_token') };
    case 'BasicHttpAuthenticator':
      return {
        kind: 'basic',
        username: jinja(inside(place, 'username'), place, scope) ?? fillIn,
        password: isThere(inside(place, 'password')) ? value('password') : '',
      };
    case 'ApiKeyAuthenticator':
      return apiKey(place, scope);
    case 'OAuthAuthenticator':
      return oauth(place, scope);
    case 'SessionTokenAuthenticator':
      return session(place, scope);
    case 'LegacySessionTokenAuthenticator':
      return legacySession(place, scope);
    case 'JwtAuthenticator':
      lost(
        place,
        'A JWT that is sent as it is signed has no equivalent.',
        'auth of kind oauth2-jwt-bearer exchanges it for a token, where the vendor has an address for that.',
      );
      return notCarried;
    case 'SelectiveAuthenticator': {
      pass(place, 'authenticator_selection_path');
      const [first, ...others] = entriesOf(inside(place, 'authenticators'));
      for (const [name, other] of others) {
        lost(
          other,
          `Of the ways to authorise only the first is carried; "${name}" is not.`,
          'An integration has one auth.',
        );
      }
      return first === undefined ? notCarried : readAuth(first[1], scope);
    }
    default:
      lost(
        place,
        `The authenticator ${type === '' ? 'without a type' : type} has no equivalent.`,
        'Write the auth block yourself.',
      );
      return notCarried;
  }
}

const notCarried: AuthBlock = { kind: 'bearer', token: fillIn };

/** A credential that stands in the manifest itself is not copied. */
function credential(place: Place, component: Place, name: string, scope: Scope): string {
  const text = textOf(place);
  if (text === undefined || text === '') return scope.connection.use(name, { secret: true });
  const template = jinja(place, component, scope) ?? fillIn;
  if (template.includes('{')) {
    for (const [, property = ''] of template.matchAll(/\{(\w+)\}/g))
      scope.connection.refine(property, { secret: true });
    return template;
  }
  secretInClear(place, `"${name}" holds a credential in clear; it was not copied.`, askForIt);
  return scope.connection.use(name, { secret: true });
}

function apiKey(place: Place, scope: Scope): AuthBlock {
  const option = inside(place, 'inject_into');
  const header = jinja(inside(place, 'header'), place, scope);
  const where = header === undefined ? textOf(inside(option, 'inject_into')) : 'header';
  const name = header ?? jinja(inside(option, 'field_name'), place, scope) ?? fillIn;
  const value = credential(inside(place, 'api_token'), place, 'api_token', scope);
  if (where !== 'header' && where !== 'request_parameter') {
    lost(option, 'A key in the body has no equivalent.', 'Auth of kind api-key sends it in a header or in the query.');
    return notCarried;
  }
  return { kind: 'api-key', in: where === 'header' ? 'header' : 'query', name, value };
}

function oauth(place: Place, scope: Scope): AuthBlock {
  const { connection } = scope;
  const grant = textOf(inside(place, 'grant_type')) ?? 'refresh_token';
  const tokenUrl = loginAddress(jinja(inside(place, 'token_refresh_endpoint'), place, scope) ?? fillIn, connection);
  for (const [key, usual] of usualNames) {
    const own = inside(place, key);
    const isUsual = textOf(own) === undefined || textOf(own) === usual;
    if (!isUsual) lost(own, `The token endpoint's own name for "${usual}" has no equivalent.`);
  }
  for (const [name, header] of entriesOf(inside(place, 'refresh_request_headers'))) {
    if (/^(accept|content-type)$/i.test(name)) continue;
    lost(
      header,
      `The header "${name}" of the token request has no equivalent.`,
      'A client id and secret as HTTP Basic: sendSecret: basic.',
    );
  }
  const updater = inside(place, 'refresh_token_updater');
  if (isThere(updater)) {
    otherwise(updater, 'A new refresh token is used for the rest of the run, and not written back to the connection.');
    pass(updater);
  }
  for (const key of [
    'access_token_value',
    'token_expiry_date',
    'token_expiry_date_format',
    'token_expiry_is_time_of_expiration',
  ]) {
    const own = inside(place, key);
    if (isThere(own)) lost(own, `"${key}" has no equivalent: the token endpoint is always asked.`);
  }
  const assertion = inside(place, 'profile_assertion');
  if (flagOf(inside(place, 'use_profile_assertion')) && isThere(assertion))
    return jwtBearer(assertion, tokenUrl, scope);
  pass(assertion);
  const scopes = itemsOf(inside(place, 'scopes')).map((one) => jinja(one, place, scope) ?? '');
  const parameters = jinjaIn(inside(place, 'refresh_request_body'), place, scope);
  const shared = {
    tokenUrl,
    clientId: jinja(inside(place, 'client_id'), place, scope) ?? fillIn,
    ...(isThere(inside(place, 'client_secret')) && {
      clientSecret: credential(inside(place, 'client_secret'), place, 'client_secret', scope),
    }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(parameters !== null && { parameters }),
  };
  if (grant === 'client_credentials') return { kind: 'oauth2-client-credentials', ...shared };
  if (grant !== 'refresh_token') lost(inside(place, 'grant_type'), `The grant "${grant}" has no equivalent.`);
  return {
    kind: 'oauth2-refresh-token',
    ...shared,
    refreshToken: credential(inside(place, 'refresh_token'), place, 'refresh_token', scope),
  };
}

const usualNames = [
  ['client_id_name', 'client_id'],
  ['client_secret_name', 'client_secret'],
  ['refresh_token_name', 'refresh_token'],
  ['access_token_name', 'access_token'],
  ['expires_in_name', 'expires_in'],
  ['grant_type_name', 'grant_type'],
] as const;

const knownAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512'];

function jwtBearer(place: Place, tokenUrl: string, scope: Scope): AuthBlock {
  const algorithm = textOf(inside(place, 'algorithm')) ?? 'RS256';
  if (!knownAlgorithms.includes(algorithm)) {
    lost(
      inside(place, 'algorithm'),
      `The algorithm ${algorithm} has no equivalent.`,
      `There are ${knownAlgorithms.join(', ')}.`,
    );
  }
  for (const key of [
    'base64_encode_secret_key',
    'passphrase',
    'additional_jwt_headers',
    'header_prefix',
    'request_option',
  ]) {
    const own = inside(place, key);
    if (isThere(own) && own.value !== false) lost(own, `"${key}" of a signed token has no equivalent.`);
  }
  const headers = inside(place, 'jwt_headers');
  pass(headers, 'typ', 'cty');
  const keyId = jinja(inside(headers, 'kid'), place, scope);
  const claims = [...entriesOf(inside(place, 'jwt_payload')), ...entriesOf(inside(place, 'additional_jwt_payload'))];
  const lifetime = numberOf(inside(place, 'token_duration'));
  return {
    kind: 'oauth2-jwt-bearer',
    tokenUrl,
    privateKey: credential(inside(place, 'secret_key'), place, 'private_key', scope),
    ...filled({ keyId, lifetimeSeconds: lifetime }),
    ...(algorithm !== 'RS256' && knownAlgorithms.includes(algorithm) && { algorithm }),
    claims: Object.fromEntries(claims.map(([name, claim]) => [name, jinja(claim, place, scope) ?? fillIn])),
  };
}

function session(place: Place, scope: Scope): AuthBlock {
  const login = inside(place, 'login_requester');
  const address =
    jinja(inside(login, 'url'), login, scope) ??
    joined(jinja(inside(login, 'url_base'), login, scope), jinja(inside(login, 'path'), login, scope));
  const json = jinjaIn(inside(login, 'request_body_json'), login, scope);
  const form = jinjaIn(inside(login, 'request_body_data'), login, scope);
  const modern = jinjaIn(deep(login, 'request_body', 'value'), login, scope);
  const isForm = form !== null || textOf(deep(login, 'request_body', 'type')) === 'RequestBodyUrlEncodedForm';
  const fields = modern ?? json ?? form;
  const inner = inside(login, 'authenticator');
  if (isThere(inner) && textOf(inside(inner, 'type')) !== 'NoAuth') {
    lost(
      inner,
      'A login that is itself authorised has no equivalent.',
      'Send its credentials as fields or headers of the login.',
    );
  }
  if ((textOf(inside(login, 'http_method')) ?? 'POST').toUpperCase() !== 'POST') {
    lost(inside(login, 'http_method'), 'A login is sent by POST; another method has no equivalent.');
  }
  pass(login, 'error_handler', 'use_cache', 'type');
  const parameters = inside(login, 'request_parameters');
  if (isThere(parameters)) lost(parameters, 'Parameters in the query of a login have no equivalent.');
  const headers = jinjaIn(inside(login, 'request_headers'), login, scope);
  const token = itemsOf(inside(place, 'session_token_path')).map((one) => textOf(one) ?? '');
  const decoder = inside(place, 'decoder');
  if (isThere(decoder) && textOf(inside(decoder, 'type')) !== 'JsonDecoder')
    lost(decoder, 'A login answer that is no JSON has no equivalent.');
  const expiry = inside(place, 'expiration_duration');
  const lifetime = isoSeconds(textOf(expiry) ?? '')?.seconds;
  if (isThere(expiry) && lifetime === undefined) lost(expiry, 'This is no ISO 8601 duration.');
  if (!isThere(expiry))
    otherwise(place, 'The session is kept for an hour, and renewed after a 401, instead of a login for every request.');
  return {
    kind: 'session',
    loginUrl: loginAddress(address, scope.connection),
    ...(headers !== null && { headers }),
    fields: isFields(fields)
      ? secretFields(fields, login, scope)
      : (lost(login, 'The fields of the login are not told as fields.'), { fillIn }),
    ...(isForm && { send: 'form' }),
    answer: filled({ token: pointerTo(token), lifetimeSeconds: lifetime }),
    ...sessionHeader(inside(place, 'request_authentication'), scope),
  };
}

type Fields = { [name: string]: string };

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
}

function secretFields(fields: Fields, place: Place, { connection }: Scope): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => {
      if (text.includes('{') || !/pass|secret|token|key/i.test(name)) return [name, text];
      secretInClear(place, `"${name}" of the login holds a credential in clear; it was not copied.`, askForIt);
      return [name, connection.use(name, { secret: true })];
    }),
  );
}

function sessionHeader(place: Place, scope: Scope): { header?: { name: string; value: string } } {
  if (textOf(inside(place, 'type')) === 'Bearer') return {};
  const option = inside(place, 'inject_into');
  if (textOf(inside(option, 'inject_into')) !== 'header') {
    lost(option, 'A session token outside a header has no equivalent.');
    return {};
  }
  return { header: { name: jinja(inside(option, 'field_name'), place, scope) ?? fillIn, value: '{token}' } };
}

function legacySession(place: Place, scope: Scope): AuthBlock {
  const login = jinja(inside(place, 'login_url'), place, scope) ?? fillIn;
  lost(
    inside(place, 'login_url'),
    'The login address is relative to a base that each request has.',
    'Complete loginUrl of auth.',
  );
  pass(place, 'validate_session_url', 'session_token');
  return {
    kind: 'session',
    loginUrl: `{fillIn}/${login}`,
    fields: {
      username: jinja(inside(place, 'username'), place, scope) ?? fillIn,
      password: credential(inside(place, 'password'), place, 'password', scope),
    },
    answer: { token: pointerTo([textOf(inside(place, 'session_token_response_key')) ?? 'id']) },
    header: { name: jinja(inside(place, 'header'), place, scope) ?? fillIn, value: '{token}' },
  };
}

function joined(base: string | undefined, path: string | undefined): string {
  return `${(base ?? '').replace(/\/+$/, '')}/${(path ?? '').replace(/^\/+/, '')}`.replace(/\/$/, '');
}

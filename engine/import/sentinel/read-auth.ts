import { loginAddress } from '../addresses.ts';
import { askForIt } from '../assemble.ts';
import { type AuthBlock, fillIn, filled } from '../imported.ts';
import { pointerOf } from '../json-path.ts';
import {
  entriesOf,
  flagOf,
  inside,
  isThere,
  lost,
  otherwise,
  pass,
  type Place,
  secretInClear,
  textOf,
} from '../place.ts';
import { type ArmScope, armText } from './arm-text.ts';

/** The `auth` block; `undefined` where none is told, or where the body carries the key. */
export function readAuth(place: Place, scope: ArmScope): AuthBlock | undefined {
  if (!isThere(place)) return undefined;
  const type = textOf(inside(place, 'type')) ?? '';
  switch (type.toLowerCase()) {
    case 'none':
      return undefined;
    case 'basic':
      return {
        kind: 'basic',
        username: armText(inside(place, 'userName'), scope) ?? fillIn,
        password: credential(inside(place, 'password'), 'password', scope),
      };
    case 'apikey':
      return apiKey(place, scope);
    case 'oauth2':
      return oauth(place, scope);
    case 'jwttoken':
      return jwt(place, scope);
    default:
      lost(
        place,
        `Authorisation of type ${type === '' ? 'unknown' : type} has no equivalent.`,
        'Write the auth block yourself.',
      );
      return { kind: 'bearer', token: fillIn };
  }
}

/** A credential that stands in the file itself is not copied. */
export function credential(place: Place, name: string, scope: ArmScope): string {
  const text = armText(place, scope) ?? '';
  if (text.includes('{')) {
    for (const [, property = ''] of text.matchAll(/\{(\w+)\}/g)) scope.connection.refine(property, { secret: true });
    return text;
  }
  if (text !== '') secretInClear(place, `"${name}" holds a credential in clear; it was not copied.`, askForIt);
  return scope.connection.use(name, { secret: true });
}

function apiKey(place: Place, scope: ArmScope): AuthBlock | undefined {
  const key = credential(inside(place, 'apiKey'), 'apiKey', scope);
  const namePlace = inside(place, 'apiKeyName');
  const own = armText(namePlace, scope);
  const prefix = armText(inside(place, 'apiKeyIdentifier'), scope);
  if (flagOf(inside(place, 'isApiKeyInPostPayload'))) return undefined;
  const name = own === undefined || own === '' ? 'Authorization' : own;
  if (own !== undefined && own !== '' && prefix === undefined) {
    otherwise(place, `The key is sent alone in ${name}: no apiKeyIdentifier is told to stand before it.`);
  }
  const identifier = prefix ?? (own === undefined ? 'token' : '');
  return { kind: 'api-key', in: 'header', name, value: identifier === '' ? key : `${identifier} ${key}` };
}

function oauth(place: Place, scope: ArmScope): AuthBlock {
  const grant = (textOf(inside(place, 'grantType')) ?? 'client_credentials').toLowerCase();
  const query = entriesOf(inside(place, 'tokenEndpointQueryParameters')).map(
    ([name, value]) => `${name}=${armText(value, scope) ?? ''}`,
  );
  const endpoint = armText(inside(place, 'tokenEndpoint'), scope) ?? fillIn;
  const shared = {
    tokenUrl: loginAddress(withQuery(endpoint, query), scope.connection),
    clientId: armText(inside(place, 'clientId'), scope) ?? fillIn,
    clientSecret: credential(inside(place, 'clientSecret'), 'clientSecret', scope),
    ...(flagOf(inside(place, 'isClientSecretInHeader')) && { sendSecret: 'basic' }),
    ...filled({ scope: armText(inside(place, 'scope'), scope) }),
  };
  refuseHeaders(inside(place, 'tokenEndpointHeaders'));
  pass(
    place,
    'authorizationEndpoint',
    'authorizationEndpointHeaders',
    'authorizationEndpointQueryParameters',
    'redirectUri',
    'authorizationCode',
    'isCredentialsInHeaders',
  );
  if (grant === 'client_credentials') return { kind: 'oauth2-client-credentials', ...shared };
  otherwise(
    inside(place, 'grantType'),
    'The consent in a browser is not part of a feed: an operator obtains a refresh token once, and gives it as "refreshToken".',
  );
  return {
    kind: 'oauth2-refresh-token',
    ...shared,
    refreshToken: scope.connection.use('refreshToken', { secret: true }),
  };
}

function withQuery(url: string, query: readonly string[]): string {
  return query.length === 0 ? url : `${url}${url.includes('?') ? '&' : '?'}${query.join('&')}`;
}

function refuseHeaders(place: Place): void {
  for (const [name, header] of entriesOf(place)) {
    if (/^(accept|content-type)$/i.test(name)) continue;
    lost(header, `The header "${name}" of the token request has no equivalent.`);
  }
}

/** A login with user and password whose answer holds a token. */
function jwt(place: Place, scope: ArmScope): AuthBlock {
  const field = (key: string, usual: string): [string, string] => {
    const own = inside(place, key);
    const name = textOf(inside(own, 'key')) ?? usual;
    const value = inside(own, 'value');
    const text = usual === 'password' ? credential(value, name, scope) : (armText(value, scope) ?? fillIn);
    return [name, text];
  };
  const query = entriesOf(inside(place, 'queryParameters')).map(
    ([name, value]) => `${name}=${armText(value, scope) ?? ''}`,
  );
  const loginUrl = loginAddress(
    withQuery(armText(inside(place, 'tokenEndpoint'), scope) ?? fillIn, query),
    scope.connection,
  );
  const headers = entriesOf(inside(place, 'headers')).filter(([name]) => !/^(accept|content-type)$/i.test(name));
  for (const key of ['isCredentialsInHeaders', 'jwtTokenInResponseHeader']) {
    const own = inside(place, key);
    if (flagOf(own))
      lost(own, `"${key}" has no equivalent: a login sends fields, and its answer's body holds the token.`);
  }
  for (const key of ['userToken', 'userTokenPrepend', 'jwtTokenIdentifier', 'jwtTokenHeaderName']) {
    const own = inside(place, key);
    if (isThere(own))
      lost(own, `"${key}" has no equivalent.`, 'auth of kind session: a login with fields, and a token in its answer.');
  }
  const method = inside(place, 'tokenEndpointHttpMethod');
  if (isThere(method) && textOf(method)?.toUpperCase() !== 'POST')
    lost(method, 'A login is sent by POST; another method has no equivalent.');
  pass(place, 'requestTimeoutInSeconds');
  const path = inside(place, 'jwtTokenJsonPath');
  const token = pointerOf(textOf(path) ?? '$.access_token');
  if (token === undefined || token === '')
    lost(path, 'This path to the token has no equivalent.', 'Give answer.token, a JSON Pointer.');
  const own = armText(inside(place, 'apiKeyName'), scope);
  const bare = flagOf(inside(place, 'noAccessTokenPrepend'));
  const name = own === undefined || own === '' ? 'Authorization' : own;
  return {
    kind: 'session',
    loginUrl,
    ...(headers.length > 0 && {
      headers: Object.fromEntries(headers.map(([key, value]) => [key, armText(value, scope) ?? ''])),
    }),
    fields: Object.fromEntries([field('userName', 'username'), field('password', 'password')]),
    ...(!flagOf(inside(place, 'isJsonRequest')) && { send: 'form' }),
    answer: { token: token === undefined || token === '' ? `/${fillIn}` : token },
    ...((bare || name !== 'Authorization') && { header: { name, value: bare ? '{token}' : 'Bearer {token}' } }),
  };
}

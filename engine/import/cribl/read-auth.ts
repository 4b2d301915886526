import { loginAddress } from '../addresses.ts';
import { askForIt } from '../assemble.ts';
import { type AuthBlock, fillIn, filled } from '../imported.ts';
import { pointerOf } from '../json-path.ts';
import { inside, isThere, itemsOf, lost, pass, type Place, secretInClear, textOf } from '../place.ts';
import { type CriblScope, expressionText, plainText } from './expression.ts';
import { readFields } from './read-body.ts';

/** The `auth` block of a collector; `undefined` where it says none. */
export function readAuth(conf: Place, scope: CriblScope): AuthBlock | undefined {
  const place = inside(conf, 'authentication');
  const kind = textOf(place) ?? 'none';
  if (kind !== 'login' && kind !== 'loginSecret' && kind !== 'oauth' && kind !== 'oauthSecret') {
    // What an earlier choice has left in the file.
    pass(
      conf,
      'loginUrl',
      'authHeaderKey',
      'authHeaderExpr',
      'clientSecretParamName',
      'clientSecretParamValue',
      'tokenRespAttribute',
      'authRequestParams',
      'authRequestHeaders',
      'loginBody',
      'getAuthTokenFromHeader',
    );
  }
  switch (kind) {
    case 'none':
      pass(conf, 'username', 'password');
      return undefined;
    case 'basic':
      return {
        kind: 'basic',
        username: nameOf(conf, scope),
        password: secretOf(inside(conf, 'password'), 'password', scope),
      };
    case 'basicSecret':
      pass(conf, 'credentialsSecret', 'username', 'password');
      return {
        kind: 'basic',
        username: scope.connection.use('username'),
        password: scope.connection.use('password', { secret: true }),
      };
    case 'login':
    case 'loginSecret':
      return login(conf, scope);
    case 'oauth':
    case 'oauthSecret':
      return oauth(conf, scope);
    default:
      lost(
        place,
        `Authorisation of kind ${kind} has no equivalent here.`,
        'Write the auth block yourself; oauth2-jwt-bearer and signed-request are near to it.',
      );
      return { kind: 'bearer', token: fillIn };
  }
}

function nameOf(conf: Place, scope: CriblScope): string {
  const text = textOf(inside(conf, 'username'));
  return text?.includes('<') === true
    ? plainText(text, inside(conf, 'username'), scope)
    : scope.connection.use('username');
}

/** A credential that stands in the file itself is not copied; exports of the tool say REDACTED. */
function secretOf(place: Place, name: string, scope: CriblScope): string {
  const text = textOf(place);
  if (text === undefined || text === '' || /^['"`]?REDACTED['"`]?$/.test(text))
    return scope.connection.use(name, { secret: true });
  const template = /^['"`]|\$\{|^C\./.test(text.trim())
    ? (expressionText(place, scope) ?? '')
    : plainText(text, place, scope);
  if (template.includes('{')) {
    for (const [, property = ''] of template.matchAll(/\{(\w+)\}/g))
      scope.connection.refine(property, { secret: true });
    return template;
  }
  secretInClear(place, `"${name}" holds a credential in clear; it was not copied.`, askForIt);
  return scope.connection.use(name, { secret: true });
}

function login(conf: Place, scope: CriblScope): AuthBlock {
  const isStored = textOf(inside(conf, 'authentication')) === 'loginSecret';
  pass(conf, 'credentialsSecret');
  const username = isStored ? scope.connection.use('username') : nameOf(conf, scope);
  const password = isStored
    ? scope.connection.use('password', { secret: true })
    : secretOf(inside(conf, 'password'), 'password', scope);
  const body = inside(conf, 'loginBody');
  const read = readFields(body, { ...scope, names: { ...scope.names, username, password } });
  if (read === undefined && isThere(body))
    lost(body, 'The fields of the login are not told as fields.', 'Give them under "fields" of auth.');
  return {
    kind: 'session',
    loginUrl: loginAddress(expressionText(inside(conf, 'loginUrl'), scope) ?? fillIn, scope.connection),
    ...headersOf(conf, scope),
    fields: read?.fields ?? { username, password },
    ...(read?.isForm === true && { send: 'form' }),
    answer: { token: tokenPointer(conf) },
    ...tokenHeader(conf, scope),
  };
}

function headersOf(conf: Place, scope: CriblScope): { headers?: { [name: string]: string } } {
  const headers = itemsOf(inside(conf, 'authRequestHeaders')).flatMap((one): [string, string][] => {
    const name = textOf(inside(one, 'name')) ?? '';
    const value = expressionText(inside(one, 'value'), scope) ?? '';
    return /^(content-type|accept)$/i.test(name) ? [] : [[name, value]];
  });
  return headers.length === 0 ? {} : { headers: Object.fromEntries(headers) };
}

function tokenPointer(conf: Place): string {
  const place = inside(conf, 'tokenRespAttribute');
  const fromHeader = inside(conf, 'getAuthTokenFromHeader');
  if (fromHeader.value === true) lost(fromHeader, 'A token in a header of the answer has no equivalent.');
  const pointer = pointerOf(textOf(place) ?? '');
  if (pointer !== undefined && pointer !== '') return pointer;
  lost(
    isThere(place) ? place : inside(conf, 'authentication'),
    'A login whose answer is the bare token has no equivalent.',
    'Give answer.token, a JSON Pointer.',
  );
  return `/${fillIn}`;
}

function tokenHeader(conf: Place, scope: CriblScope): { header?: { name: string; value: string } } {
  const name = textOf(inside(conf, 'authHeaderKey')) ?? 'Authorization';
  const place = inside(conf, 'authHeaderExpr');
  const value = isThere(place)
    ? (expressionText(place, { ...scope, names: { ...scope.names, token: '{token}', authToken: '{token}' } }) ?? '')
    : 'Bearer {token}';
  return name === 'Authorization' && value === 'Bearer {token}' ? {} : { header: { name, value } };
}

function oauth(conf: Place, scope: CriblScope): AuthBlock {
  const { connection } = scope;
  const secretName = textOf(inside(conf, 'clientSecretParamName')) ?? 'client_secret';
  pass(conf, 'textSecret', 'username', 'password', 'loginBody');
  const clientSecret = secretOf(inside(conf, 'clientSecretParamValue'), secretName, scope);
  const parameters = Object.fromEntries(
    itemsOf(inside(conf, 'authRequestParams')).map((one): [string, string] => [
      textOf(inside(one, 'name')) ?? '',
      expressionText(inside(one, 'value'), scope) ?? '',
    ]),
  );
  const tokenUrl = loginAddress(expressionText(inside(conf, 'loginUrl'), scope) ?? fillIn, connection);
  const {
    client_id: clientId,
    grant_type: grant = 'client_credentials',
    scope: asked,
    refresh_token: refresh,
    ...others
  } = parameters;
  const header = tokenHeader(conf, scope).header;
  const headers = headersOf(conf, scope);
  const pointer = textOf(inside(conf, 'tokenRespAttribute')) ?? 'access_token';
  const shared = {
    tokenUrl,
    clientId: clientId === undefined ? fillIn : publicValue(clientId, 'client_id', scope),
    clientSecret,
    ...filled({ scope: asked, parameters: Object.keys(others).length > 0 ? others : undefined }),
  };
  const isPlain =
    clientId !== undefined &&
    secretName === 'client_secret' &&
    pointer === 'access_token' &&
    header === undefined &&
    headers.headers === undefined;
  if (isPlain && /client_?credentials/i.test(grant)) return { kind: 'oauth2-client-credentials', ...shared };
  if (isPlain && grant === 'refresh_token') {
    return {
      kind: 'oauth2-refresh-token',
      ...shared,
      refreshToken: refresh?.includes('{') === true ? refresh : connection.use('refresh_token', { secret: true }),
    };
  }
  // Any other exchange of fields for a token is a login.
  return {
    kind: 'session',
    loginUrl: tokenUrl,
    ...headers,
    fields: { ...parameters, [secretName]: clientSecret },
    send: 'form',
    answer: { token: tokenPointer(conf) },
    ...(header !== undefined && { header }),
  };
}

/** A client id is the operator's own, not the feed's. */
function publicValue(text: string, name: string, { connection }: CriblScope): string {
  return text.includes('{') ? text : connection.use(name);
}

import type { SessionLogin } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { HttpRequest } from '../records.ts';
import { credential } from './credential.ts';
import { withHeader } from './fixed-signer.ts';
import { formFields } from './form-fields.ts';
import { requestTokenInExchange } from './request-token-in-exchange.ts';
import { sendForToken } from './send-for-token.ts';
import type { MakeSigner, SignerDeps } from './signer.ts';
import type { Token } from './token-cache.ts';
import { tokenSigner } from './token-signer.ts';

export const session: MakeSigner<'session'> = (auth, deps) => {
  const fields = formFields(auth.fields, deps);
  // Some of the fields are no secrets (a user name, a domain), but short of saying so all of them are kept quiet.
  const secrets = Object.values(fields).filter((value) => value.length > 3);
  const login = loginRequest(auth, fields, deps);
  const { answer, cookie } = auth;
  return tokenSigner(
    {
      ...placing(auth),
      request: () => {
        if (answer !== undefined) return requestTokenInExchange(login, answer, secrets, deps);
        return requestCookie(login, cookie ?? '', auth.lifetimeSeconds, secrets, deps);
      },
      secrets: () => secrets,
    },
    deps,
  );
};

function loginRequest(auth: SessionLogin, fields: Readonly<Record<string, string>>, deps: SignerDeps): HttpRequest {
  const body = auth.send === 'json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  const contentType = auth.send === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const headers = Object.entries(formFields(auth.headers, deps)).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: 'POST',
    url: new URL(credential(auth.loginUrl, deps)),
    headers: {
      accept: 'application/json',
      'content-type': contentType,
      // Pairs of texts make a record of texts.
      ...(Object.fromEntries(headers) as Record<string, string>),
    },
    body,
  };
}

function placing({ cookie, header }: SessionLogin) {
  const name = cookie === undefined ? header.name.toLowerCase() : 'cookie';
  const [before = '', after = ''] = cookie === undefined ? header.value.split('{token}') : [`${cookie}=`];
  return {
    place: (request: HttpRequest, token: string) => withHeader(request, name, `${before}${token}${after}`),
    read: (refused: HttpRequest) => refused.headers[name]?.slice(before.length, -after.length || undefined),
  };
}

async function requestCookie(
  login: HttpRequest,
  name: string,
  lifetimeSeconds: number,
  secrets: readonly string[],
  deps: SignerDeps,
): Promise<Token> {
  const { headers } = await sendForToken(login, secrets, deps);
  // Several cookies come joined by a comma; a name can hold neither comma nor equals sign (RFC 6265 §4.1.1).
  const cookies = (headers['set-cookie'] ?? '').split(/,\s*(?=[^;,=\s]+=)/);
  const value = cookies
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1)
    .split(';')[0];
  if (value !== undefined && value !== '') return { value, receivedAt: deps.now(), lifetimeSeconds };
  throw new CannotRunError('auth/bad-answer', `${login.url.origin} answered a login without the cookie ${name}.`, {
    hint: 'Check user name, password and the address of the login; a proxy or another service may answer there.',
  });
}

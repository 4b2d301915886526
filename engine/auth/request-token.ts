import {
  allowInsecureRequests,
  type ClientAuth,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
} from 'oauth4webapi';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { sendForToken } from './send-for-token.ts';
import type { SignerDeps } from './signer.ts';
import type { Token } from './token-cache.ts';

export type TokenOrder = {
  readonly tokenUrl: URL;
  /** `client_credentials`, `refresh_token` or the name of another grant. */
  readonly grantType: string;
  readonly clientId: string;
  readonly authenticate: ClientAuth;
  /** Form fields beside those of the grant itself. */
  readonly parameters: { readonly [name: string]: string };
  /** For grants in which the client is nobody by itself. */
  readonly withoutClientId?: true;
  /** To be masked in whatever the endpoint says. */
  readonly secrets: readonly string[];
};

/** RFC 6749 leaves it to the server to say; most say an hour. A shorter life shows as a 401, which renews the token. */
const USUAL_LIFETIME_SECONDS = 3600;

/**
 * Asks the token endpoint of RFC 6749 for a token. Throws a `CannotRunError`: `auth/refused`,
 * `auth/bad-answer` or `auth/unreachable`.
 */
export async function requestToken(order: TokenOrder, deps: SignerDeps): Promise<Token> {
  const server = { issuer: order.tokenUrl.origin, token_endpoint: order.tokenUrl.href };
  const client = { client_id: order.clientId };
  const response = await genericTokenEndpointRequest(
    server,
    client,
    order.authenticate,
    order.grantType,
    { ...order.parameters },
    {
      [customFetch]: (_url, { headers, body }) => send(order, headers, formText(body, order), deps),
      // The client that `send` stands for lets plain http through to loopback only, which tests and the sandbox need.
      [allowInsecureRequests]: true,
    },
  );
  const receivedAt = deps.now();
  try {
    const answer = await processGenericTokenEndpointResponse(server, client, response);
    if (answer.token_type !== 'bearer') throw new TypeError(`token_type is ${answer.token_type}`);
    if (!/^[\x21-\x7e]+$/.test(answer.access_token)) throw new TypeError('access_token fits in no header');
    return {
      value: answer.access_token,
      receivedAt,
      lifetimeSeconds: answer.expires_in ?? USUAL_LIFETIME_SECONDS,
      ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    };
  } catch (cause) {
    throw new CannotRunError(
      'auth/bad-answer',
      `${order.tokenUrl.origin} answered a token request with no bearer token.`,
      {
        hint: 'Check the address of the token endpoint; a proxy or another service may answer there.',
        cause,
      },
    );
  }
}

function formText(body: unknown, { withoutClientId }: TokenOrder): string {
  if (!(body instanceof URLSearchParams)) return '';
  if (withoutClientId === true) body.delete('client_id');
  return body.toString();
}

async function send(
  { tokenUrl, secrets }: TokenOrder,
  headers: Readonly<Record<string, string>>,
  body: string,
  deps: SignerDeps,
): Promise<Response> {
  const basic = headers['authorization']?.replace(/^Basic /, '');
  const request = { method: 'POST', url: tokenUrl, headers, body } as const;
  const answer = await sendForToken(request, basic === undefined ? secrets : [...secrets, basic], deps);
  // The content type is set so that only the body decides: some servers name none, or another; 201 is a success too.
  return new Response(answer.body, { status: 200, headers: { 'content-type': 'application/json' } });
}

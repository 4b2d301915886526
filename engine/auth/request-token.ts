import {
  allowInsecureRequests,
  type ClientAuth,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
} from 'oauth4webapi';
import type { IssueCode } from '../diagnostics/codes.ts';
import { CannotRunError, EngineError } from '../diagnostics/engine-error.ts';
import type { SignerDeps } from './signer.ts';
import type { Token } from './token-cache.ts';

export type TokenOrder = {
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly authenticate: ClientAuth;
  /** Form fields beside those of the grant itself. */
  readonly parameters: { readonly [name: string]: string };
  /** To be masked in whatever the endpoint says. */
  readonly secrets: readonly string[];
};

/** RFC 6749 leaves it to the server to say; most say an hour. A shorter life shows as a 401, which renews the token. */
const USUAL_LIFETIME_SECONDS = 3600;

/**
 * Asks for a token with the client credentials grant (RFC 6749 §4.4). Throws a `CannotRunError`: `auth/refused`,
 * `auth/bad-answer` or `auth/unreachable`.
 */
export async function requestToken(order: TokenOrder, deps: SignerDeps): Promise<Token> {
  const server = { issuer: order.tokenUrl.origin, token_endpoint: order.tokenUrl.href };
  const client = { client_id: order.clientId };
  const response = await clientCredentialsGrantRequest(
    server,
    client,
    order.authenticate,
    { ...order.parameters },
    {
      [customFetch]: (_url, { headers, body }) => send(order, headers, formText(body), deps),
      // The client that `send` stands for lets plain http through to loopback only, which tests and the sandbox need.
      [allowInsecureRequests]: true,
    },
  );
  const receivedAt = deps.now();
  try {
    const answer = await processClientCredentialsResponse(server, client, response);
    if (answer.token_type !== 'bearer') throw new TypeError(`token_type is ${answer.token_type}`);
    if (!/^[\x21-\x7e]+$/.test(answer.access_token)) throw new TypeError('access_token fits in no header');
    return { value: answer.access_token, receivedAt, lifetimeSeconds: answer.expires_in ?? USUAL_LIFETIME_SECONDS };
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

function formText(body: unknown): string {
  return body instanceof URLSearchParams ? body.toString() : '';
}

async function send(
  { tokenUrl, secrets }: TokenOrder,
  headers: Readonly<Record<string, string>>,
  body: string,
  deps: SignerDeps,
): Promise<Response> {
  const basic = headers['authorization']?.replace(/^Basic /, '');
  try {
    const request = { method: 'POST', url: tokenUrl, headers, body } as const;
    const answer = await deps.send(request, basic === undefined ? secrets : [...secrets, basic]);
    // The content type is set so that only the body decides: some servers name none, or another.
    return new Response(answer.body, { status: 200, headers: { 'content-type': 'application/json' } });
  } catch (error) {
    throw error instanceof EngineError ? cannotRun(error) : error;
  }
}

/** What a failed request for a token means; anything not listed is a refusal. */
const meanings: { readonly [Code in IssueCode]?: IssueCode } = {
  'fetch/network': 'auth/unreachable',
  'fetch/throttled': 'auth/unreachable',
  'fetch/unavailable': 'auth/unreachable',
  'fetch/not-json': 'auth/bad-answer',
  'fetch/too-large': 'auth/bad-answer',
  'fetch/foreign-link': 'auth/bad-answer',
};

function cannotRun(error: EngineError): CannotRunError {
  const code = meanings[error.code] ?? 'auth/refused';
  return new CannotRunError(code, `There is no token to be had. ${error.message}`, { hint: error.hint, cause: error });
}

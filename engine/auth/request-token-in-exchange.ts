import type { TokenAnswer } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { atPointer } from '../json-pointer.ts';
import type { HttpRequest, JsonValue } from '../records.ts';
import { sendForToken } from './send-for-token.ts';
import type { SignerDeps } from './signer.ts';
import type { Token } from './token-cache.ts';

/**
 * Sends a request whose answer holds a token of the vendor's own shape. Throws a `CannotRunError`: `auth/refused`,
 * `auth/bad-answer` or `auth/unreachable`.
 */
export async function requestTokenInExchange(
  request: HttpRequest,
  where: TokenAnswer,
  secrets: readonly string[],
  deps: SignerDeps,
): Promise<Token> {
  const answer = await sendForToken(request, secrets, deps);
  const receivedAt = deps.now();
  const body = parsed(answer.body.toString('utf8'));
  const value = atPointer(body, where.token);
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new CannotRunError(
      'auth/bad-answer',
      `${request.url.origin} answered a token request with no token at ${where.token}.`,
      { hint: 'Check the address of the token endpoint; a proxy or another service may answer there.' },
    );
  }
  const expires = where.expires === undefined ? undefined : atPointer(body, where.expires);
  return { value, receivedAt, lifetimeSeconds: secondsOf(expires, receivedAt) ?? where.lifetimeSeconds };
}

function parsed(text: string): JsonValue | undefined {
  try {
    // JSON.parse gives nothing but JSON values.
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // said as "no token" by the caller
  }
}

/** Seconds of life, given as such (number or digits) or as an instant. */
function secondsOf(expires: JsonValue | undefined, receivedAt: Date): number | undefined {
  if (typeof expires === 'number') return expires;
  if (typeof expires !== 'string') return undefined;
  if (/^\d+$/.test(expires)) return Number(expires);
  const instant = Date.parse(expires);
  return Number.isNaN(instant) ? undefined : Math.max(0, (instant - receivedAt.getTime()) / 1000);
}

import type { IssueCode } from '../diagnostics/codes.ts';
import { CannotRunError, EngineError } from '../diagnostics/engine-error.ts';
import type { HttpAnswer, HttpRequest } from '../records.ts';
import type { SignerDeps } from './signer.ts';

/** Sends a request for a token. Throws a `CannotRunError`: `auth/refused`, `auth/bad-answer` or `auth/unreachable`. */
export async function sendForToken(
  request: HttpRequest,
  secrets: readonly string[],
  deps: SignerDeps,
): Promise<HttpAnswer> {
  try {
    return await deps.send(request, secrets);
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

import type { Auth } from '../descriptor/descriptor.ts';
import type { HttpAnswer, HttpRequest } from '../records.ts';

/** Puts credentials on requests, in the way one auth kind asks for. */
export interface Signer {
  /**
   * The request with credentials. May ask for a token first, and then throw a `CannotRunError`: `auth/refused`,
   * `auth/bad-answer` or `auth/unreachable`.
   */
  sign(request: HttpRequest): Promise<HttpRequest>;
  /**
   * After a 401 on this signed request: whether signing anew may help. A token is dropped only if it is the one that
   * was refused; another stream may have renewed it already.
   */
  renew(refused: HttpRequest): boolean;
  /** What the token says was granted, for diagnosis only; `undefined` if it does not say. */
  granted(): Promise<readonly string[] | undefined>;
  /** Everything that must never be shown, as far as known by now. */
  secrets(): readonly string[];
}

/**
 * Sends a token request and gives its successful answer; throws an `EngineError` with a `fetch/…` code otherwise. The
 * secrets are to be masked in what the answer says.
 */
export type TokenSend = (request: HttpRequest, secrets: readonly string[]) => Promise<HttpAnswer>;

export type SignerDeps = {
  /** Fills a template's placeholders; `undefined` if one of them has no value. */
  readonly values: (template: string) => string | undefined;
  readonly send: TokenSend;
  readonly now: () => Date;
  readonly newUuid: () => string;
};

export type MakeSigner<Kind extends Auth['kind']> = (
  auth: Extract<Auth, { readonly kind: Kind }>,
  deps: SignerDeps,
) => Signer;

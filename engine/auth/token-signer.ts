import type { HttpRequest } from '../records.ts';
import type { Signer, SignerDeps } from './signer.ts';
import { createTokenCache, type Token } from './token-cache.ts';

export type TokenUse = {
  readonly request: () => Promise<Token>;
  /** Puts the token on a request. */
  readonly place: (request: HttpRequest, token: string) => HttpRequest;
  /** The token on a request that was refused; `undefined` if it carries none. */
  readonly read: (refused: HttpRequest) => string | undefined;
  readonly granted?: (token: string) => readonly string[] | undefined;
  /** Beside the tokens. */
  readonly secrets: () => readonly string[];
};

/** A signer whose credential is a token that is asked for, shared by all streams, and renewed before it expires or after a 401. */
export function tokenSigner({ request, place, read, granted, secrets }: TokenUse, deps: SignerDeps): Signer {
  const tokens = createTokenCache(request, deps.now);
  return {
    async sign(unsigned) {
      const { value } = await tokens.current();
      return place(unsigned, value);
    },
    renew(refused) {
      tokens.drop(read(refused) ?? '');
      return true;
    },
    async granted() {
      if (granted === undefined) return undefined;
      const { value } = await tokens.current();
      return granted(value);
    },
    secrets: () => [...secrets(), ...tokens.values()],
  };
}

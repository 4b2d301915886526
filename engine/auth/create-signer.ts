import type { Auth } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { apiKey } from './api-key.ts';
import { basic } from './basic.ts';
import { bearer } from './bearer.ts';
import { none } from './none.ts';
import { clientCredentials } from './oauth2-client-credentials.ts';
import { jwtBearer } from './oauth2-jwt-bearer.ts';
import { refreshToken } from './oauth2-refresh-token.ts';
import { session } from './session.ts';
import { signedRequest } from './signed-request.ts';
import type { MakeSigner, Signer, SignerDeps } from './signer.ts';

const signers = {
  none,
  'api-key': apiKey,
  bearer,
  basic,
  'oauth2-client-credentials': clientCredentials,
  'oauth2-jwt-bearer': jwtBearer,
  'oauth2-refresh-token': refreshToken,
  session,
  'signed-request': signedRequest,
} satisfies { [Kind in Auth['kind']]: MakeSigner<Kind> };

/**
 * The signer of an integration, to be shared by all of its streams: of several ways, the first for which the connection
 * gives what it needs.
 *
 * Throws a `CannotRunError` for credentials that are missing or cannot be used: `connection/missing-property`,
 * `connection/wrong-value` or `auth/bad-key`.
 */
export function createSigner(ways: readonly Auth[], deps: SignerDeps): Signer {
  const lacking: CannotRunError[] = [];
  for (const auth of ways) {
    // The key picks the function made for this very kind, which the compiler cannot follow through a lookup.
    const make = signers[auth.kind] as (auth: Auth, deps: SignerDeps) => Signer;
    try {
      return make(auth, deps);
    } catch (error) {
      if (!(error instanceof CannotRunError) || error.code !== 'connection/missing-property') throw error;
      lacking.push(error);
    }
  }
  const [first] = lacking;
  throw new CannotRunError('connection/missing-property', lacking.map(({ message }) => message).join(' Or: '), {
    hint: ways.length > 1 ? 'Give what one of these ways to authorise needs.' : first?.hint,
  });
}

import { headerCredential } from './credential.ts';
import { fixedSigner, withHeader } from './fixed-signer.ts';
import type { MakeSigner } from './signer.ts';

/** RFC 6750, with a token that the operator supplies. */
export const bearer: MakeSigner<'bearer'> = (auth, deps) => {
  const token = headerCredential(auth.token, deps);
  return fixedSigner([token], (request) => withHeader(request, 'authorization', `Bearer ${token}`));
};

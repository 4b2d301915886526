import { bearerHeader } from './bearer-header.ts';
import { clientAuthentication } from './client-authentication.ts';
import { credential } from './credential.ts';
import { formFields, furtherFields } from './form-fields.ts';
import { grantedClaims } from './granted-claims.ts';
import { requestToken } from './request-token.ts';
import type { MakeSigner } from './signer.ts';
import { tokenSigner } from './token-signer.ts';

export const clientCredentials: MakeSigner<'oauth2-client-credentials'> = (auth, deps) => {
  const client = clientAuthentication(auth, deps);
  const order = {
    tokenUrl: new URL(credential(auth.tokenUrl, deps)),
    grantType: 'client_credentials',
    clientId: credential(auth.clientId, deps),
    authenticate: client.authenticate,
    parameters: { ...furtherFields(auth.parameters, deps), ...formFields({ scope: auth.scope }, deps) },
    secrets: client.secrets,
  };
  const { grantedClaim } = auth;
  return tokenSigner(
    {
      ...bearerHeader,
      request: () => requestToken(order, deps),
      ...(grantedClaim === undefined ? {} : { granted: (token: string) => grantedClaims(token, grantedClaim) }),
      secrets: () => client.secrets,
    },
    deps,
  );
};

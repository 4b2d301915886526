import { bearerHeader } from './bearer-header.ts';
import { clientSecret } from './client-authentication.ts';
import { credential } from './credential.ts';
import { formFields, furtherFields } from './form-fields.ts';
import { requestToken } from './request-token.ts';
import type { MakeSigner } from './signer.ts';
import { tokenSigner } from './token-signer.ts';

/**
 * RFC 6749 §6. A server that hands out a new refresh token with each answer is followed for as long as the run lasts;
 * the operator's own is not rewritten, so a server that also voids the old one wants another way in.
 */
export const refreshToken: MakeSigner<'oauth2-refresh-token'> = (auth, deps) => {
  const client = clientSecret(auth, deps);
  const given = credential(auth.refreshToken, deps);
  const used = [given];
  const order = {
    tokenUrl: new URL(credential(auth.tokenUrl, deps)),
    grantType: 'refresh_token',
    clientId: credential(auth.clientId, deps),
    authenticate: client.authenticate,
    parameters: { ...furtherFields(auth.parameters, deps), ...formFields({ scope: auth.scope }, deps) },
  };
  const secrets = () => [...client.secrets, ...used];
  return tokenSigner(
    {
      ...bearerHeader,
      async request() {
        const parameters = { ...order.parameters, refresh_token: used.at(-1) ?? given };
        const token = await requestToken({ ...order, parameters, secrets: secrets() }, deps);
        if (token.refreshToken !== undefined) used.push(token.refreshToken);
        return token;
      },
      secrets,
    },
    deps,
  );
};

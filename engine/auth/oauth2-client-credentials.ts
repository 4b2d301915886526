import type { ClientCredentials } from '../descriptor/descriptor.ts';
import { clientAuthentication } from './client-authentication.ts';
import { credential } from './credential.ts';
import { withHeader } from './fixed-signer.ts';
import { grantedClaims } from './granted-claims.ts';
import { requestToken } from './request-token.ts';
import type { MakeSigner, SignerDeps } from './signer.ts';
import { createTokenCache } from './token-cache.ts';

export const clientCredentials: MakeSigner<'oauth2-client-credentials'> = (auth, deps) => {
  const client = clientAuthentication(auth, deps);
  const order = {
    tokenUrl: new URL(credential(auth.tokenUrl, deps)),
    clientId: credential(auth.clientId, deps),
    authenticate: client.authenticate,
    parameters: formFields(auth, deps),
    secrets: client.secrets,
  };
  const tokens = createTokenCache(() => requestToken(order, deps), deps.now);
  return {
    async sign(request) {
      const { value } = await tokens.current();
      return withHeader(request, 'authorization', `Bearer ${value}`);
    },
    renew(refused) {
      tokens.drop(refused.headers['authorization']?.replace(/^Bearer /, '') ?? '');
      return true;
    },
    async granted() {
      if (auth.grantedClaim === undefined) return undefined;
      const { value } = await tokens.current();
      return grantedClaims(value, auth.grantedClaim);
    },
    secrets: () => [...client.secrets, ...tokens.values()],
  };
};

function formFields({ scope, parameters }: ClientCredentials, deps: SignerDeps): Record<string, string> {
  const templates = { ...parameters, ...(scope === undefined ? {} : { scope }) };
  return Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, credential(template, deps)]));
}

import { None } from 'oauth4webapi';
import type { JwtBearer } from '../descriptor/descriptor.ts';
import { bearerHeader } from './bearer-header.ts';
import { credential } from './credential.ts';
import { formFields, furtherFields } from './form-fields.ts';
import { readSigningKey } from './signing-key.ts';
import { signJwt } from './sign-jwt.ts';
import { requestToken } from './request-token.ts';
import { requestTokenInExchange } from './request-token-in-exchange.ts';
import type { MakeSigner, SignerDeps } from './signer.ts';
import type { Token } from './token-cache.ts';
import { tokenSigner } from './token-signer.ts';

/** The grant's name in RFC 7523 §2.1. */
const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export const jwtBearer: MakeSigner<'oauth2-jwt-bearer'> = (auth, deps) => {
  const pem = credential(auth.privateKey, deps);
  const makeJwt = jwtMaker(auth, pem, deps);
  const tokenUrl = new URL(credential(auth.tokenUrl, deps));
  const parameters = furtherFields(auth.parameters, deps);
  const { exchange } = auth;
  const request = async (): Promise<Token> => {
    const jwt = await makeJwt();
    const secrets = [pem, jwt];
    if (exchange !== undefined) {
      const headers = { authorization: `Bearer ${jwt}`, accept: 'application/json' };
      return requestTokenInExchange({ method: 'POST', url: tokenUrl, headers }, exchange, secrets, deps);
    }
    return requestToken(
      {
        tokenUrl,
        grantType: jwtBearerGrant,
        // The assertion says who asks; the client itself proves nothing (RFC 7521 §4.1).
        clientId: 'unused',
        authenticate: None(),
        parameters: { ...parameters, assertion: jwt },
        withoutClientId: true,
        secrets,
      },
      deps,
    );
  };
  return tokenSigner({ ...bearerHeader, request, secrets: () => [pem] }, deps);
};

function jwtMaker(auth: JwtBearer, pem: string, deps: SignerDeps): () => Promise<string> {
  const key = readSigningKey(pem, auth.algorithm);
  const keyId = auth.keyId === undefined ? undefined : deps.values(auth.keyId);
  const claims = { aud: credential(auth.tokenUrl, deps), ...formFields(auth.claims, deps) };
  const header = { alg: auth.algorithm, ...(keyId === undefined || keyId === '' ? {} : { kid: keyId }) };
  return () => signJwt(key, header, claims, auth.lifetimeSeconds, deps);
}

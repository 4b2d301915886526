import { type KeyObject, webcrypto } from 'node:crypto';
import {
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
} from 'oauth4webapi';
import type { ClientCredentials, RefreshToken } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { type CertificateKey, readCertificateKey } from './certificate-key.ts';
import { credential } from './credential.ts';
import { readSigningKey } from './signing-key.ts';
import { signJwt } from './sign-jwt.ts';
import type { SignerDeps } from './signer.ts';

export type ClientAuthentication = {
  /** Puts the client's proof on a token request. */
  readonly authenticate: ClientAuth;
  readonly secrets: readonly string[];
};

/** Between the five minutes that clocks may differ and the ten that servers accept at most. */
const ASSERTION_LIFETIME_SECONDS = 9 * 60;

/**
 * How the client proves itself: with the certificate if there is one, else with the private key, else with the secret. Throws
 * `connection/missing-property` or `auth/bad-key`.
 */
export function clientAuthentication(auth: ClientCredentials, deps: SignerDeps): ClientAuthentication {
  const pem = given(auth.clientCertificate, deps);
  if (pem !== undefined) {
    return { authenticate: certificateAssertion(readCertificateKey(pem), auth, deps), secrets: [pem] };
  }
  const key = given(auth.privateKey, deps);
  if (key !== undefined) return { authenticate: keyAssertion(key, auth, deps), secrets: [key] };
  if (given(auth.clientSecret, deps) === undefined) throw nothingGiven(auth);
  return clientSecret(auth, deps);
}

/** With the secret if there is one; a public client proves nothing. */
export function clientSecret(
  auth: Pick<ClientCredentials | RefreshToken, 'clientSecret' | 'sendSecret'>,
  deps: SignerDeps,
): ClientAuthentication {
  const secret = given(auth.clientSecret, deps);
  if (secret === undefined) return { authenticate: None(), secrets: [] };
  const authenticate = auth.sendSecret === 'basic' ? ClientSecretBasic(secret) : ClientSecretPost(secret);
  return { authenticate, secrets: [secret] };
}

function given(template: string | undefined, { values }: SignerDeps): string | undefined {
  const value = template === undefined ? undefined : values(template);
  return value === '' ? undefined : value;
}

function nothingGiven(auth: ClientCredentials): CannotRunError {
  const either = [auth.clientSecret, auth.clientCertificate, auth.privateKey]
    .filter((template) => template !== undefined)
    .join(' or ');
  return new CannotRunError('connection/missing-property', `The credentials are incomplete: ${either} has no value.`, {
    hint: 'Give one of them with --set, --connection or the environment.',
  });
}

/** RFC 7523 §2.2, the key named by the id it was registered under. */
function keyAssertion(text: string, auth: ClientCredentials, deps: SignerDeps): ClientAuth {
  const key = readSigningKey(text, auth.algorithm);
  const keyId = given(auth.keyId, deps);
  const header = { alg: auth.algorithm, ...(keyId === undefined ? {} : { kid: keyId }) };
  const aud = credential(auth.tokenUrl, deps);
  return async (_as, client, body) => {
    const claims = { iss: client.client_id, sub: client.client_id, aud };
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    body.set('client_assertion', await signJwt(key, header, claims, ASSERTION_LIFETIME_SECONDS, deps));
  };
}

/** RFC 7523 §2.2, signed PS256, the certificate named by its SHA-256 thumbprint. */
function certificateAssertion(key: CertificateKey, auth: ClientCredentials, deps: SignerDeps): ClientAuth {
  const tokenUrl = credential(auth.tokenUrl, deps);
  let cryptoKey: Promise<webcrypto.CryptoKey> | undefined;
  return async (as, client, body, headers) => {
    cryptoKey ??= toCryptoKey(key.privateKey);
    const prove = PrivateKeyJwt(await cryptoKey, {
      [modifyAssertion](header, claims) {
        const now = Math.floor(deps.now().getTime() / 1000);
        delete header['kid'];
        Object.assign(header, { typ: 'JWT', 'x5t#S256': key.thumbprint });
        Object.assign(claims, { aud: tokenUrl, iat: now, nbf: now, exp: now + ASSERTION_LIFETIME_SECONDS });
        claims['jti'] = deps.newUuid();
      },
    });
    await prove(as, client, body, headers);
  };
}

async function toCryptoKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, { name: 'RSA-PSS', hash: 'SHA-256' }, false, ['sign']);
}

import { type KeyObject, webcrypto } from 'node:crypto';
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, modifyAssertion, PrivateKeyJwt } from 'oauth4webapi';
import type { ClientCredentials } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { type CertificateKey, readCertificateKey } from './certificate-key.ts';
import { credential } from './credential.ts';
import type { SignerDeps } from './signer.ts';

export type ClientAuthentication = {
  /** Puts the client's proof on a token request. */
  readonly authenticate: ClientAuth;
  readonly secrets: readonly string[];
};

/** Between the five minutes that clocks may differ and the ten that servers accept at most. */
const ASSERTION_LIFETIME_SECONDS = 9 * 60;

/**
 * How the client proves itself: with the certificate if there is one, else with the secret. Throws
 * `connection/missing-property` or `auth/bad-key`.
 */
export function clientAuthentication(auth: ClientCredentials, deps: SignerDeps): ClientAuthentication {
  const pem = given(auth.clientCertificate, deps);
  if (pem !== undefined) {
    return { authenticate: certificateAssertion(readCertificateKey(pem), auth, deps), secrets: [pem] };
  }
  const secret = given(auth.clientSecret, deps);
  if (secret === undefined) throw nothingGiven(auth);
  const authenticate = auth.sendSecret === 'basic' ? ClientSecretBasic(secret) : ClientSecretPost(secret);
  return { authenticate, secrets: [secret] };
}

function given(template: string | undefined, { values }: SignerDeps): string | undefined {
  const value = template === undefined ? undefined : values(template);
  return value === '' ? undefined : value;
}

function nothingGiven({ clientSecret, clientCertificate }: ClientCredentials): CannotRunError {
  const either = [clientSecret, clientCertificate].filter((template) => template !== undefined).join(' or ');
  return new CannotRunError('connection/missing-property', `The credentials are incomplete: ${either} has no value.`, {
    hint: 'Give one of them with --set, --connection or the environment.',
  });
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

import { constants, createHash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { AssertionDescription } from './sandbox-description.ts';

/** A certificate the invented application is registered with. */
export type RegisteredCertificate = { readonly thumbprint: string; readonly publicKey: KeyObject };

/** A client assertion (RFC 7523) taken apart, nothing checked yet. */
export type Assertion = {
  readonly header: { readonly [name: string]: unknown };
  readonly claims: { readonly [name: string]: unknown };
  readonly signed: string;
  readonly signature: Buffer;
};

/** Clocks may differ by this much. */
const leewaySeconds = 300;

export function registerCertificate(pem: string): RegisteredCertificate {
  try {
    const certificate = new X509Certificate(pem);
    const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
    return { thumbprint, publicKey: certificate.publicKey };
  } catch (cause) {
    throw new CannotRunError('sandbox/wrong-value', 'A certificate given to the sandbox is no PEM certificate.', {
      hint: 'It begins with -----BEGIN CERTIFICATE-----.',
      cause,
    });
  }
}

export function readAssertion(jwt: string): Assertion | undefined {
  const [header = '', claims = '', signature = '', ...more] = jwt.split('.');
  const [readHeader, readClaims] = [readPart(header), readPart(claims)];
  if (more.length > 0 || readHeader === undefined || readClaims === undefined) return undefined;
  return {
    header: readHeader,
    claims: readClaims,
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

/** Whether a registered certificate is named by `x5t#S256` and made the signature. */
export function isTrusted(
  assertion: Assertion,
  registered: readonly RegisteredCertificate[],
  algorithm: AssertionDescription['algorithm'],
): boolean {
  const named = registered.find(({ thumbprint }) => thumbprint === assertion.header['x5t#S256']);
  return named !== undefined && isSignedBy(assertion, named.publicKey, algorithm);
}

/** Whether the key made the signature, by the one algorithm that is allowed (RFC 7518 §3). */
export function isSignedBy(
  { header, signed, signature }: Assertion,
  publicKey: KeyObject,
  algorithm: AssertionDescription['algorithm'],
): boolean {
  if (header['alg'] !== algorithm) return false;
  const hash = `sha${algorithm.slice(2)}`;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const how = { PS: pss, RS: {}, ES: { dsaEncoding: 'ieee-p1363' as const } }[algorithm.slice(0, 2)] ?? {};
  return verify(hash, Buffer.from(signed), { key: publicKey, ...how }, signature);
}

/** `longestSeconds`: how far ahead its end may lie. */
export function isInTime({ claims }: Assertion, now: Date, longestSeconds = Number.POSITIVE_INFINITY): boolean {
  const seconds = now.getTime() / 1000;
  const { exp, nbf, iat } = claims;
  if (typeof exp !== 'number' || exp + leewaySeconds < seconds || exp - leewaySeconds > seconds + longestSeconds)
    return false;
  return [nbf, iat].every((at) => at === undefined || (typeof at === 'number' && at - leewaySeconds <= seconds));
}

export function isAbout({ claims }: Assertion, clientId: string, audience: string): boolean {
  const { iss, sub, aud, jti } = claims;
  return (
    iss === clientId &&
    (sub === undefined || sub === clientId) &&
    aud === audience &&
    typeof jti === 'string' &&
    jti !== ''
  );
}

function readPart(part: string): { readonly [name: string]: unknown } | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    // Every key of an object can be read as unknown.
    return typeof read === 'object' && read !== null ? (read as { readonly [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

import { createPrivateKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';

const fewestRsaBits = 2048;

/** The curve that each ES algorithm is defined with (RFC 7518 §3.4). */
const curves: { readonly [algorithm: string]: string } = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

/** A private key as PEM (PKCS#8, PKCS#1, SEC 1; line feeds may be spelled `\n`) or as JWK. Throws `auth/bad-key`. */
export function readSigningKey(text: string, algorithm: JwtAlgorithm): KeyObject {
  const key = readKey(text.trim());
  const wanted = algorithm.startsWith('ES') ? 'ec' : 'rsa';
  if (key.asymmetricKeyType !== wanted) {
    throw badKey(
      `The private key is of type ${key.asymmetricKeyType ?? 'unknown'}, but ${algorithm} needs ${wanted === 'ec' ? 'an EC' : 'an RSA'} key.`,
      'Give the key that was registered with the vendor, or correct the algorithm.',
    );
  }
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (wanted === 'rsa' && modulusLength < fewestRsaBits) {
    throw badKey(
      `The private key has ${modulusLength} bits, but must have at least ${fewestRsaBits}.`,
      'Make a longer RSA key.',
    );
  }
  if (wanted === 'ec' && namedCurve !== curves[algorithm]) {
    throw badKey(
      `The private key lies on the curve ${namedCurve}, but ${algorithm} needs ${curves[algorithm] ?? ''}.`,
      'Make a key for that curve, or correct the algorithm.',
    );
  }
  return key;
}

function readKey(text: string): KeyObject {
  try {
    if (text.startsWith('{')) {
      // What is no JWK is refused by createPrivateKey.
      return createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' });
    }
    return createPrivateKey(text.includes('\n') ? text : text.replaceAll('\\r', '').replaceAll('\\n', '\n'));
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(text);
    throw badKey(
      encrypted ? 'The private key is encrypted with a passphrase.' : 'The private key cannot be read.',
      encrypted
        ? 'Give it without: openssl pkey -in key.pem -out plain.pem, and keep that file safe.'
        : 'Give it as PEM or JWK, whole and unchanged.',
      // The text of a parse error may quote the key.
      encrypted || !text.startsWith('{') ? cause : undefined,
    );
  }
}

function badKey(message: string, hint: string, cause?: unknown): CannotRunError {
  return new CannotRunError('auth/bad-key', message, { hint, cause });
}

import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { CannotRunError } from '../diagnostics/engine-error.ts';

export type CertificateKey = {
  readonly privateKey: KeyObject;
  /** base64url of the SHA-256 of the certificate in DER; the JOSE header `x5t#S256`. */
  readonly thumbprint: string;
};

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----/gs;
const FEWEST_BITS = 2048;

/**
 * Private key and certificate from one PEM text, in any order, the key as PKCS#8 or PKCS#1. Of several certificates (a
 * chain) the key's own is taken. Throws `auth/bad-key`.
 */
export function readCertificateKey(pem: string): CertificateKey {
  const blocks = [...withLineBreaks(pem).matchAll(BLOCK)].map(([text, label = '']) => ({ text, label }));
  const key = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (key === undefined) throw missing('private key', certificates.length > 0);
  if (certificates.length === 0) throw missing('certificate', true);
  const privateKey = readKey(key.text);
  const own = certificates.map(({ text }) => readCertificate(text)).find((one) => one.checkPrivateKey(privateKey));
  if (own === undefined) {
    throw badKey(
      'The certificate and the private key do not belong together.',
      'Give the certificate made for this key.',
    );
  }
  return { privateKey, thumbprint: createHash('sha256').update(own.raw).digest('base64url') };
}

/** Environment variables often hold a PEM text in one line, with `\n` spelled out. */
function withLineBreaks(pem: string): string {
  return pem.includes('\n') ? pem : pem.replaceAll('\\r', '').replaceAll('\\n', '\n');
}

function readKey(text: string): KeyObject {
  if (/^-----BEGIN ENCRYPTED|Proc-Type:.*ENCRYPTED/m.test(text)) {
    throw badKey(
      'The private key is encrypted with a passphrase.',
      'Give it without: openssl pkey -in key.pem -out plain.pem, and keep that file safe.',
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (cause) {
    throw badKey('The private key cannot be read.', 'Give it as PEM, whole and unchanged (PKCS#8 or PKCS#1).', cause);
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw badKey(
      `The private key is of type ${key.asymmetricKeyType ?? 'unknown'}, but must be RSA.`,
      'Make an RSA key.',
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < FEWEST_BITS) {
    throw badKey(`The private key has ${bits} bits, but must have at least ${FEWEST_BITS}.`, 'Make a longer RSA key.');
  }
  return key;
}

function readCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw badKey('The certificate cannot be read.', 'Give it as PEM, whole and unchanged.', cause);
  }
}

function missing(part: string, hasOther: boolean): CannotRunError {
  const message = hasOther
    ? `The PEM text holds no ${part}.`
    : 'The text is no PEM: it holds neither key nor certificate.';
  return badKey(message, 'Give one text with both: -----BEGIN CERTIFICATE----- and -----BEGIN PRIVATE KEY-----.');
}

function badKey(message: string, hint: string, cause?: unknown): CannotRunError {
  return new CannotRunError('auth/bad-key', message, { hint, cause });
}

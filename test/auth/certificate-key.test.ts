import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCertificateKey } from '../../engine/auth/certificate-key.ts';
import { CannotRunError } from '../../engine/diagnostics/engine-error.ts';
import { makeCertificate } from '../support/certificate.ts';

const own = makeCertificate();
const other = makeCertificate();

function complaint(pem: string): string {
  try {
    readCertificateKey(pem);
  } catch (error) {
    if (!(error instanceof CannotRunError) || error.code !== 'auth/bad-key') throw error;
    expect(error.hint).toBeDefined();
    // No line of the key may be shown.
    expect(`${error.message} ${error.hint ?? ''}`).not.toMatch(/MII/);
    return error.message;
  }
  return 'none';
}

describe('a PEM text that does not do', () => {
  it.each([
    ['without a key', own.certificate, 'The PEM text holds no private key.'],
    ['without a certificate', own.key, 'The PEM text holds no certificate.'],
    ['that is none', 'hush', 'The text is no PEM: it holds neither key nor certificate.'],
    ['that is empty', '', 'The text is no PEM: it holds neither key nor certificate.'],
    ['that lost its end', own.certificate + own.key.slice(0, 500), 'The PEM text holds no private key.'],
  ])('%s', (_, pem, message) => {
    expect(complaint(pem)).toBe(message);
  });

  it('because key and certificate do not belong together', () => {
    expect(complaint(own.key + other.certificate)).toBe('The certificate and the private key do not belong together.');
  });

  it('because the key is encrypted', () => {
    const protection = { cipher: 'aes-256-cbc', passphrase: 'hush' };
    const pkcs8 = own.privateKey.export({ type: 'pkcs8', format: 'pem', ...protection }).toString();
    const pkcs1 = own.privateKey.export({ type: 'pkcs1', format: 'pem', ...protection }).toString();

    expect(complaint(pkcs8 + own.certificate)).toContain('encrypted');
    expect(complaint(pkcs1 + own.certificate)).toContain('encrypted');
  });

  it('because key or certificate are damaged', () => {
    const damage = (pem: string): string => pem.replace(/\n.{8}/, '\nAAAAAAAA');

    expect(complaint(damage(own.key) + own.certificate)).toBe('The private key cannot be read.');
    expect(complaint(own.key + damage(own.certificate))).toBe('The certificate cannot be read.');
  });

  it('because the key is not RSA, or too short', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const short = makeCertificate(1024);

    expect(complaint(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + own.certificate)).toContain(
      'type ec, but must be RSA',
    );
    expect(complaint(short.key + short.certificate)).toContain('1024 bits');
  });
});

describe('a PEM text that does', () => {
  const thumbprint = createHash('sha256').update(new X509Certificate(own.certificate).raw).digest('base64url');

  it.each([
    ['certificate first', own.certificate + own.key],
    ['key first', own.key + own.certificate],
    ['with notes between', `Bag Attributes\n${own.key}subject=localhost\n${own.certificate}`],
    ['with a chain', own.key + other.certificate + own.certificate],
    ['with Windows line ends', (own.certificate + own.key).replaceAll('\n', '\r\n')],
    ['in one line, as environment variables often hold it', (own.certificate + own.key).replaceAll('\n', '\\n')],
    ['with a PKCS#1 key', own.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() + own.certificate],
  ])('%s', (_, pem) => {
    const { thumbprint: read, privateKey } = readCertificateKey(pem);

    expect(read).toBe(thumbprint);
    expect(privateKey.equals(own.privateKey)).toBe(true);
  });
});

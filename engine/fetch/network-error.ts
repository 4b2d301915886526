import { FetchError } from './fetch-error.ts';

type Kind = { readonly codes: RegExp; readonly says: string; readonly hint: string; readonly retryable: boolean };

/** From the error codes of Node's `dns`, `net`, `tls`, `http` and `zlib`; the first that fits decides. */
const kinds: readonly Kind[] = [
  {
    codes: /^(ENOTFOUND|ENODATA)$/,
    says: 'the host name is not known to DNS',
    hint: 'Check the host name for a slip, and the DNS of this machine.',
    retryable: false,
  },
  {
    codes: /^EAI_/,
    says: 'the name could not be looked up just now',
    hint: 'Check the DNS and the network of this machine.',
    retryable: true,
  },
  {
    codes: /^ECONNREFUSED$/,
    says: 'the connection was refused',
    hint: 'Check host and port, and that no firewall stands between.',
    retryable: true,
  },
  {
    codes: /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    says: 'there is no way to the host from here',
    hint: 'Check the network and the firewall of this machine.',
    retryable: true,
  },
  {
    codes: /^(ETIMEDOUT|ESOCKETTIMEDOUT)$/,
    says: 'it timed out',
    hint: 'Try again later; if it happens often, ask for smaller pages or raise the timeouts of the descriptor.',
    retryable: true,
  },
  {
    codes: /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_CERT)/,
    says: 'its TLS certificate is not trusted',
    hint: 'If a proxy of yours inspects TLS, give its root certificate to Node with NODE_EXTRA_CA_CERTS; else check the host.',
    retryable: false,
  },
  {
    codes: /^(EPROTO|ERR_SSL_|ERR_TLS_)/,
    says: 'no TLS connection could be agreed',
    hint: 'Check that the address really speaks https.',
    retryable: false,
  },
  {
    codes: /^HPE_/,
    says: 'what came back is not HTTP',
    hint: 'Check host and port; something else may be listening there.',
    retryable: true,
  },
  {
    codes: /^(Z_|ERR__ERROR_FORMAT|ERR_BROTLI)/,
    says: 'the compressed answer was damaged or cut off',
    hint: 'Try again later; if it stays, look for a proxy that alters answers.',
    retryable: true,
  },
  {
    codes: /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|ERR_HTTP_CONTENT_LENGTH_MISMATCH)$/,
    says: 'the connection broke off before the answer was whole',
    hint: 'Try again later; if it stays, look for a proxy or firewall that cuts connections.',
    retryable: true,
  },
];

const unknown: Omit<Kind, 'codes'> = {
  says: 'the connection failed',
  hint: 'Check the network of this machine and try again.',
  retryable: true,
};

/** What went wrong below HTTP as one plain sentence, and whether another try may help. */
export function networkError(name: string, error: unknown): FetchError {
  const code = errorCode(error);
  const kind = kinds.find(({ codes }) => codes.test(code)) ?? unknown;
  const shown = code === '' ? '' : ` (${code})`;
  return new FetchError('fetch/network', `${name} failed: ${kind.says}${shown}.`, {
    hint: kind.hint,
    retryable: kind.retryable,
    cause: error,
  });
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  // got keeps the code of what it wraps; an error of several addresses tried (AggregateError) holds it one deeper.
  if ('code' in error && typeof error.code === 'string' && error.code !== 'ERR_GOT_REQUEST_ERROR') return error.code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return errorCode(error.cause);
}

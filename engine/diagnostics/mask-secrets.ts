const MASK = '***';
/** Shorter values are no secrets worth the name, and masking them would tear words apart. */
const SHORTEST_SECRET = 4;
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * The text without the secrets, in clear or encoded as in an address or a form, and without anything that looks like a
 * signed token. For texts that come from outside, which may echo what we sent.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets.filter(({ length }) => length >= SHORTEST_SECRET)) {
    for (const shape of [secret, encodeURIComponent(secret), formEncoded(secret)])
      masked = masked.replaceAll(shape, MASK);
  }
  return masked.replace(JWT, MASK);
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

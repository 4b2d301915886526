const MASK = '***';
/** Shorter values are no secrets worth the name, and masking them would tear words apart. */
const SHORTEST_SECRET = 4;
const JWT = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * The text without the secrets, in clear or percent-encoded, and without anything that looks like a signed token.
 * For texts that come from outside, which may echo what we sent.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST_SECRET) continue;
    masked = masked.replaceAll(secret, MASK).replaceAll(encodeURIComponent(secret), MASK);
  }
  return masked.replace(JWT, MASK);
}

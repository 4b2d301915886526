/**
 * What the claim of a JWT lists, unverified: a list, or words with spaces between. A JWT without the claim grants
 * nothing (`[]`); a token that is no JWT does not say (`undefined`).
 */
export function grantedClaims(token: string, claim: string): readonly string[] | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return undefined;
  const granted = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (typeof granted === 'string') return granted.split(' ').filter((name) => name !== '');
  return Array.isArray(granted) ? granted.filter((name) => typeof name === 'string') : [];
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  const [, payload, ...rest] = token.split('.');
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    // Checked to be an object, whose values stay unknown.
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { JwtAlgorithm } from '../descriptor/descriptor.ts';
import type { SignerDeps } from './signer.ts';

/** Clocks differ by a little; a JWT from the future is refused. */
const backdateSeconds = 30;

/** A JWT that begins to hold a moment ago, with an id of its own. */
export function signJwt(
  key: KeyObject,
  header: { readonly alg: JwtAlgorithm; readonly kid?: string },
  claims: { readonly [name: string]: string },
  lifetimeSeconds: number,
  deps: Pick<SignerDeps, 'now' | 'newUuid'>,
): Promise<string> {
  const now = Math.floor(deps.now().getTime() / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'JWT', ...header })
    .setIssuedAt(now - backdateSeconds)
    .setExpirationTime(now + lifetimeSeconds)
    .setJti(deps.newUuid())
    .sign(key);
}

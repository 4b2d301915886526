import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../records.ts';

/** Signs with a key that lives as long as the process: no token outlives its sandbox. */
export function issueToken(claims: JsonObject, key: Buffer): string {
  const signed = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  return `${signed}.${sign(signed, key)}`;
}

export function judgeToken(token: string, key: Buffer, now: Date): 'good' | 'bad' | 'expired' {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const expected = Buffer.from(sign(`${header}.${claims}`, key));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'bad';
  // Ours: the signature has just proved it.
  const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number };
  return exp * 1000 > now.getTime() ? 'good' : 'expired';
}

function encode(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function sign(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

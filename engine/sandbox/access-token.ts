import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JsonObject } from '../records.ts';

/** The claim that holds all a token opens, where that is less than everything granted. */
const scopesClaim = 'sandbox_scopes';

/** Signs with a key that lives as long as the process: no token outlives its sandbox. */
export function issueToken(claims: JsonObject, key: Buffer, scopes?: readonly string[]): string {
  const all = scopes === undefined ? claims : { ...claims, [scopesClaim]: [...scopes] };
  const signed = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(all)}`;
  return `${signed}.${sign(signed, key)}`;
}

export type JudgedToken = { readonly verdict: 'good' | 'bad' | 'expired'; readonly scopes?: readonly string[] };

export function judgeToken(token: string, key: Buffer, now: Date): JudgedToken {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const expected = Buffer.from(sign(`${header}.${claims}`, key));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { verdict: 'bad' };
  // Ours: the signature has just proved it.
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number; [scopesClaim]?: string[] };
  const scopes = read[scopesClaim];
  const verdict = read.exp * 1000 > now.getTime() ? 'good' : 'expired';
  return { verdict, ...(scopes !== undefined && { scopes }) };
}

function encode(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function sign(text: string, key: Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

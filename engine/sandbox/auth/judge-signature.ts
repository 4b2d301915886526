import { createHash, createHmac } from 'node:crypto';
import type { Exchange } from '../exchange.ts';
import { asText, fill } from '../fill.ts';
import type { SignatureDescription } from '../sandbox-description.ts';
import { canonicalPairs } from './canonical-pairs.ts';
import { headerValue, type Judgement } from './judge-request.ts';

/** Makes the HMAC again over the request that arrived, and looks at its clock. */
export function judgeSignature(auth: SignatureDescription, exchange: Exchange, now: Date): Judgement {
  const sent = readSignature(auth, exchange);
  if (sent === undefined) return 'absent';
  if (auth.keyId !== undefined && sent.keyId !== known(auth.keyId, exchange)) return { refused: 'unknown-key' };
  const date = headerValue(exchange.headers, auth.date.header);
  if (date === undefined || !isNear(date, now, auth.date.toleranceSeconds)) return { refused: 'bad-date' };
  return sent.signature === expected(auth, exchange, date) ? {} : { refused: 'bad-signature' };
}

type Sent = { readonly keyId: string | undefined; readonly signature: string };

function readSignature({ header, keyId }: SignatureDescription, exchange: Exchange): Sent | undefined {
  const { headers } = exchange;
  if (header === undefined) {
    const [, encoded] = /^basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (encoded === undefined) return undefined;
    const [user = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return { keyId: user, signature: rest.join(':') };
  }
  const value = headerValue(headers, header.name);
  if (value === undefined) return undefined;
  const found = new RegExp(`^${pattern(header.value, exchange)}$`).exec(value)?.groups;
  if (found === undefined) return undefined;
  return { keyId: found['keyId'] ?? (keyId && known(keyId, exchange)), signature: found['signature'] ?? '' };
}

/** What the header must look like; the two parts that are read from it have names. */
function pattern(template: string, exchange: Exchange): string {
  return template
    .split(/(\{\w+\})/)
    .map((part) => {
      if (part === '{signature}') return '(?<signature>.+?)';
      if (part === '{keyId}') return '(?<keyId>.+?)';
      return known(part, exchange).replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
    })
    .join('');
}

function expected(auth: SignatureDescription, exchange: Exchange, date: string): string {
  const parts = { ...partsOf(auth, exchange), date };
  const text = auth.sign.map((line) => writeLine(line, parts, exchange)).join('\n');
  return createHmac(auth.algorithm, known(auth.key, exchange)).update(text).digest(auth.encoding);
}

type Parts = { readonly [name: string]: string };

function partsOf({ signedHeaders }: SignatureDescription, { method, url, headers, body }: Exchange): Parts {
  const covered = Object.keys(headers)
    .filter((name) => signedHeaders !== undefined && name.startsWith(signedHeaders.toLowerCase()))
    .sort()
    .flatMap((name) => [name, headerValue(headers, name) ?? '']);
  return {
    method,
    host: (headers.host ?? '').replace(/:\d+$/, '').toLowerCase(),
    path: url.pathname,
    query: canonicalPairs(url.search.slice(1)),
    body,
    headers: covered.join('\0'),
  };
}

function writeLine(line: string, parts: Parts, exchange: Exchange): string {
  return line.replace(/\{(\w+)(?:\.(sha1|sha256|sha512))?\}/g, (whole, name: string, hash?: string) => {
    const part = parts[name];
    if (part === undefined) return known(whole, exchange);
    return hash === undefined ? part : createHash(hash).update(part).digest('hex');
  });
}

function known(template: string, { values }: Exchange): string {
  return asText(fill(template, values) ?? '');
}

/** A date of HTTP or mail, ISO 8601, or seconds or milliseconds since 1970. */
function isNear(date: string, now: Date, toleranceSeconds: number): boolean {
  const number = Number(date);
  const ms = Number.isNaN(number) ? Date.parse(date) : number * (number < 1e11 ? 1000 : 1);
  return Math.abs(ms - now.getTime()) <= toleranceSeconds * 1000;
}

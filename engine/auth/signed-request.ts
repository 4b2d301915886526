import { createHash, createHmac } from 'node:crypto';
import type { SignedRequest, Template } from '../descriptor/descriptor.ts';
import { placeholder } from '../descriptor/placeholders.ts';
import type { HttpRequest } from '../records.ts';
import { credential } from './credential.ts';
import { fixedSigner, withHeader } from './fixed-signer.ts';
import type { MakeSigner, SignerDeps } from './signer.ts';
import { canonicalQuery } from './canonical-query.ts';

/**
 * Signs each request, and each try of it, anew. The canonical query is also what is sent, so that what is signed and
 * what is sent cannot differ.
 */
export const signedRequest: MakeSigner<'signed-request'> = (auth, deps) => {
  const key = credential(auth.key, deps);
  return fixedSigner([key], (request) => {
    const date = writtenDate(auth.date.format, deps.now());
    const dated = withHeader(withQuery(request, canonicalQuery(request.url.search)), auth.date.header, date);
    const parts = requestParts(dated, date, auth.signedHeaders);
    const text = auth.sign.map((line) => fill(line, parts, deps)).join('\n');
    const signature = createHmac(auth.algorithm, key).update(text, 'utf8').digest(auth.encoding);
    return withHeader(dated, auth.header.name, headerValue(auth.header.value, signature, deps));
  });
};

/** What `{date}` and the others stand for. */
type Parts = { readonly [name: string]: string };

function requestParts(
  { method, url, headers, body = '' }: HttpRequest,
  date: string,
  signed: readonly string[],
): Parts {
  const names = signed.map((name) => name.toLowerCase()).sort();
  const covered = names.flatMap((name) => (headers[name] === undefined ? [] : [name, headers[name]]));
  return {
    date,
    method,
    host: url.hostname.toLowerCase(),
    path: url.pathname,
    query: url.search.slice(1),
    body,
    headers: covered.join('\0'),
  };
}

function fill(template: Template, parts: Parts, deps: SignerDeps): string {
  return template
    .split(placeholder)
    .map((part, index) => (index % 2 === 0 ? part : valueOf(part, parts, deps)))
    .join('');
}

function valueOf(name: string, parts: Parts, deps: SignerDeps): string {
  const [part = '', hash] = name.split('.');
  const value = parts[part];
  if (value === undefined) return credential(`{${name}}`, deps);
  return hash === undefined ? value : createHash(hash).update(value, 'utf8').digest('hex');
}

function headerValue(value: SignedRequest['header']['value'], signature: string, deps: SignerDeps): string {
  if (typeof value === 'string') return fill(value, { signature }, deps);
  const pair = value.map((each) => fill(each, { signature }, deps)).join(':');
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

function withQuery(request: HttpRequest, query: string): HttpRequest {
  const url = new URL(request.url);
  url.search = query;
  return { ...request, url };
}

function writtenDate(format: SignedRequest['date']['format'], now: Date): string {
  switch (format) {
    case 'rfc2822':
      return now.toUTCString().replace('GMT', '-0000');
    case 'iso':
      return now.toISOString();
    case 'epoch-s':
      return String(Math.floor(now.getTime() / 1000));
    case 'epoch-ms':
      return String(now.getTime());
    default:
      return format satisfies never;
  }
}

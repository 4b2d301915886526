import type { IncomingHttpHeaders } from 'node:http';
import { judgeToken } from '../access-token.ts';
import type { Exchange } from '../exchange.ts';
import { asText, fill } from '../fill.ts';
import type { AuthDescription, NamedError, SandboxDescription, Template } from '../sandbox-description.ts';
import { judgeSignature } from './judge-signature.ts';

/** What a request proved: nothing it needed, not enough, or who it is and what that opens. */
export type Judgement = 'absent' | { readonly refused: NamedError } | Caller;

export type Caller = {
  /** All that the token opens; absent: everything that was granted. */
  readonly scopes?: readonly string[];
};

type Judge = { readonly description: SandboxDescription; readonly key: Buffer; readonly now: () => Date };

/**
 * Any proof that is good lets a request in; otherwise the first that was sent says what is wrong. Shares no code with
 * the engine's signers, so that a mistake there is found here.
 */
export function judgeRequest(judge: Judge, exchange: Exchange): { readonly refused: NamedError } | Caller {
  const judged = judge.description.auth.map((auth) => judgeOne(auth, judge, exchange));
  const sent = judged.filter((one) => one !== 'absent');
  return sent.find((one) => !('refused' in one)) ?? sent[0] ?? { refused: 'no-token' };
}

function judgeOne(auth: AuthDescription, judge: Judge, exchange: Exchange): Judgement {
  const { headers, url } = exchange;
  const text = (template: Template): string => asText(fill(template, exchange.values) ?? '');
  switch (auth.kind) {
    case 'none':
      return {};
    case 'token':
      return judgeBearer(readToken(auth, headers), judge);
    case 'header':
      return compare(headerValue(headers, auth.name), text(auth.value));
    case 'query':
      return compare(url.searchParams.get(auth.name) ?? undefined, text(auth.value));
    case 'basic':
      return compare(basicPair(headers), `${text(auth.username)}:${text(auth.password)}`);
    case 'signed-request':
      return judgeSignature(auth, exchange, judge.now());
    default:
      return auth satisfies never;
  }
}

/** A credential of another scheme (`Bearer`, `SSWS`, …) is none of ours to judge. */
function compare(sent: string | undefined, right: string): Judgement {
  if (sent === undefined || schemeOf(sent) !== schemeOf(right)) return 'absent';
  return secretOf(sent) === secretOf(right) ? {} : { refused: 'bad-token' };
}

/** Without the scheme, in which capitals do not matter (RFC 9110 §11.1). */
function secretOf(credential: string): string {
  return withoutGaps(credential).slice(schemeOf(credential).length);
}

function schemeOf(credential: string): string {
  return /^(\S+) /.exec(withoutGaps(credential))?.[1]?.toLowerCase() ?? '';
}

/** A space after a semicolon does not matter. */
function withoutGaps(credential: string): string {
  return credential.replace(/;\s+/g, ';');
}

function readToken(
  { scheme, header, cookie }: AuthDescription & { readonly kind: 'token' },
  headers: IncomingHttpHeaders,
): string | undefined {
  if (cookie !== undefined) {
    const cookies = (headers.cookie ?? '').split(/;\s*/);
    return cookies.find((one) => one.startsWith(`${cookie}=`))?.slice(cookie.length + 1);
  }
  if (header !== undefined) return headerValue(headers, header);
  const [, sent = '', token] = /^(\S+) (\S+)$/.exec(headers.authorization ?? '') ?? [];
  return sent.toLowerCase() === scheme.toLowerCase() ? token : undefined;
}

function judgeBearer(token: string | undefined, { key, now }: Judge): Judgement {
  if (token === undefined) return 'absent';
  const { verdict, scopes } = judgeToken(token, key, now());
  if (verdict === 'good') return scopes === undefined ? {} : { scopes };
  return { refused: verdict === 'expired' ? 'expired-token' : 'bad-token' };
}

function basicPair(headers: IncomingHttpHeaders): string | undefined {
  const [, encoded] = /^basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

export function headerValue(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

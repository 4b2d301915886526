import type { RequestBody } from '../descriptor/descriptor.ts';
import type { JsonValue } from '../records.ts';
import type { Call } from './call.ts';
import { parseUrl } from './parse-url.ts';
import { withoutParameters } from './query-parameter.ts';
import type { Position } from './reading.ts';

/** Where one list goes on: an address as the source gave it (with the body, where paging goes on in it), and the number its page will have. */
export type PagePosition = { readonly url: string; readonly page: number; readonly body?: JsonValue };

/** Some sources repeat a key in their links: a parameter that holds a secret is left out, and signed anew when it is used. */
export function pagePosition({ url, body }: Call, page: number, secrets: readonly string[]): PagePosition {
  const holdsSecret = (value: string) => secrets.some((secret) => secret !== '' && value.includes(secret));
  const kept = body === undefined || holdsSecret(JSON.stringify(body)) ? {} : { body };
  return { url: withoutParameters(url, holdsSecret).href, page, ...kept };
}

/** A position that is none of ours, or leads to another origin than the list itself, is no position: the list is read anew. */
export function readPagePosition(position: Position, first: Call): { call: Call; page: number } | undefined {
  const { url: address, page, body } = position;
  const url = typeof address === 'string' ? parseUrl(address, first.url) : undefined;
  if (url?.origin !== first.url.origin || typeof page !== 'number') return undefined;
  return { call: { ...first, url, ...(isBody(body) ? { body } : {}) }, page };
}

function isBody(value: unknown): value is RequestBody {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

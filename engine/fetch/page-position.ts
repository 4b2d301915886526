import { parseUrl } from './parse-url.ts';
import { withoutParameters } from './query-parameter.ts';
import type { Position } from './reading.ts';

/** Where one list goes on: an address as the source gave it, and the number its page will have. */
export type PagePosition = { readonly url: string; readonly page: number };

/** Some sources repeat a key in their links: a parameter that holds a secret is left out, and signed anew when it is used. */
export function pagePosition(url: URL, page: number, secrets: readonly string[]): PagePosition {
  const holdsSecret = (value: string) => secrets.some((secret) => secret !== '' && value.includes(secret));
  return { url: withoutParameters(url, holdsSecret).href, page };
}

/** A position that is none of ours, or leads to another origin than the list itself, is no position: the list is read anew. */
export function readPagePosition(position: Position, first: URL): { url: URL; page: number } | undefined {
  const { url: address, page } = position;
  const url = typeof address === 'string' ? parseUrl(address, first) : undefined;
  return url?.origin === first.origin && typeof page === 'number' ? { url, page } : undefined;
}

import type { HttpRequest } from '../records.ts';

/** The request as it may stand in a message: never with its query, which may hold keys or page tokens. */
export function requestName({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string {
  return `${method} ${url.origin}${url.pathname}`;
}

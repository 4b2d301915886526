/** The address a text means, seen from `base` if it is relative; `undefined` if it means none. */
export function parseUrl(text: string, base: URL): URL | undefined {
  return URL.canParse(text, base.href) ? new URL(text, base) : undefined;
}

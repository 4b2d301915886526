/** Names such as `$top` stay readable; everything else is percent-encoded. */
export function encodeParameter(name: string, value: string): string {
  return `${encodeURIComponent(name).replaceAll('%24', '$')}=${encodeURIComponent(value)}`;
}

/** The address with one parameter set; all others stay as they are, byte for byte (`URLSearchParams` rewrites them all). */
export function withParameter(url: URL, name: string, value: string): URL {
  const others = parameters(url).filter((part) => nameOf(part) !== name);
  const changed = new URL(url);
  changed.search = [...others, encodeParameter(name, value)].join('&');
  return changed;
}

export function readParameter(url: URL, name: string): string | undefined {
  return url.searchParams.get(name) ?? undefined;
}

/** The address without the parameters whose values, decoded, are told by `unwanted`; all others stay byte for byte. */
export function withoutParameters(url: URL, unwanted: (value: string) => boolean): URL {
  const kept = parameters(url).filter((part) => ![...new URLSearchParams(part).values()].some(unwanted));
  const changed = new URL(url);
  changed.search = kept.join('&');
  return changed;
}

function parameters(url: URL): string[] {
  return url.search
    .slice(1)
    .split('&')
    .filter((part) => part !== '');
}

function nameOf(part: string): string {
  const [name] = new URLSearchParams(part).keys();
  return name ?? '';
}

/**
 * A query in the one form of RFC 5849 §3.4.1.3.2: every name and value percent-encoded but for letters, digits and
 * `-._~`, sorted by name, then by value. A `+` is read as the space that forms write with it.
 */
export function canonicalQuery(search: string): string {
  return search
    .replace(/^\?/, '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return [encode(decode(name)), encode(decode(rest.join('=')))] as const;
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced; // a stray percent sign stands for itself
  }
}

/** encodeURIComponent leaves `!'()*` as they are. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** By code units, not by locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

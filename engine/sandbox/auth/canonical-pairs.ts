/** The parameters of a query as OAuth 1.0 signs them (RFC 5849 §3.4.1.3.2), whatever way they were encoded. */
export function canonicalPairs(query: string): string {
  const pairs = [...new URLSearchParams(query)].map(([name, value]) => ({
    name: percent(name),
    value: percent(value),
  }));
  pairs.sort((a, b) => inOrder(a.name, b.name) || inOrder(a.value, b.value));
  return pairs.map(({ name, value }) => `${name}=${value}`).join('&');
}

/** Byte by byte: letters, digits and `-._~` stay. */
function percent(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[\w.~-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function inOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** JSON with one entry a line down to `depth` objects deep, and everything deeper on its entry's line. */
export function printEntries(value: unknown, depth: number): string {
  return `${print(value, depth, '')}\n`;
}

function print(value: unknown, depth: number, indent: string): string {
  if (depth === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return '{}';
  const inner = `${indent} `;
  const lines = entries.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${print(item, depth - 1, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

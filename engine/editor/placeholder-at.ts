import type { Span } from './answers.ts';

/** The name between the braces that an offset stands in, as far as it is written: `{tena` and `{tenantId}`. */
export function placeholderAt(text: string, offset: number): (Span & { readonly name: string }) | undefined {
  const before = /(\S?)\{([\w.-]*)$/.exec(text.slice(Math.max(0, offset - 80), offset));
  if (before === null) return undefined;
  // A brace after a space or bracket opens a block, unless it stands in quotes.
  const [, lead = '', typed = ''] = before;
  const start = offset - typed.length;
  if (/^[{[,:]?$/.test(lead) && !isQuoted(text, start)) return undefined;
  const end = offset + (/^[\w.-]*/.exec(text.slice(offset, offset + 80))?.[0].length ?? 0);
  return { start, end, name: text.slice(start, end) };
}

function isQuoted(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return (line.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1 || /(^|[\s[{,:])'[^']*$/.test(line);
}

/** Indents generated code by its brackets. String literals are on one line each and are left as they are. */
export function indent(code: string): string {
  let depth = 0;
  return code
    .split('\n')
    .map((line) => {
      const bare = line.replaceAll(/"(?:[^"\\]|\\.)*"|\/\*.*?\*\//g, '""');
      const closing = /^[)\]}]*/.exec(bare)?.[0].length ?? 0;
      const at = Math.max(0, depth - closing);
      depth += count(bare, /[([{]/g) - count(bare, /[)\]}]/g);
      return `${'  '.repeat(at)}${line}`;
    })
    .join('\n');
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

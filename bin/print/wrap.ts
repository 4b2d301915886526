/** Columns of the terminal; without end where standard error is no terminal, so that one sentence stays one line. */
export function terminalWidth(): number {
  return process.stderr.isTTY ? process.stderr.columns : Infinity;
}

/** Breaks text between words, each line indented; a word longer than a line stands alone. */
export function wrap(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .flatMap((line) => breakLine(line, width - indent.length))
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n');
}

function breakLine(line: string, width: number): string[] {
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= width || last === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

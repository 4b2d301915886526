/** A table in Markdown; columns that are empty in every row are left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = head.map((_, column) => column).filter((column) => rows.some((row) => (row[column] ?? '') !== ''));
  const line = (cells: readonly string[]) => `| ${kept.map((column) => cells[column] ?? '').join(' | ')} |`;
  return [line(head), `| ${kept.map(() => '---').join(' | ')} |`, ...rows.map((row) => line(row.map(cell)))].join('\n');
}

/** Text that stays in its cell. */
export function cell(text: string): string {
  return text.replace(/\r?\n/g, ' ').replace(/(?<!\\)\|/g, '\\|');
}

export function code(text: string): string {
  return `\`${text}\``;
}

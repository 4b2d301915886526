import { paint } from './paint.ts';

/** A cell of plain text, set in by `indent` columns; `as` colours all of it. */
export type Cell = { readonly text: string; readonly as?: Parameters<typeof paint>[0]; readonly indent?: number };

/**
 * One row of cells as lines: what is too long for its column goes on below in it, broken between words where it can be.
 * A column without a width takes what comes.
 */
export function columns(cells: readonly Cell[], widths: readonly number[]): string[] {
  const folded = cells.map(({ text, indent = 0 }, index) =>
    fold(text, (widths[index] ?? Infinity) - indent).map((line) => ' '.repeat(indent) + line),
  );
  const height = Math.max(...folded.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map(({ as }, index) => {
        const text = folded[index]?.[line] ?? '';
        const width = widths[index] ?? Infinity;
        const padding =
          index === cells.length - 1 || width === Infinity ? '' : ' '.repeat(Math.max(0, width - text.length));
        return (as === undefined || text === '' ? text : paint(as, text)) + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Lines no longer than the width: broken between words, else behind a mark inside a word, else where the line ends. */
export function fold(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => foldLine(line, Math.max(1, width)));
}

function foldLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let left = line;
  while (left.length > width) {
    const at = breakOf(left, width);
    lines.push(left.slice(0, at).trimEnd());
    left = left.slice(at).replace(/^ /, '');
  }
  return [...lines, left];
}

/** A break that leaves most of the line empty reads worse than a word cut in two. */
function breakOf(line: string, width: number): number {
  const space = line.lastIndexOf(' ', width);
  if (space > width / 2) return space;
  const mark = /^.*[^\p{L}\p{N}]/u.exec(line.slice(0, width))?.[0].length ?? 0;
  return mark > width / 2 ? mark : width;
}

/** Two blocks of lines side by side. Lines may hold colours: `widthOf` tells what a line takes. */
export function beside(
  left: readonly string[],
  right: readonly string[],
  leftWidth: number,
  widthOf: (line: string) => number,
): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const line = left[index] ?? '';
    const padding = ' '.repeat(Math.max(0, leftWidth - widthOf(line)));
    return `${line}${padding} ${paint('dim', '│')} ${right[index] ?? ''}`.trimEnd();
  });
}

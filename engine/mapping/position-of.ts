import type { Position } from '../diagnostics/issue.ts';

/** JSONata counts characters from the start of the text and points behind the token. */
export function positionOf(text: string, offset: number, file: string): Position {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length) - 1));
  const lines = before.split('\n');
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

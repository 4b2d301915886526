import type { Position } from '../diagnostics/issue.ts';
import { placeInFile, type TextFile } from './joined-text.ts';

/** JSONata counts characters from the start of the text and points behind the token. */
export function positionOf(whole: string, offset: number, textFile: TextFile): Position {
  const at = Math.max(0, Math.min(offset, whole.length) - 1);
  const { text, offset: end, file } = placeInFile(whole, at, textFile);
  const lines = text.slice(0, end).split('\n');
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

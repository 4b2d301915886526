import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { paint } from './paint.ts';

export type Cell = string | { readonly content: string; readonly colSpan: number };
export type Row = readonly Cell[];

/** Columns two spaces apart, without lines; `right` lists the columns of numbers. */
export function table(head: readonly string[], rows: readonly Row[], right: readonly number[] = []): string {
  const drawn = new Table({
    head: head.map((title) => paint('bold', title)),
    // cli-table3 colours head and border by itself, also when piped.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: noLines,
    colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString().replaceAll(/ +$/gm, '');
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Columns the longest line takes, colours not counted. */
export function widthOf(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );
}

import type { PreviewedRecord } from '../../engine/index.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth } from './wrap.ts';

/** Each source record beside what became of it, its issues below; at the end the count. */
export function describePreview(records: readonly PreviewedRecord[]): string {
  const rejected = records.filter(({ record }) => record === undefined).length;
  const tally = `${count(records.length, 'record')}, ${rejected} rejected. Nothing was delivered.`;
  return [...records.map(describeRecord), tally].join('\n\n');
}

function describeRecord({ page, row, source, record, issues }: PreviewedRecord): string {
  const verdict = record === undefined ? paint('red', 'rejected') : paint('green', 'accepted');
  const body = beside(jsonLines(source), record === undefined ? ['(no record)'] : jsonLines(record));
  return [`page ${page}, row ${row}: ${verdict}`, body, ...issues.map(describeIssue)].join('\n');
}

function jsonLines(value: unknown): string[] {
  return JSON.stringify(value, null, 2).split('\n').map(visible);
}

const columnsForTwo = 100;

/** Two columns where the terminal is wide enough, else one after the other. */
function beside(left: readonly string[], right: readonly string[]): string {
  const width = terminalWidth();
  if (width < columnsForTwo || width === Infinity) {
    return [paint('bold', 'source'), ...left, paint('bold', 'record'), ...right].join('\n');
  }
  const column = Math.floor((width - 3) / 2);
  const pairs = zip(['source', ...fold(left, column)], ['record', ...fold(right, column)]);
  return pairs.map(([one, other]) => `${one.padEnd(column)} ${paint('dim', '│')} ${other}`.trimEnd()).join('\n');
}

/** Lines too long for the column go on below, so that nothing is hidden. */
function fold(lines: readonly string[], width: number): string[] {
  return lines.flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? ['']);
}

function zip(left: readonly string[], right: readonly string[]): [string, string][] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    left[index] ?? '',
    right[index] ?? '',
  ]);
}

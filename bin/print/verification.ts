import type { Verification } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count, number } from './quantities.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';

/** What was checked, a line a file, and what differs. */
export function describeVerification({ dir, files, differences }: Verification): string {
  const rows = files.map(({ file, runs, records, differences: wrong }) => [
    file,
    number(records),
    number(runs),
    wrong.length === 0 ? paint('green', 'as written') : paint('red', 'differs'),
  ]);
  const told = files.flatMap(({ file, differences: wrong, more }) => [
    ...wrong.map((difference) => `${file}: ${visible(difference)}`),
    ...(more === 0 ? [] : [`${file}: and ${count(more, 'difference')} more.`]),
  ]);
  const all = [...differences.map(visible), ...told];
  return [
    table(['file', 'records', 'runs', 'is'], rows, [1, 2]),
    all.length === 0 ? `${dir} is as its runs wrote it.` : all.join('\n'),
  ].join('\n\n');
}

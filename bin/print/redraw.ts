import type { PreviewedRecord } from '../../engine/index.ts';
import { columns } from './columns.ts';
import { paint } from './paint.ts';
import { list } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** Where standard error is a terminal, what wipes it; else a line that tells one drawing from the next. */
export function betweenDrawings(): string {
  return process.stderr.isTTY ? '\u001B[2J\u001B[H' : '\n---\n';
}

/** What a save has changed in the records, and how the watch ends. */
export function describeWatch(
  before: readonly PreviewedRecord[] | undefined,
  now: readonly PreviewedRecord[] | undefined,
  files: readonly string[],
): string {
  const changes = before === undefined || now === undefined ? [] : changesOf(before, now);
  const told = changes.length === 0 ? [] : [paint('bold', 'changed by this save'), ...changes, ''];
  const watched = files.filter((file) => !files.some((folder) => file.startsWith(`${folder}/`)));
  const ending = `Watching ${list(watched)}; it is drawn anew on each save. Ctrl-C ends it.`;
  return [
    ...told,
    ...wrap(visible(ending), terminalWidth())
      .split('\n')
      .map((line) => paint('dim', line)),
  ].join('\n');
}

function changesOf(before: readonly PreviewedRecord[], now: readonly PreviewedRecord[]): string[] {
  const old = valuesOf(before);
  const fresh = valuesOf(now);
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  return keys
    .filter((key) => old.get(key) !== fresh.get(key))
    .flatMap((key) => {
      return columns(
        [
          { text: visible(key) },
          { text: visible(`${old.get(key) ?? 'absent'} → ${fresh.get(key) ?? 'absent'}`), as: 'green' },
        ],
        [Math.max(...keys.map(({ length }) => length))],
      );
    });
}

/** By row and pointer; times of the mapping itself change with every drawing. */
function valuesOf(records: readonly PreviewedRecord[]): Map<string, string> {
  const all = records.flatMap(({ row, attributes }) =>
    attributes
      .filter(({ pointer }) => !/^\/metadata\/(processed|logged)_time$/.test(pointer))
      .map(
        ({ pointer, value }) =>
          [records.length > 1 ? `row ${row} ${pointer}` : pointer, JSON.stringify(value)] as const,
      ),
  );
  return new Map(all);
}

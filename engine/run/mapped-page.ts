import type { OcsfRecord, Origin } from '../records.ts';
import type { LineBuffer, Lines } from '../sink/line-buffer.ts';
import type { PageFacts, RowMapper } from './map-row.ts';
import { encodeOutcome, type MappedRow } from './mapped-row.ts';
import { outcomeOf } from './outcome-of.ts';

/** All rows of a page mapped, before anybody knows which of them are duplicates. Plain data, as it comes from another thread. */
export type MappedPage = {
  readonly rows: readonly MappedRow[];
  /** Hashes that tell rows apart; 0 for a row that is no object. */
  readonly keys: readonly bigint[];
  readonly lines: Lines<OcsfRecord>;
  /** For each row where its line ends in `lines`: where the line of the row before ended, if it has none. */
  readonly ends: readonly number[];
};

/** The lines of the page lie in `buffer`. */
export async function mapPage(
  rows: readonly unknown[],
  mapper: RowMapper,
  at: Omit<Origin, 'row'>,
  page: PageFacts,
  buffer: LineBuffer<OcsfRecord>,
): Promise<MappedPage> {
  buffer.clear();
  const mapped: MappedRow[] = [];
  const keys: bigint[] = [];
  const ends: number[] = [];
  for (const [index, row] of rows.entries()) {
    const origin = { ...at, row: index + 1 };
    const body = mapper.clean(row);
    mapped.push(encodeOutcome(await outcomeOf(row, body, mapper, origin, page), row, buffer));
    keys.push(body === undefined ? 0n : mapper.key(body));
    ends.push(buffer.size());
  }
  return { rows: mapped, keys, lines: buffer.lines(), ends };
}

/** One row of a mapped page; its line goes into `lines`. */
export function takeMapped(
  { rows, lines: from, ends }: MappedPage,
  index: number,
  lines: LineBuffer<OcsfRecord>,
): MappedRow {
  const row = rows[index];
  if (row === undefined) throw new RangeError(`There is no mapped row ${index} among ${rows.length}.`);
  // A part of lines that begins and ends where lines do.
  lines.addLines(from.subarray(ends[index - 1] ?? 0, ends[index]) as Lines<OcsfRecord>);
  return row;
}

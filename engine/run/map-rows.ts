import type { Origin, Outcome } from '../records.ts';
import type { PageFacts, RowMapper } from './map-row.ts';
import { notAnObject } from './row-not-object.ts';

/** All rows of one page mapped at once, for a look at them; a run goes row by row. */
export async function mapRows(
  rows: readonly unknown[],
  mapper: RowMapper,
  at: Omit<Origin, 'row'>,
  page: PageFacts,
): Promise<{ readonly source: unknown; readonly outcome: Outcome }[]> {
  const mapped: { source: unknown; outcome: Outcome }[] = [];
  for (const [index, source] of rows.entries()) {
    mapped.push({ source, outcome: await outcomeOf(source, mapper, { ...at, row: index + 1 }, page) });
  }
  return mapped;
}

/** What becomes of one row as the source sent it. */
export async function outcomeOf(row: unknown, mapper: RowMapper, origin: Origin, page: PageFacts): Promise<Outcome> {
  const body = mapper.clean(row);
  if (body === undefined) return notAnObject(row, origin);
  return mapper.map(body, origin, { ...page, removed: mapper.isRemoved(row) });
}

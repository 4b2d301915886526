import type { Origin, Outcome } from '../records.ts';
import type { PageFacts, RowMapper } from './map-row.ts';
import { outcomeOf } from './outcome-of.ts';

/** All rows of one page mapped at once, for a look at them; a run goes row by row. */
export async function mapRows(
  rows: readonly unknown[],
  mapper: RowMapper,
  at: Omit<Origin, 'row'>,
  page: PageFacts,
): Promise<{ readonly source: unknown; readonly outcome: Outcome }[]> {
  const mapped: { source: unknown; outcome: Outcome }[] = [];
  for (const [index, source] of rows.entries()) {
    const origin = { ...at, row: index + 1 };
    mapped.push({ source, outcome: await outcomeOf(source, mapper.clean(source), mapper, origin, page) });
  }
  return mapped;
}

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
    const origin = { ...at, row: index + 1 };
    const body = mapper.clean(source);
    const removed = mapper.isRemoved(source);
    const outcome =
      body === undefined ? notAnObject(source, origin) : await mapper.map(body, origin, { ...page, removed });
    mapped.push({ source, outcome });
  }
  return mapped;
}

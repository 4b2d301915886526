import type { JsonObject, Origin, Outcome } from '../records.ts';
import type { RowFacts, RowMapper } from './map-row.ts';
import { notAnObject } from './row-not-object.ts';

/** What becomes of a row as the source sent it; `body` is what the mapper cleaned it to. */
export async function outcomeOf(
  row: unknown,
  body: JsonObject | undefined,
  mapper: RowMapper,
  origin: Origin,
  { receivedAt, url, removed = mapper.isRemoved(row) }: RowFacts,
): Promise<Outcome> {
  return body === undefined ? notAnObject(row, origin) : mapper.map(body, origin, { receivedAt, url, removed });
}

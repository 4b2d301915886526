import { setImmediate } from 'node:timers/promises';
import type { JsonObject, JsonValue } from '../records.ts';
import type { Collection } from './collection.ts';
import { fillObject, type Values } from './fill.ts';
import type { PathMatch } from './match-path.ts';
import type { SummaryDescription } from './sandbox-description.ts';

/** Other requests are served between so many records. */
const recordsAtOnce = 2000;

/** The figures over every record of the collection, as placeholders: counted for real, one record in memory. */
export async function countSummary(
  summary: SummaryDescription,
  collection: Collection,
  given: PathMatch,
): Promise<Values> {
  const conditions = Object.entries(given)
    .map(([name, value]) => summary.where?.[name]?.[value])
    .filter((wanted) => wanted !== undefined);
  const counts = new Map(Object.keys(summary.counts ?? {}).map((name) => [name, 0]));
  const tallies = new Map<string, number>();
  let total = 0;
  for (let index = 0; index < collection.size(); index += 1) {
    if (index % recordsAtOnce === 0) await setImmediate();
    if (!collection.has(index)) continue;
    const record = collection.record(index);
    if (!conditions.every((wanted) => fits(record, wanted))) continue;
    total += 1;
    for (const [name, wanted] of Object.entries(summary.counts ?? {})) if (fits(record, wanted)) add(counts, name);
    for (const item of items(record, summary)) add(tallies, item);
  }
  return { ...Object.fromEntries(counts), total, tally: tallyRows(summary, tallies) };
}

function fits(record: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([name, value]) => record[name] === value);
}

function items(record: JsonObject, { tally }: SummaryDescription): string[] {
  const list = tally === undefined ? [] : record[tally.field];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function tallyRows({ tally }: SummaryDescription, tallies: ReadonlyMap<string, number>): JsonValue {
  return [...tallies].map(([value, count]) => fillObject(tally?.item ?? {}, { value, count }));
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

import type { JsonValue } from '../records.ts';
import { leavesOf } from './leaves.ts';

/**
 * At most `limit` rows, in their order, chosen to show as much as can be: each next one has the most that no chosen one
 * has, in fields, types, empty values, and words that few rows share.
 */
export function tellingRows(rows: readonly JsonValue[], limit: number): JsonValue[] {
  if (rows.length <= limit) return [...rows];
  const featured = rows.map((row, index) => ({ index, features: featuresOf(row) }));
  const shown = new Set<string>();
  const chosen: number[] = [];
  while (chosen.length < limit) {
    let best = { index: -1, gain: -1 };
    for (const { index, features } of featured) {
      if (chosen.includes(index)) continue;
      const gain = features.reduce((sum, feature) => sum + (shown.has(feature) ? 0 : 1), 0);
      if (gain > best.gain) best = { index, gain };
    }
    chosen.push(best.index);
    for (const feature of featured[best.index]?.features ?? []) shown.add(feature);
  }
  return chosen.sort((a, b) => a - b).map((index) => rows[index] ?? null);
}

/** Words of a vendor are short and without spaces, digits or signs; anything else counts by its type alone. */
function featuresOf(row: JsonValue): string[] {
  const features = leavesOf(row).flatMap(({ field, value }) => {
    const type = value === null ? 'null' : value === '' ? 'empty' : typeof value;
    const isWord = typeof value === 'boolean' || (typeof value === 'string' && /^[a-z][A-Za-z]{0,30}$/.test(value));
    return isWord ? [`${field} ${type}`, `${field} = ${String(value)}`] : [`${field} ${type}`];
  });
  return [...new Set(features)];
}

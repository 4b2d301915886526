import type { Stream } from '../descriptor/descriptor.ts';
import type { JsonObject } from '../records.ts';

/** Takes out the top-level fields that the stream drops for a declared reason. */
export function fieldDropper(drop: Stream['drop']): (row: JsonObject) => JsonObject {
  const exact = new Set(Object.keys(drop).filter((field) => !field.endsWith('*')));
  const prefixes = Object.keys(drop)
    .filter((field) => field.endsWith('*'))
    .map((field) => field.slice(0, -1));
  const dropped = (field: string) => exact.has(field) || prefixes.some((prefix) => field.startsWith(prefix));
  return (row) =>
    Object.keys(row).some(dropped) ? Object.fromEntries(Object.entries(row).filter(([field]) => !dropped(field))) : row;
}

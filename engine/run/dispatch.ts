import type { Dispatch, Stream } from '../descriptor/descriptor.ts';
import { atPointer } from '../json-pointer.ts';
import type { JsonObject } from '../records.ts';

/** A stream of several classes as one stream a class, each with its own mapping; any other stream as it is. */
export function variantsOf(stream: Stream): readonly Stream[] {
  const { dispatch, ...rest } = stream;
  if (dispatch === undefined) return [stream];
  const classes = new Set([...dispatch.table.map((entry) => entry.class), dispatch.otherwise]);
  return [...classes].map((name) => ({
    ...rest,
    mapping: variantMapping(stream, name),
    ocsf: { ...stream.ocsf, class: name },
  }));
}

function variantMapping({ mapping }: Stream, className: string): string {
  return mapping.replace(/(\.jsonata)?$/, `.${className}.jsonata`);
}

/** The class that the table gives a row: an exact word first, then the longest beginning, then what it says otherwise. */
export function classOf({ field, table, otherwise }: Dispatch, row: JsonObject): string {
  const word = atPointer(row, field);
  if (typeof word !== 'string') return otherwise;
  let best = { length: -1, class: otherwise };
  for (const { class: name, words } of table) {
    for (const each of words) {
      if (each === word) return name;
      const beginning = each.endsWith('*') ? each.slice(0, -1) : undefined;
      if (beginning !== undefined && word.startsWith(beginning) && beginning.length > best.length)
        best = { length: beginning.length, class: name };
    }
  }
  return best.class;
}

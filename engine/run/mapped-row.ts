import type { Issue } from '../diagnostics/issue.ts';
import type { OcsfRecord, Outcome } from '../records.ts';
import type { LineBuffer } from '../sink/line-buffer.ts';

/** What became of a row; its record, if it has one, is a line by now. Plain data, as it may come from another thread. */
export type MappedRow =
  | {
      readonly kind: 'accepted';
      /** `metadata.uid` */
      readonly uid: string;
      readonly className: string;
      /** Their codes, each once. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'rejected'; readonly issues: readonly Issue[]; readonly source: unknown };

/** Puts the record of an accepted row into `lines`. */
export function encodeOutcome(outcome: Outcome, source: unknown, lines: LineBuffer<OcsfRecord>): MappedRow {
  if (outcome.kind === 'rejected') return { kind: 'rejected', issues: outcome.issues, source };
  const { record, warnings } = outcome;
  lines.add(record);
  return {
    kind: 'accepted',
    uid: uidOf(record),
    className: textOf(record['class_name']),
    warnings: warnings.length === 0 ? none : [...new Set(warnings.map(({ code }) => code))],
  };
}

const none: readonly string[] = [];

function uidOf({ metadata }: OcsfRecord): string {
  return typeof metadata === 'object' && metadata !== null && 'uid' in metadata ? textOf(metadata['uid']) : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

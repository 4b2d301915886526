import type { Issue } from '../diagnostics/issue.ts';
import type { Origin } from '../records.ts';

/** One line of `rejected.ndjson`: where the record came from, what is wrong with it, and the row itself. */
export function rejectedLine(origin: Origin, issues: readonly Issue[], source: unknown): object {
  return {
    stream: origin.stream,
    origin: { page: origin.page, row: origin.row },
    issues: issues.map(({ code, message, pointer, hint }) => ({
      code,
      message,
      pointer: pointer ?? '',
      ...(hint === undefined ? {} : { hint }),
    })),
    source,
  };
}

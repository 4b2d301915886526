import type { FetchTally } from '../fetch/ask-source.ts';
import type { Ending, JsonObject } from '../records.ts';
import type { MappedRow } from './mapped-row.ts';
import type { Reason, StreamReport } from './run-report.ts';

/** One stream's figures while it runs; `received === accepted + rejected + duplicates` after every row. */
export type StreamBooks = {
  pages: number;
  received: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  readonly warnings: { [code: string]: number };
  /** Records by the name of their OCSF class. */
  readonly classes: { [name: string]: number };
};

/** Empty books, or those of a reading that goes on. */
export function openBooks(saved: JsonObject = {}): StreamBooks {
  const count = (key: string) => (typeof saved[key] === 'number' ? saved[key] : 0);
  const counts = (key: string): { [name: string]: number } => {
    const kept = typeof saved[key] === 'object' ? Object.entries(saved[key] ?? {}) : [];
    return Object.fromEntries(kept.map(([name, times]) => [name, Number(times)]));
  };
  return {
    pages: count('pages'),
    received: count('received'),
    accepted: count('accepted'),
    rejected: count('rejected'),
    duplicates: count('duplicates'),
    warnings: counts('warnings'),
    classes: counts('classes'),
  };
}

export function booksToSave(books: StreamBooks): JsonObject {
  return { ...books, warnings: { ...books.warnings }, classes: { ...books.classes } };
}

export function enter(books: StreamBooks, row: MappedRow | 'duplicate'): void {
  books.received += 1;
  if (row === 'duplicate') {
    books.duplicates += 1;
  } else if (row.kind === 'rejected') {
    books.rejected += 1;
  } else {
    books.accepted += 1;
    books.classes[row.className] = (books.classes[row.className] ?? 0) + 1;
    for (const code of row.warnings) books.warnings[code] = (books.warnings[code] ?? 0) + 1;
  }
}

/** How a stream, or one way of reading it, ended. */
export type Ended = { readonly ending: Ending; readonly reason?: Reason };

export function closeBooks(
  stream: string,
  books: StreamBooks,
  tally: FetchTally,
  { ending, reason }: Ended,
  rest: { readonly durationMs: number } & Pick<StreamReport, 'derived' | 'resumed' | 'certificate' | 'changes'>,
): StreamReport {
  const { warnings, classes, ...figures } = books;
  return {
    stream,
    ending,
    pages: figures.pages,
    requests: tally.requests,
    retries: tally.retries,
    waitedMs: Math.round(tally.waitedMs),
    received: figures.received,
    accepted: figures.accepted,
    rejected: figures.rejected,
    duplicates: figures.duplicates,
    durationMs: Math.round(rest.durationMs),
    ...(reason === undefined ? {} : { reason }),
    ...(rest.derived === undefined ? {} : { derived: rest.derived }),
    ...(rest.resumed === undefined ? {} : { resumed: rest.resumed }),
    ...(rest.changes === undefined ? {} : { changes: rest.changes }),
    ...(rest.certificate === undefined ? {} : { certificate: rest.certificate }),
    ...(Object.keys(tally.lastRequest).length === 0 ? {} : { lastRequest: tally.lastRequest }),
    ...(Object.keys(classes).length < 2 ? {} : { classes }),
    ...(Object.keys(warnings).length === 0 ? {} : { warnings }),
  };
}

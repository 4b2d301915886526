import { createHash } from 'node:crypto';
import type { FetchedPage } from '../fetch/reading.ts';
import type { JsonObject } from '../records.ts';
import type { StreamReport } from './run-report.ts';

/** Notes, page by page, what a reading can later be held to. */
export type CertificateNotes = {
  page(page: FetchedPage): void;
  close(written: { readonly records: number; readonly ids: string }): StreamReport['certificate'];
};

/** The walk itself refuses a page token or address that comes twice; here it is counted how often it had to begin again. */
export function noteCertificate(firstCursor: JsonObject | undefined): CertificateNotes {
  let pages = 0;
  let readAnew = 0;
  let sourceCount: number | undefined;
  let lastCursor: JsonObject | undefined;
  return {
    page({ anew, cursor, total }) {
      pages += 1;
      if (anew === true) readAnew += 1;
      sourceCount = total ?? sourceCount;
      lastCursor = cursor ?? lastCursor;
    },
    close: ({ records, ids }) => ({
      pages,
      readAnew,
      ...(sourceCount === undefined ? {} : { sourceCount }),
      ...(firstCursor === undefined ? {} : { firstCursor: toldCursor(firstCursor) }),
      ...(lastCursor === undefined ? {} : { lastCursor: toldCursor(lastCursor) }),
      records,
      ids,
    }),
  };
}

/**
 * A cursor as a report may hold it: a report travels, and the query of an address may let its finder read on. In place
 * of the query stands its hash, by which two cursors can still be compared.
 */
export function toldCursor(cursor: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(cursor).map(([key, value]) => [key, typeof value === 'string' ? withoutQuery(value) : value]),
  );
}

function withoutQuery(text: string): string {
  const [, address, query] = /^(https?:\/\/[^?]*)\?(.+)$/s.exec(text) ?? [];
  if (address === undefined || query === undefined) return text;
  return `${address}?sha256=${createHash('sha256').update(query).digest('hex').slice(0, 16)}`;
}

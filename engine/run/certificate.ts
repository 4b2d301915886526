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
      ...(firstCursor === undefined ? {} : { firstCursor }),
      ...(lastCursor === undefined ? {} : { lastCursor }),
      records,
      ids,
    }),
  };
}

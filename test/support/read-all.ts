import { FetchError } from '../../engine/fetch/fetch-error.ts';
import { readPages } from '../../engine/fetch/read-pages.ts';
import type { FetchedPage, ReadPagesOptions } from '../../engine/fetch/reading.ts';

/** All pages of a reading, and what ended it before its time: `code` where that was a `FetchError`. */
export async function readAll(given: ReadPagesOptions) {
  const pages: FetchedPage[] = [];
  let error: unknown;
  try {
    for await (const page of readPages(given)) pages.push(page);
  } catch (thrown) {
    error = thrown;
  }
  return {
    pages,
    rows: pages.flatMap(({ rows }) => rows),
    error,
    code: error instanceof FetchError ? error.code : undefined,
  };
}

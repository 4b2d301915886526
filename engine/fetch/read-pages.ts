import type { Pagination, Records } from '../descriptor/descriptor.ts';
import type { JsonValue, Page } from '../records.ts';
import { type Answered, type AskOptions, askSource } from './ask-source.ts';
import { FetchError } from './fetch-error.ts';
import { firstUrl, nextUrl } from './pagination.ts';
import { SeenPages } from './seen-pages.ts';
import { countItems, splitRows } from './split-rows.ts';

export type FetchedPage = Page & {
  /** In the source's order; each may still be anything. */
  readonly rows: readonly JsonValue[];
};

export type ReadPagesOptions = AskOptions & {
  /** The stream's own address, without paging parameters. */
  readonly url: URL;
  readonly pagination: Pagination;
  readonly records: Records;
};

/**
 * Pages of one stream in the order the source gives them; one page in memory at a time, and the next is asked for only
 * when it is wanted.
 *
 * When a page token expires the list is read once more from its first page: rows that were delivered come again, under
 * new page numbers. Throws a {@link FetchError}, what the signer throws, or `signal.reason`.
 */
export async function* readPages(options: ReadPagesOptions): AsyncGenerator<FetchedPage, void, void> {
  const { pagination, records } = options;
  const first = firstUrl(pagination, options.url);
  const budget = { spentMs: 0 };
  let seen = seenFrom(first);
  let restarted = false;
  let number = 1;
  let next: URL | undefined = first;
  while (next !== undefined) {
    const url: URL = next;
    let answered: Answered;
    try {
      answered = await askSource(url, budget, options);
    } catch (error) {
      if (restarted || url === first || !isExpiredPageToken(error)) throw error;
      restarted = true;
      seen = seenFrom(first);
      next = first;
      continue;
    }
    const { body, answer } = answered;
    const page = located(url, number, answered, () => {
      const received = toPage(url, number, answered, records);
      seen.receive(url, answer.body, received.rows.length);
      return received;
    });
    yield page;
    const visited = { url, headers: answer.headers, body };
    next = located(url, number, answered, () => {
      const link = nextUrl(pagination, visited, countItems(records, body));
      if (link !== undefined) seen.visit(link);
      return link;
    });
    number++;
  }
}

function seenFrom(first: URL): SeenPages {
  const seen = new SeenPages();
  seen.visit(first);
  return seen;
}

function isExpiredPageToken(error: unknown): boolean {
  return error instanceof FetchError && error.code === 'fetch/expired-page-token';
}

function toPage(url: URL, number: number, { answer, body, requestId }: Answered, records: Records): FetchedPage {
  return {
    number,
    url: withoutQuery(url),
    body,
    receivedAt: answer.receivedAt,
    ...(requestId === undefined ? {} : { requestId }),
    rows: splitRows(records, body),
  };
}

/** Says of an error inside a page which page it was. */
function located<T>(url: URL, number: number, { answer, requestId }: Answered, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const sentence = `It was page ${number} of GET ${withoutQuery(url)}.`;
    throw error.with({ sentence, httpStatus: answer.status, ...(requestId === undefined ? {} : { requestId }) });
  }
}

function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

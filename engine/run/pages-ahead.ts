import type { FetchedPage } from '../fetch/reading.ts';
import type { MappedPage } from './mapped-page.ts';

export type PagesAheadOptions = {
  /** How many pages may be on their way while one is worked on; asked again for each. */
  readonly ahead: () => number;
  /**
   * Begins to map a page as soon as it is there. Absent, or `undefined` for a page: that is left to who takes the page.
   * `waitedFor`: somebody waits for it, and has nothing else to do.
   */
  readonly map?: (page: FetchedPage, waitedFor: boolean) => Promise<MappedPage> | undefined;
  /** Pages that are mapped keep their rows; else these are let go, as they are the most of what a page takes. */
  readonly keepRows?: boolean;
  readonly signal?: AbortSignal | undefined;
};

export type PageAhead = { readonly page: FetchedPage; readonly mapped: MappedPage | undefined };

/**
 * The pages of a reading in their order. What goes wrong with a page is thrown in its turn, after the pages before it. Who
 * leaves early ends the requests under way: `open` is given the signal that tells of it.
 */
export async function* pagesAhead(
  open: (signal: AbortSignal) => AsyncGenerator<FetchedPage, void, void>,
  { ahead, map, keepRows = false, signal }: PagesAheadOptions,
): AsyncGenerator<PageAhead, void, void> {
  const leaving = new AbortController();
  const pages = open(signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]));
  let waiting = false;
  const next = async (): Promise<PageOnItsWay | undefined> => {
    const { done, value: page } = await pages.next();
    if (done === true) return undefined;
    const mapped = map?.(page, waiting);
    mapped?.catch(() => undefined); // thrown in its turn
    return { page: mapped === undefined || keepRows ? page : withoutRows(page), mapped };
  };
  const onTheirWay: Promise<PageOnItsWay | undefined>[] = [];
  try {
    for (;;) {
      while (onTheirWay.length <= ahead()) {
        const coming = next();
        coming.catch(() => undefined); // thrown in its turn
        onTheirWay.push(coming);
      }
      waiting = true;
      const arrived = await onTheirWay.shift();
      if (arrived === undefined) return;
      const mapped = await arrived.mapped;
      waiting = false;
      yield { page: arrived.page, mapped };
    }
  } finally {
    leaving.abort();
    await pages.return();
  }
}

type PageOnItsWay = { readonly page: FetchedPage; readonly mapped: Promise<MappedPage> | undefined };

function withoutRows(page: FetchedPage): FetchedPage {
  return { ...page, body: null, rows: [], whole: undefined };
}

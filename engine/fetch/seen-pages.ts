import { createHash } from 'node:crypto';
import { type Call, callKey } from './call.ts';
import { FetchError } from './fetch-error.ts';

/** More empty pages than this in a row are a loop, however new their links look. */
const MOST_EMPTY_PAGES = 1000;

const HINT = 'The source sends us in circles; tell the vendor, with the request id.';

/** Notices when a list walks in circles. Eight bytes a page are kept, not its address. */
export class SeenPages {
  readonly #addresses = new Set<bigint>();
  #lastRows: bigint | undefined;
  #emptyInARow = 0;

  /** Throws `fetch/paging-loop` if the same was asked before. */
  visit(call: Call): void {
    const address = hash(callKey(call));
    const { url } = call;
    if (this.#addresses.has(address)) {
      throw new FetchError('fetch/paging-loop', `A next page of ${url.origin}${url.pathname} was seen before.`, {
        hint: HINT,
      });
    }
    this.#addresses.add(address);
  }

  /** Throws `fetch/paging-loop` if rows come again byte for byte, or nothing but empty pages. */
  receive(url: URL, body: Buffer, rows: number): void {
    this.#emptyInARow = rows === 0 ? this.#emptyInARow + 1 : 0;
    if (this.#emptyInARow > MOST_EMPTY_PAGES) {
      const message = `${url.origin}${url.pathname} gave more than ${MOST_EMPTY_PAGES} empty pages in a row.`;
      throw new FetchError('fetch/paging-loop', message, { hint: HINT });
    }
    const content = rows === 0 ? undefined : hash(body);
    // A source that does not know the page parameter sends its first page for ever.
    if (content !== undefined && content === this.#lastRows) {
      const message = `${url.origin}${url.pathname} gave the same page twice in a row.`;
      throw new FetchError('fetch/paging-loop', message, {
        hint: 'Check the paging parameters of the descriptor; the source seems not to know them.',
      });
    }
    this.#lastRows = content;
  }
}

function hash(content: string | Buffer): bigint {
  return createHash('sha256').update(content).digest().readBigUInt64BE();
}

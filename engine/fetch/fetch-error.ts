import type { IssueCode } from '../diagnostics/codes.ts';
import { type ErrorDetails, StreamError } from '../diagnostics/engine-error.ts';

/** What a failure means for the stream; the word of its ending. */
export type Meaning = 'denied' | 'unlicensed' | 'retired' | 'failed';

type FetchFacts = {
  /** Default `failed`. */
  readonly means?: Meaning | undefined;
  readonly httpStatus?: number | undefined;
  /** The vendor's id of the request. */
  readonly requestId?: string | undefined;
  /** Our id of the request. */
  readonly clientRequestId?: string | undefined;
  /** The vendor's own error code. */
  readonly vendorCode?: string | undefined;
  /** A rule says that this error may pass where it concerns one item only. Default `false`. */
  readonly ignored?: boolean | undefined;
  /** Whether the same request may succeed later. Default `false`. */
  readonly retryable?: boolean | undefined;
  /** How long the source asked us to wait. */
  readonly retryAfterSeconds?: number | undefined;
};

/** One stream's request failed for good, or (`retryable`) for this try. */
export class FetchError extends StreamError {
  readonly means: Meaning;
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly clientRequestId: string | undefined;
  readonly vendorCode: string | undefined;
  readonly ignored: boolean;
  readonly retryable: boolean;
  readonly retryAfterSeconds: number | undefined;
  readonly #details: ErrorDetails & FetchFacts;

  constructor(code: IssueCode, message: string, details: ErrorDetails & FetchFacts = {}) {
    super(code, message, details);
    this.means = details.means ?? 'failed';
    this.httpStatus = details.httpStatus;
    this.requestId = details.requestId;
    this.clientRequestId = details.clientRequestId;
    this.vendorCode = details.vendorCode;
    this.ignored = details.ignored ?? false;
    this.retryable = details.retryable ?? false;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.#details = details;
  }

  /** The same error with one more sentence, other advice, or more facts. */
  with({ sentence, ...facts }: FetchFacts & { readonly sentence?: string; readonly hint?: string }): FetchError {
    const message = sentence === undefined ? this.message : `${this.message} ${sentence}`;
    return new FetchError(this.code, message, { ...this.#details, ...facts });
  }
}

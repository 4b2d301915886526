import type { Ending, JsonObject } from '../records.ts';

/** `report.json`: what a run did. Stated for other programs in `schemas/run-report.schema.json`. */
export type RunReport = {
  readonly runId: string;
  readonly integration: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: 0 | 1 | 2;
  readonly ocsfVersion: string;
  readonly streams: readonly StreamReport[];
};

/** One stream's books: `received === accepted + rejected + duplicates` in every ending. */
export type StreamReport = {
  readonly stream: string;
  readonly ending: Ending;
  readonly pages: number;
  /** Requests sent, repeats included. */
  readonly requests: number;
  readonly retries: number;
  /** Waiting for retries and for rate limits. */
  readonly waitedMs: number;
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly durationMs: number;
  /** On every ending but `complete`. */
  readonly reason?: Reason;
  /** The records were computed from another stream, after the vendor's own endpoint ended as told. */
  readonly derived?: { readonly from: string; readonly instead?: { readonly ending: Ending; readonly reason: Reason } };
  /** The reading goes on where a run was cut off; the books count the whole of it, requests and times this run's part. */
  readonly resumed?: { readonly runId: string; readonly pages: number; readonly received: number };
  /**
   * Against the last snapshot, where only changes are delivered. In the books `unchanged` are duplicates, and `removed`
   * count as received.
   */
  readonly changes?: {
    readonly new: number;
    readonly changed: number;
    readonly unchanged: number;
    readonly removed: number;
  };
  /** What was read and written, to hold the output to; `sluice verify` does. */
  readonly certificate?: {
    /** Pages of this run, in order; none was asked for twice but where the list was begun again. */
    readonly pages: number;
    /** How often the source sent the reading back to the first page. */
    readonly readAnew: number;
    /** Rows that the source itself says the list has. */
    readonly sourceCount?: number;
    /** What the reading went on from, and what it left behind. */
    readonly firstCursor?: JsonObject;
    readonly lastCursor?: JsonObject;
    /** Records written, and the order-independent hash of their `metadata.uid`: as in `manifest.json`. */
    readonly records: number;
    readonly ids: string;
  };
  /** Ids of the last request, to quote to the vendor. */
  readonly lastRequest?: RequestIds;
  /** Records by the name of their OCSF class, where there is more than one. */
  readonly classes?: { readonly [name: string]: number };
  /** Accepted all the same, for example for deprecated attributes: code → how many records. */
  readonly warnings?: { readonly [code: string]: number };
};

export type RequestIds = { readonly requestId?: string; readonly clientRequestId?: string };

export type Reason = RequestIds & {
  readonly code: string;
  /** What happened, where. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  readonly httpStatus?: number;
};

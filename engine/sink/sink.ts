import type { OcsfRecord } from '../records.ts';

/** Where accepted records go. Failures are `StreamError`s with the code `sink/write-failed`. */
export interface Sink {
  /** Takes the records in order; waiting for it slows the source to the sink's pace. */
  write(records: readonly OcsfRecord[]): Promise<void>;
  /** After it resolves, everything written is durable. */
  flush(): Promise<void>;
  /** Ends the delivery; what was written stands under its final name. */
  close(): Promise<void>;
}

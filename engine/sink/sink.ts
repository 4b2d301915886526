import type { OcsfRecord } from '../records.ts';
import type { Lines } from './line-buffer.ts';

/** Where accepted records go. Failures are `StreamError`s with the code `sink/write-failed`. */
export interface Sink {
  /**
   * Takes records in order, encoded already, as some come from other threads; waiting for it slows the source to the sink's
   * pace. They must not be looked at once it has resolved.
   */
  write(records: Lines<OcsfRecord>): Promise<void>;
  /** After it resolves, everything written is durable. */
  flush(): Promise<void>;
  /** Bytes written so far; absent where what was written cannot be cut back, as in a pipe. */
  readonly size?: () => number;
  /**
   * Ends the delivery; what was written stands under its final name, in place of what stood there or, told so, after
   * it.
   */
  close(how?: Publication): Promise<void>;
  /** Ends without publishing: what was written stays where a later run can go on with it. */
  abandon(): Promise<void>;
}

export type Publication = 'replace' | 'append';

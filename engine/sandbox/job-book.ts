import type { Exchange } from './exchange.ts';

/** A job of export: which records its chunks hold, and how far it came. Its rows are made when a chunk is fetched. */
export type SandboxJob = {
  readonly id: string;
  readonly route: string;
  /** What was asked, to know a duplicate by. */
  readonly asked: string;
  readonly request: Exchange;
  readonly createdAtMs: number;
  /** In the order in which they become available. */
  readonly chunks: readonly Chunk[];
  /** How often its status was asked. */
  polls: number;
  cancelled: boolean;
  failed: boolean;
};

/** Its records have indexes from `from` to before `to`. */
export type Chunk = { readonly id: number; readonly from: number; readonly to: number };

export type JobBook = Map<string, SandboxJob>;

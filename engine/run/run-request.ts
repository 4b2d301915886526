import type { ConnectionInput } from '../descriptor/resolve-connection.ts';
import type { OpenTexts } from '../descriptor/open-texts.ts';
import type { RunReport, StreamReport } from './run-report.ts';
import type { WorkerCount } from './workers.ts';

/** Where things lie; the engine never looks beside itself. Earlier folders win. */
export type Places = {
  readonly integrationsDirs: readonly string[];
  readonly schemasDir: string;
  /** Read by validation and by what an editor asks for, in place of the saved files. */
  readonly openTexts?: OpenTexts;
};

export type RunRequest = {
  readonly places: Places;
  readonly integration: string;
  readonly connection: ConnectionInput;
  /** Only these; default: every stream that is on by default. */
  readonly streams?: readonly string[];
  readonly allStreams?: boolean;
  /** A folder for all files, or a writer for the records with a folder for the rest. */
  readonly out: { readonly dir: string; readonly records?: NodeJS.WritableStream };
  /** At most so many source records a stream. */
  readonly limit?: number;
  /** Pace by the descriptor's rate limits; answers of 429 are obeyed in any case. */
  readonly pace: boolean;
  /** Target release; default the descriptor's. */
  readonly ocsfVersion?: string;
  /** Where runs go on; absent: every stream is read as if for the first time, and nothing is kept. */
  readonly state?: {
    readonly dir: string;
    /** Begin anew, whatever is kept. */
    readonly full?: boolean;
    /** Deliver of snapshots only what is new, changed or gone since the last one. */
    readonly changesOnly?: boolean;
    /** Name of the connection, where its own values change from run to run. */
    readonly connection?: string;
    /** Least time between two savings of one stream; default 250. */
    readonly saveEveryMs?: number;
  };
  /** Threads that map pages; default 0: all is done in this one. */
  readonly workers?: WorkerCount;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
};

/** What happens while it happens, for progress. Counts are totals so far. */
export type RunEvent =
  | { readonly kind: 'run-started'; readonly runId: string; readonly streams: readonly string[] }
  | { readonly kind: 'stream-started'; readonly stream: string }
  | {
      readonly kind: 'page';
      readonly stream: string;
      readonly pages: number;
      readonly received: number;
      readonly accepted: number;
      readonly rejected: number;
    }
  | { readonly kind: 'waiting'; readonly stream: string; readonly ms: number; readonly why: string }
  | { readonly kind: 'deriving'; readonly stream: string; readonly from: string; readonly why: string }
  /** Something that a person should know, though nothing is wrong. */
  | { readonly kind: 'notice'; readonly stream?: string; readonly message: string }
  | { readonly kind: 'stream-ended'; readonly report: StreamReport }
  | { readonly kind: 'run-ended'; readonly report: RunReport };

import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import type { FetchedPage } from '../fetch/reading.ts';
import type { RunFacts } from './map-row.ts';
import type { PageToMap, SourceRows, WorkerRun } from './map-worker.ts';
import type { MappedPage } from './mapped-page.ts';

/** Threads beside this one that map pages. This one fetches them, knows duplicates, and writes. */
export type Workers = {
  /** How many pages of a stream may be on their way while one is worked on. */
  ahead(): number;
  /**
   * Begins to map a page; `undefined`, at once or in the end, leaves that to this thread. `waitedFor`: it has nothing else
   * to do. Never rejects: where a worker dies of a page, and a second one too, the rows of the page are rejected.
   */
  map(stream: string, page: FetchedPage, waitedFor: boolean): Promise<MappedPage | undefined> | undefined;
  close(): Promise<void>;
};

/** So many threads; or, once they pay, as many as the machine runs at once. */
export type WorkerCount = number | 'auto';

/** A worker costs some 60 MB and its start: what is done in a quarter of a minute without is done without. */
const rowsBeforeWorkers = 200_000;

const mostByThemselves = 4;

/** Nothing is started before the first page that is to be mapped by a worker. `file` is the program of a worker. */
export function openWorkers(
  wanted: WorkerCount,
  { integration, schemasDir, facts }: Pick<WorkerRun, 'integration' | 'schemasDir'> & { readonly facts: RunFacts },
  file = new URL('./map-worker.js', import.meta.url).href,
): Workers {
  const count = wanted === 'auto' ? Math.min(availableParallelism(), mostByThemselves) : wanted;
  let pool: Promise<Piscina | undefined> | undefined;
  let mayBeUsed = count > 0;
  let rowsNotWaitedFor = 0;

  /** By themselves, for a source that one thread does not keep up with. */
  function areWorthIt({ rows }: FetchedPage, waitedFor: boolean): boolean {
    if (pool !== undefined || wanted !== 'auto') return true;
    if (!waitedFor) rowsNotWaitedFor += rows.length;
    return count > 1 && rowsNotWaitedFor >= rowsBeforeWorkers;
  }

  /** `undefined` where no thread starts, as where no code may be made from text. */
  async function start(): Promise<Piscina | undefined> {
    const { Piscina: Pool } = await import('piscina');
    const { runId, startedAt, tenantUid, connection, ocsfVersion } = facts;
    const told = { runId, startedAt, tenantUid, connection, ocsfVersion };
    const workerData: WorkerRun = { integration, schemasDir, facts: told };
    const opened = new Pool({ filename: file, workerData, minThreads: count, maxThreads: count });
    opened.on('error', () => undefined); // of a thread without a page: the next that is to map one tells
    try {
      await opened.run(undefined);
      return opened;
    } catch {
      mayBeUsed = false;
      await opened.destroy();
      return undefined;
    }
  }

  async function map(stream: string, page: FetchedPage): Promise<MappedPage | undefined> {
    const threads = await (pool ??= start());
    if (threads === undefined) return undefined;
    const told = { stream, number: page.number, url: page.url, receivedAt: page.receivedAt };
    const run = (rows: SourceRows, transferList: ArrayBuffer[]) =>
      // Piscina's results are typed as any; `map-worker.ts` gives this.
      threads.run({ ...told, ...rows } satisfies PageToMap, { transferList }) as Promise<MappedPage>;
    try {
      return await run(...sent(page));
    } catch {
      // The answer went down with the worker; the rows are still here.
      return run({ rows: page.rows }, []).catch((cause: unknown) => allRejected(page, cause));
    }
  }

  return {
    ahead: () => (pool === undefined || !mayBeUsed ? 1 : count + 1),
    map: (stream, page, waitedFor) => (mayBeUsed && areWorthIt(page, waitedFor) ? map(stream, page) : undefined),
    close: async () => (await pool)?.destroy(),
  };
}

/** An answer changes hands at no cost; rows would have to be copied, and are sent only where they are not just the answer's. */
function sent({ rows, whole }: FetchedPage): [rows: SourceRows, transferList: ArrayBuffer[]] {
  if (whole?.rows !== rows) return [{ rows }, []];
  const { status, headers, body } = whole.answer;
  // Memory of its own: a small answer may share its memory with others.
  const bytes = body.length === body.buffer.byteLength ? new Uint8Array(body.buffer) : new Uint8Array(body);
  return [{ answer: { status, headers, body: bytes } }, [bytes.buffer as ArrayBuffer]];
}

function allRejected({ rows }: FetchedPage, cause: unknown): MappedPage {
  const why = cause instanceof Error ? cause.message : String(cause);
  const rejected = {
    kind: 'rejected',
    issues: [
      {
        code: 'run/worker-died',
        severity: 'error',
        message: `Two workers died of the page that this row is on: ${why}.`,
        hint: 'Run again with --workers 0. If the run dies of it, leave fields that are very large out with "drop".',
        pointer: '',
      },
    ],
  } as const;
  return {
    rows: rows.map(() => rejected),
    lines: new Uint8Array() as MappedPage['lines'], // no line at all
    ends: rows.map(() => 0),
  };
}

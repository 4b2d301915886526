import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Piscina } from 'piscina';
import type { Descriptor } from '../descriptor/descriptor.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { FetchedPage } from '../fetch/reading.ts';
import type { HttpAnswer, JsonValue } from '../records.ts';
import { answerRows } from './answer-rows.ts';
import type { RunFacts } from './map-row.ts';
import type { PageToMap, SourceRows, WorkerRun } from './map-worker.ts';
import type { MappedPage } from './mapped-page.ts';

/** Threads beside this one that map pages. This one fetches them, knows duplicates, and writes. */
export type Workers = {
  /** How many pages of a stream may be on their way while one is worked on. */
  ahead(): number;
  /**
   * Begins to map a page; `undefined` leaves that to this thread, also while the others are starting. `waitedFor`: this one
   * has nothing else to do. Never rejects: where a worker dies of a page, and a second one too, its rows are rejected.
   */
  map(stream: string, page: FetchedPage, waitedFor: boolean): Promise<MappedPage> | undefined;
  close(): Promise<void>;
};

/** So many threads; or, once they pay, as many as the machine runs at once. */
export type WorkerCount = number | 'auto';

/** A worker costs some 60 MB and its start: what is done in a quarter of a minute without is done without. */
const rowsBeforeWorkers = 200_000;

const mostByThemselves = 4;

/** A number of threads is started now; `auto` starts none before they pay. `file` is the program of a worker. */
export function openWorkers(
  wanted: WorkerCount,
  { integration, schemasDir, facts }: Pick<WorkerRun, 'integration' | 'schemasDir'> & { readonly facts: RunFacts },
  file = new URL('./map-worker.js', import.meta.url).href,
): Workers {
  const count = wanted === 'auto' ? Math.min(availableParallelism(), mostByThemselves) : wanted;
  let threads: Piscina | undefined;
  let rowsNotWaitedFor = 0;
  let starting = wanted === 'auto' || count === 0 ? undefined : start();

  /** Where no thread starts, as where no code may be made from text, there are none. */
  async function start(): Promise<void> {
    const { Piscina: Pool } = await import('piscina');
    // What `bin/run.js` asks of V8, to look for remains early, costs with threads an eighth of the time.
    setFlagsFromString('--heap-growing-percent=0');
    const { runId, startedAt, tenantUid, connection, ocsfVersion } = facts;
    const told = { runId, startedAt, tenantUid, connection, ocsfVersion };
    const workerData: WorkerRun = { integration, schemasDir, facts: told };
    const opened = new Pool({ filename: file, workerData, minThreads: count, maxThreads: count });
    opened.on('error', () => undefined); // of a thread without a page: the next that is to map one tells
    try {
      await opened.run(undefined);
      threads = opened;
    } catch {
      await opened.destroy();
    }
  }

  /** By themselves, for a source that one thread does not keep up with. */
  function arePaying({ rows }: FetchedPage, waitedFor: boolean): boolean {
    if (!waitedFor) rowsNotWaitedFor += rows.length;
    return count > 1 && rowsNotWaitedFor >= rowsBeforeWorkers;
  }

  return {
    ahead: () => (threads === undefined ? 1 : count + 1),
    map(stream, page, waitedFor) {
      if (threads !== undefined) return mapWith(threads, stream, sourceOf(page), page, integration.descriptor);
      if (wanted === 'auto' && starting === undefined && arePaying(page, waitedFor)) starting = start();
      return undefined;
    },
    async close() {
      await starting;
      await threads?.destroy();
    },
  };
}

/** What a page is made of; its rows only where they are not just those of an answer, whose bytes take less. */
type Source = { readonly answer: HttpAnswer } | { readonly rows: readonly JsonValue[] };

function sourceOf({ rows, whole }: FetchedPage): Source {
  return whole?.rows === rows ? { answer: whole.answer } : { rows };
}

function mapWith(
  threads: Piscina,
  stream: string,
  source: Source,
  { number, url, receivedAt }: FetchedPage,
  descriptor: Descriptor,
): Promise<MappedPage> {
  // From here on nobody holds the page: its rows are let go.
  const attempt = (): Promise<MappedPage> => {
    const [sent, transferList] = toSend(source);
    const page: PageToMap = { stream, number, url, receivedAt, ...sent };
    return threads.run(page, { transferList }) as Promise<MappedPage>; // piscina's results are typed as any
  };
  return attempt()
    .catch(attempt)
    .catch((cause: unknown) =>
      allRejected('rows' in source ? source.rows : answerRows(source.answer, stream, descriptor), cause),
    );
}

/** A copy of the answer, which changes hands, is made much faster than one of its rows. */
function toSend(source: Source): [sent: SourceRows, transferList: ArrayBuffer[]] {
  if ('rows' in source) return [source, []];
  const { status, headers, body } = source.answer;
  const bytes = new Uint8Array(body);
  return [{ answer: { status, headers, body: bytes } }, [bytes.buffer]];
}

function allRejected(rows: readonly JsonValue[], cause: unknown): MappedPage {
  const why = cause instanceof Error ? cause.message : String(cause);
  const issue: Issue = {
    code: 'run/worker-died',
    severity: 'error',
    message: `Two workers died of the page that this row is on: ${why}.`,
    hint: 'Run again with --workers 0. If the run dies of it, leave fields that are very large out with "drop".',
    pointer: '',
  };
  return {
    rows: rows.map((source) => ({ kind: 'rejected', issues: [issue], source })),
    keys: rows.map(() => 0n),
    lines: new Uint8Array() as MappedPage['lines'], // no line at all
    ends: rows.map(() => 0),
  };
}

import type { Job } from '../descriptor/descriptor.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import { type Answered, askSource } from './ask-source.ts';
import type { Call } from './call.ts';
import { describeValue } from './describe-value.ts';
import { FetchError } from './fetch-error.ts';
import { inOrder } from './in-order.ts';
import { atPointer } from '../json-pointer.ts';
import type { FetchedPage, Position } from './reading.ts';
import type { RetryBudget } from './retry.ts';
import { locatedIn, toPage } from './to-page.ts';
import type { Walk } from './walk-pages.ts';

/** A job under way: which of its chunks have been read. */
type Standing = {
  readonly id: string;
  readonly done: Set<string>;
  pages: number;
  readonly budget: RetryBudget;
  /** Somebody else's, or of a run that ended without a word. */
  readonly adopted: boolean;
};

type Status = {
  readonly state: string;
  readonly finished: boolean;
  readonly chunks: readonly string[];
  readonly failedChunks: number;
  readonly answered: Answered;
  readonly call: Call;
};

/**
 * A list that the source prepares: the job is created (or one under way adopted), its status asked until all chunks are
 * there, and each chunk read as it appears, in the order of their ids among those that are ready. A page is a chunk; a
 * job that ends without telling beforehand which chunk was its last ends with an empty page.
 *
 * When the reading is stopped the job is cancelled, unless it was adopted; when it breaks, the job is left for the next run, which goes on with
 * the chunks that are missing, or begins anew if the job is gone.
 */
export async function* walkJob(
  start: Call,
  walk: Walk,
  job: Job,
  from?: Position,
): AsyncGenerator<FetchedPage, void, void> {
  let resumed = from === undefined ? undefined : readStanding(from);
  for (let anew = false; ; anew = true) {
    const standing = resumed ?? (await create(start, walk, job));
    try {
      for await (const page of chunksOf(standing, walk, job)) {
        yield { ...page, ...(anew ? { anew } : {}), ...(standing.adopted ? { adopted: true } : {}) };
        anew = false;
      }
      return;
    } catch (error) {
      if (resumed === undefined || !isLost(error)) throw error;
      resumed = undefined;
    }
  }
}

/** A job that was left is no longer there, or ended badly meanwhile. */
function isLost(error: unknown): boolean {
  if (!(error instanceof FetchError)) return false;
  return error.code === 'fetch/job-failed' || [400, 404, 410].includes(error.httpStatus ?? 0);
}

async function create(start: Call, walk: Walk, { create: where }: Job): Promise<Standing> {
  const { adopt } = where;
  const budget = { spentMs: 0 };
  const answered = await askSource({ ...start, wanted: adopt === undefined ? [] : [adopt.status] }, budget, walk);
  const adopted = adopt !== undefined && answered.answer.status === adopt.status;
  const pointer = adopted ? adopt.id : where.id;
  const id = atPointer(answered.body, pointer);
  if (typeof id === 'string' || typeof id === 'number')
    return { id: String(id), done: new Set(), pages: 0, budget, adopted };
  if (adopted) {
    throw new FetchError('fetch/job-failed', 'The source is at work on such a job already, and does not say which.', {
      httpStatus: answered.answer.status,
      hint: 'Another program asks for the same; wait until it has ended, then run again.',
    });
  }
  const message = `The answer that should name a job has ${describeValue(id)} at ${pointer}.`;
  throw new FetchError('fetch/wrong-shape', message, {
    hint: 'The vendor may have changed its answers; the descriptor must be looked at.',
  });
}

async function* chunksOf(at: Standing, walk: Walk, job: Job): AsyncGenerator<FetchedPage, void, void> {
  let ended: 'well' | 'broken' | 'stopped' = 'stopped';
  try {
    yield* untilDone(at, walk, job);
    ended = 'well';
  } catch (error) {
    if (walk.signal?.aborted !== true) ended = 'broken';
    throw error;
  } finally {
    if (ended === 'stopped') await cancel(at, walk, job);
  }
}

async function* untilDone(at: Standing, walk: Walk, job: Job): AsyncGenerator<FetchedPage, void, void> {
  let patience = newPatience(walk, job);
  let lastHadNext = true;
  for (;;) {
    const status = await askStatus(at, walk, job);
    const ready = status.chunks.filter((chunk) => !at.done.has(chunk)).sort(byNumber);
    for await (const [chunk, page] of fetched(ready, at, walk, job)) {
      at.done.add(chunk);
      at.pages = page.number;
      lastHadNext = !(status.finished && at.done.size >= status.chunks.length && status.failedChunks === 0);
      yield lastHadNext ? { ...page, next: written(at) } : page;
    }
    if (status.finished) {
      if (status.failedChunks > 0) throw jobFailed(at, status, `${status.failedChunks} of its chunks failed`);
      if (lastHadNext) yield emptyPage(status, at);
      return;
    }
    patience = await wait(patience, ready.length > 0, status, at, walk, job);
  }
}

/** Chunks in order, up to `parallel` of them asked for at once. */
async function* fetched(
  chunks: readonly string[],
  at: Standing,
  walk: Walk,
  { chunk: request, parallel }: Job,
): AsyncGenerator<readonly [string, FetchedPage], void, void> {
  const ask = async (chunk: string) => {
    const call = walk.build(request, valuesOf(at.id, chunk));
    return { call, answered: await askSource(call, at.budget, walk) };
  };
  let number = at.pages;
  for await (const [chunk, { call, answered }] of inOrder(chunks, parallel, ask)) {
    number += 1;
    const page = number;
    yield [chunk, locatedIn(call, page, answered, () => toPage(call, page, answered, walk.records))];
  }
}

async function askStatus(at: Standing, walk: Walk, { status }: Job): Promise<Status> {
  const call = walk.build(status.request, valuesOf(at.id));
  const answered = await askSource(call, at.budget, walk);
  const { body } = answered;
  const state = atPointer(body, status.state);
  if (typeof state !== 'string') {
    throw new FetchError('fetch/wrong-shape', `The status of a job has ${describeValue(state)} at ${status.state}.`, {
      hint: 'The vendor may have changed its answers; the descriptor must be looked at.',
    });
  }
  const listed = atPointer(body, status.chunks);
  const failed = status.failedChunks === undefined ? undefined : atPointer(body, status.failedChunks);
  const read: Status = {
    state,
    finished: status.done.includes(state),
    chunks: Array.isArray(listed) ? listed.map(String) : [],
    failedChunks: Array.isArray(failed) ? failed.length : 0,
    answered,
    call,
  };
  if (!status.failed.includes(state)) return read;
  const reason = status.reason === undefined ? undefined : atPointer(body, status.reason);
  throw jobFailed(
    at,
    read,
    `its state is ${state}${typeof reason === 'string' && reason !== '' ? ` (${reason})` : ''}`,
  );
}

type Patience = { readonly waitSeconds: number; readonly sinceMs: number; readonly state: string };

function newPatience({ clock }: Walk, { poll }: Job, state = ''): Patience {
  return { waitSeconds: poll.firstSeconds, sinceMs: clock.now().getTime(), state };
}

/** Waits a little longer each time; a new chunk or another state is progress, and patience begins anew. */
async function wait(
  patience: Patience,
  progressed: boolean,
  status: Status,
  at: Standing,
  walk: Walk,
  job: Job,
): Promise<Patience> {
  const { clock, tally, onWait, signal } = walk;
  const now = progressed || status.state !== patience.state ? newPatience(walk, job, status.state) : patience;
  if (clock.now().getTime() - now.sinceMs > job.poll.giveUpAfterSeconds * 1000) {
    await cancel(at, walk, job);
    throw jobFailed(at, status, `nothing came of it in ${job.poll.giveUpAfterSeconds} s, its state is ${status.state}`);
  }
  const ms = now.waitSeconds * 1000;
  onWait?.(ms, `the job is ${status.state}`);
  await clock.sleep(ms, signal);
  tally.waitedMs += ms;
  return { ...now, waitSeconds: Math.min(job.poll.longestSeconds, now.waitSeconds + 1) };
}

const cancelWithinMs = 10_000;

/** As a courtesy to the source: one try, and what comes of it changes nothing. */
async function cancel(at: Standing, walk: Walk, { cancel: request }: Job): Promise<void> {
  if (request === undefined || at.adopted) return;
  const once = { ...walk, retry: { ...walk.retry, maxTries: 1 }, signal: AbortSignal.timeout(cancelWithinMs) };
  await askSource(walk.build(request, valuesOf(at.id)), { spentMs: 0 }, once).catch(() => undefined);
}

function jobFailed({ id }: Standing, { answered }: Status, why: string): FetchError {
  return new FetchError('fetch/job-failed', `The source did not finish job ${id}: ${why}.`, {
    httpStatus: answered.answer.status,
    ...(answered.requestId === undefined ? {} : { requestId: answered.requestId }),
    hint: 'Run again: it begins a new job. What had come of this one is kept; if it happens often, tell the vendor.',
  });
}

function emptyPage({ call, answered }: Status, at: Standing): FetchedPage {
  const { answer, body } = answered;
  at.pages += 1;
  return {
    number: at.pages,
    url: `${call.url.origin}${call.url.pathname}`,
    body,
    receivedAt: answer.receivedAt,
    rows: [],
  };
}

function valuesOf(job: string, chunk?: string): (name: string) => JsonValue | undefined {
  return (name) => (name === 'job' ? job : name === 'chunk' ? chunk : undefined);
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : Number(a > b));
}

function written({ id, done, pages, adopted }: Standing): JsonObject {
  return { job: id, done: [...done], pages, ...(adopted ? { adopted } : {}) };
}

function readStanding({ job, done, pages, adopted }: Position): Standing | undefined {
  if (typeof job !== 'string' || !Array.isArray(done)) return undefined;
  return {
    id: job,
    done: new Set(done.map(String)),
    pages: typeof pages === 'number' ? pages : 0,
    budget: { spentMs: 0 },
    adopted: adopted === true,
  };
}

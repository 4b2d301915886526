import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { JsonValue } from '../records.ts';
import type { Collection } from './collection.ts';
import type { Answer } from './exchange.ts';
import type { Chunk, SandboxJob } from './job-book.ts';
import { readJson, readText } from './read-parameter.ts';
import type { JobDescription, RouteAnswer } from './sandbox-description.ts';
import { readWanted, type Wanted } from './select-rows.ts';
import { applyFaults, writeRow } from './serve-list.ts';
import { answerBody, collectionOf, familyHeaders, fillBody, refuse, type Visit } from './service.ts';

type Part<Kind extends RouteAnswer['kind']> = RouteAnswer & { readonly kind: Kind };

/** Records looked at before other requests are served. */
const recordsAtOnce = 2000;

/** Takes a job on: which records belong to which chunk is settled now. */
export async function createJob(visit: Visit, answer: JobDescription): Promise<Answer> {
  const { service, exchange, name } = visit;
  const { jobs, now } = service;
  if (exchange.body !== '' && readJson(exchange.body) === undefined) return refuse(visit, 'bad-body');
  const size = readSize(visit, answer);
  if (size === undefined) return refuse(visit, 'bad-page-size', { maxPageSize: answer.size.most });
  const collection = collectionOf(service, answer.collection);
  const wanted = readWanted(answer, exchange, collection, { now: now(), begun: false });
  if ('parameter' in wanted) return refuse(visit, 'bad-filter', { parameter: wanted.parameter });
  const active = [...jobs.values()].filter((job) => isActive(job, service.description.routes[job.route]?.answer));
  const asked = JSON.stringify(readJson(exchange.body) ?? null);
  const same = active.find((job) => job.route === name && job.asked === asked);
  if (same !== undefined && answer.duplicates === 'refuse')
    return refuse(visit, 'duplicate-job', { activeJob: same.id });
  if (same !== undefined && answer.duplicates === 'replace') same.cancelled = true;
  if (active.filter(({ cancelled }) => !cancelled).length >= answer.atOnce) return refuse(visit, 'too-many-jobs');
  const chunks = shuffle(await cutChunks(collection, wanted, size, answer.size.of));
  const job: SandboxJob = {
    ...{ id: randomUUID(), route: name, asked, request: exchange, createdAtMs: now().getTime(), chunks },
    ...{ polls: 0, cancelled: false, failed: visit.faults.some(({ failJobs }) => failJobs === true) },
  };
  jobs.set(job.id, job);
  return answerBody(visit, fillBody(visit, answer.body, { job: job.id }));
}

export function serveJobStatus(visit: Visit, answer: Part<'job-status'>): Answer {
  const found = findJob(visit, answer.of);
  if (found === undefined) return refuse(visit, 'expired-job');
  const { job, description } = found;
  job.polls += 1;
  return answerBody(visit, fillBody(visit, answer.body, statusValues(visit, job, description)));
}

export function serveJobChunk(visit: Visit, answer: Part<'job-chunk'>): Answer {
  const found = findJob(visit, answer.of);
  if (found === undefined) return refuse(visit, 'expired-job');
  const { job, description } = found;
  const chunk = job.chunks.find(({ id }) => String(id) === visit.given['chunk']);
  if (chunk === undefined) return refuse(visit, 'not-found', { chunk: visit.given['chunk'] });
  if (!readyChunks(job, description).includes(chunk)) return refuse(visit, 'chunk-not-ready', { chunk: chunk.id });
  const collection = collectionOf(visit.service, description.collection);
  const rows = [...chunkRows(visit, job, description, collection, chunk)];
  const page = { offset: 0, size: rows.length, paused: false, rows, next: undefined, link: () => '', collection };
  return {
    status: 200,
    headers: { ...familyHeaders(visit), 'content-type': answer.contentType },
    body: JSON.stringify(applyFaults(page, visit.faults).rows),
  };
}

export function cancelJob(visit: Visit, answer: Part<'job-cancel'>): Answer {
  const found = findJob(visit, answer.of);
  if (found === undefined) return refuse(visit, 'expired-job');
  const { job, description } = found;
  job.cancelled = !isDone(job, description) || job.cancelled;
  return answerBody(visit, fillBody(visit, answer.body, statusValues(visit, job, description)));
}

function readSize(visit: Visit, { size }: JobDescription): number | undefined {
  const text = size.parameter === undefined ? undefined : readText(visit.exchange, size.parameter);
  const wanted = text === undefined ? size.default : Number(text);
  if (!Number.isSafeInteger(wanted) || (text === undefined && size.required)) return undefined;
  if (size.beyond === 'refuse' && (wanted < size.least || wanted > size.most)) return undefined;
  return Math.min(size.most, Math.max(size.least, wanted));
}

/** Where nothing is left out, chunks are cut by number; otherwise every record is looked at, and none is kept. */
async function cutChunks(
  collection: Collection,
  wanted: Wanted,
  size: number,
  of: 'rows' | 'parents',
): Promise<Chunk[]> {
  const each = collection.description.each;
  const step = of === 'parents' && each !== undefined ? size * each.count[1] : size;
  const end = collection.size();
  if (!wanted.narrowed && (of === 'parents' || each === undefined)) {
    return Array.from({ length: Math.ceil(end / step) }, (_, at) =>
      chunk(at, at * step, Math.min(end, (at + 1) * step)),
    );
  }
  const chunks: Chunk[] = [];
  let [from, rows] = [0, 0];
  for (let index = 0; index < end; index += 1) {
    if (index % recordsAtOnce === 0) await setImmediate();
    if (of === 'parents' && index > from && index % step === 0) {
      if (rows > 0) chunks.push(chunk(chunks.length, from, index));
      [from, rows] = [index, 0];
    }
    if (!collection.has(index) || !wanted.fits(collection.record(index))) continue;
    rows += 1;
    if (of === 'rows' && rows === size) {
      chunks.push(chunk(chunks.length, from, index + 1));
      [from, rows] = [index + 1, 0];
    }
  }
  return rows > 0 ? [...chunks, chunk(chunks.length, from, end)] : chunks;
}

/** Numbers have gaps: 1, 2, 3, 5, 6, 7, 9 … */
function chunk(at: number, from: number, to: number): Chunk {
  return { id: at + 1 + Math.floor(at / 3), from, to };
}

/** From both ends to the middle: no order, and always the same one. */
function shuffle(chunks: readonly Chunk[]): Chunk[] {
  const half = Math.ceil(chunks.length / 2);
  return chunks.slice(0, half).flatMap((one, at) => {
    const other = chunks.at(-1 - at);
    return other === undefined || other === one ? [one] : [other, one];
  });
}

function* chunkRows(
  visit: Visit,
  job: SandboxJob,
  description: JobDescription,
  collection: Collection,
  { from, to }: Chunk,
): Generator<JsonValue> {
  const now = new Date(job.createdAtMs);
  const wanted = readWanted(description, job.request, collection, { now, begun: false });
  if ('parameter' in wanted) return;
  for (let index = from; index < to; index += 1) {
    if (!collection.has(index)) continue;
    const record = collection.record(index);
    if (wanted.fits(record)) yield writeRow(description, record);
  }
}

/** A job of that route which is known and not yet too old. */
function findJob(
  visit: Visit,
  of: string,
): { readonly job: SandboxJob; readonly description: JobDescription } | undefined {
  const { service, given } = visit;
  const job = service.jobs.get(given['job'] ?? '');
  const description = service.description.routes[of]?.answer;
  if (job?.route !== of || description?.kind !== 'job') return undefined;
  if (job.createdAtMs + description.expiresSeconds * 1000 < service.now().getTime()) return undefined;
  return { job, description };
}

function readyChunks(job: SandboxJob, { queuedPolls, workingPolls }: JobDescription): readonly Chunk[] {
  const worked = job.polls - queuedPolls;
  if (worked <= 0) return [];
  return job.chunks.slice(0, Math.ceil((job.chunks.length * worked) / Math.max(1, workingPolls)));
}

function isDone(job: SandboxJob, { queuedPolls, workingPolls }: JobDescription): boolean {
  return job.polls >= queuedPolls + workingPolls;
}

function isActive(job: SandboxJob, answer: RouteAnswer | undefined): boolean {
  return answer?.kind === 'job' && !job.cancelled && !job.failed && !isDone(job, answer);
}

function statusValues(visit: Visit, job: SandboxJob, description: JobDescription) {
  const ready = job.failed ? [] : readyChunks(job, description);
  const lost = visit.faults.reduce((count, { loseChunks = 0 }) => count + loseChunks, 0);
  const good = isDone(job, description) && lost > 0 ? ready.slice(0, -lost) : ready;
  return {
    job: job.id,
    state: stateOf(job, description),
    chunks: good.map(({ id }) => id),
    failedChunks: ready.slice(good.length).map(({ id }) => id),
    totalChunks: job.chunks.length,
    createdMs: job.createdAtMs,
    reason: job.failed ? 'The export could not be completed.' : undefined,
  };
}

function stateOf(job: SandboxJob, description: JobDescription): string {
  const { states } = description;
  if (job.failed) return states.failed;
  if (job.cancelled) return states.cancelled;
  if (job.polls <= description.queuedPolls) return states.queued;
  return isDone(job, description) ? states.done : states.working;
}

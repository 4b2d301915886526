import { workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { systemClock } from '../fetch/clock.ts';
import type { HttpAnswer, JsonValue, OcsfRecord } from '../records.ts';
import { createLineBuffer } from '../sink/line-buffer.ts';
import { answerRows } from './answer-rows.ts';
import { type Integration, streamNamed } from './integrations.ts';
import { createRowMapper, type RowMapper, type RunFacts } from './map-row.ts';
import { type MappedPage, mapPage } from './mapped-page.ts';

/** What a worker is started with. */
export type WorkerRun = {
  readonly integration: Integration;
  readonly schemasDir: string;
  readonly facts: Omit<RunFacts, 'now'>;
};

export type PageToMap = SourceRows & {
  readonly stream: string;
  readonly number: number;
  readonly url: string;
  readonly receivedAt: Date;
};

/** The rows of a page, or the answer that has them. */
export type SourceRows =
  | { readonly rows: readonly JsonValue[] }
  | { readonly answer: Pick<HttpAnswer, 'status' | 'headers'> & { readonly body: Uint8Array } };

const mappers = new Map<string, Promise<RowMapper>>();
const buffer = createLineBuffer<OcsfRecord>();

/**
 * The whole of a worker thread of `workers.ts`: a page in, its lines out, whose bytes change hands without being copied.
 * Without a page it only says that it is there.
 */
export default async function mapPageHere(page: PageToMap | undefined): Promise<MappedPage | undefined> {
  if (page === undefined) return undefined;
  const run = workerData as WorkerRun; // `workers.ts` starts its threads with this
  const { stream, number, url, receivedAt } = page;
  const mapper = mappers.get(stream) ?? load(stream, run);
  mappers.set(stream, mapper);
  const at = { integration: run.integration.descriptor.name, stream, page: number };
  const mapped = await mapPage(rowsOf(page, run), await mapper, at, { url, receivedAt }, buffer);
  const lines = mapped.lines.slice() as MappedPage['lines']; // the same lines
  return transferring({ ...mapped, lines }, lines.buffer);
}

function load(stream: string, { integration, schemasDir, facts }: WorkerRun): Promise<RowMapper> {
  const now = () => systemClock.now();
  return createRowMapper(integration, streamNamed(integration.descriptor, stream), schemasDir, { ...facts, now });
}

function rowsOf(page: PageToMap, { integration }: WorkerRun): readonly JsonValue[] {
  if ('rows' in page) return page.rows;
  const { stream, receivedAt } = page;
  const { status, headers, body } = page.answer;
  const answer = { status, headers, body: Buffer.from(body.buffer, body.byteOffset, body.length), receivedAt };
  return answerRows(answer, stream, integration.descriptor);
}

function transferring(page: MappedPage, buffer: ArrayBufferLike): MappedPage {
  // Piscina unwraps it on the other side.
  return move({ [transferableSymbol]: [buffer], [valueSymbol]: page }) as unknown as MappedPage;
}

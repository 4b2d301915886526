import type { Stream } from '../descriptor/descriptor.ts';
import type { OcsfRecord, Origin, Outcome } from '../records.ts';
import type { IdsHash } from '../sink/ids-hash.ts';
import type { LineFile } from '../sink/ndjson/line-file.ts';
import type { Sink } from '../sink/sink.ts';
import type { CertificateNotes } from './certificate.ts';
import type { Entities } from './entities.ts';
import { interrupted, limitReached } from './explain-ending.ts';
import type { RowFacts, RowMapper } from './map-row.ts';
import { rejectedLine } from './rejected-line.ts';
import { notAnObject } from './row-not-object.ts';
import type { RowKeys } from './row-keys.ts';
import { type Ended, enter, type StreamBooks } from './stream-books.ts';
import type { StreamRun } from './stream-run.ts';

/** One stream on its way: where its rows are counted, remembered and delivered. */
export type Delivery = {
  readonly stream: Stream;
  readonly mapper: RowMapper;
  readonly books: StreamBooks;
  readonly sink: Sink;
  readonly rejected: LineFile;
  readonly keys: RowKeys;
  /** Of what was written. */
  readonly ids: IdsHash;
  /** Only what differs from the last snapshot is delivered. */
  readonly entities?: Entities | undefined;
  readonly certificate: CertificateNotes;
  /** An interruption waits for the end of the page: what is published of it cannot be read again. */
  readonly wholePages: boolean;
};

/** Records held before they are written: enough for one large write, few enough that a page's records never pile up. */
const rowsAWrite = 100;

/** Rows of one page, some at a time: a slow sink slows the source, and memory holds the page but not all it becomes. */
export async function deliverPage(
  delivery: Delivery,
  rows: readonly unknown[],
  number: number,
  page: RowFacts,
  run: StreamRun,
  derivedFrom?: string,
): Promise<Ended | undefined> {
  const { stream, books } = delivery;
  let ended: Ended | undefined;
  for (let start = 0; start < rows.length && ended === undefined; start += rowsAWrite) {
    const origin = {
      integration: run.integration.descriptor.name,
      stream: stream.name,
      page: number,
      ...(derivedFrom === undefined ? {} : { derivedFrom }),
    };
    ended = await deliverRows(
      delivery,
      rows.slice(start, start + rowsAWrite),
      { ...origin, row: start + 1 },
      page,
      run,
    );
  }
  const { pages, received, accepted, rejected } = books;
  run.emit({ kind: 'page', stream: stream.name, pages, received, accepted, rejected });
  return ended;
}

/** One after the other, as the source sent them. A row is entered in the books once it is written. */
async function deliverRows(
  delivery: Delivery,
  rows: readonly unknown[],
  first: Origin,
  page: RowFacts,
  run: StreamRun,
): Promise<Ended | undefined> {
  const { books, sink, ids } = delivery;
  const outcomes: (Outcome | 'duplicate')[] = [];
  const accepted: OcsfRecord[] = [];
  const rejected: unknown[] = [];
  let ended: Ended | undefined;
  for (const [index, row] of rows.entries()) {
    ended = stopBefore(books.received + outcomes.length, run, delivery);
    if (ended !== undefined) break;
    const outcome = await takeRow(row, { ...first, row: first.row + index }, page, delivery, run);
    outcomes.push(outcome);
    if (outcome === 'duplicate') continue;
    if (outcome.kind === 'accepted') accepted.push(outcome.record);
    else rejected.push(rejectedLine(outcome, row));
  }
  await sink.write(accepted);
  await delivery.rejected.write(rejected);
  for (const record of accepted) ids.add(uidOf(record));
  for (const outcome of outcomes) enter(books, outcome);
  return ended;
}

function uidOf({ metadata }: OcsfRecord): string {
  const uid = typeof metadata === 'object' && metadata !== null && 'uid' in metadata ? metadata['uid'] : undefined;
  return typeof uid === 'string' ? uid : '';
}

function stopBefore(received: number, { limit, signal }: StreamRun, { wholePages }: Delivery): Ended | undefined {
  if (signal?.aborted === true && !wholePages) return { ending: 'stopped', reason: interrupted };
  if (limit !== undefined && received >= limit) return { ending: 'stopped', reason: limitReached(limit) };
  return undefined;
}

async function takeRow(
  row: unknown,
  origin: Origin,
  page: RowFacts,
  delivery: Delivery,
  run: StreamRun,
): Promise<Outcome | 'duplicate'> {
  const { mapper, keys, stream } = delivery;
  const body = mapper.clean(row);
  if (body === undefined) return notAnObject(row, origin);
  if (!keys.add(mapper.key(body))) return 'duplicate';
  if (origin.derivedFrom === undefined) await run.derived.feed(stream.name, body);
  const removed = page.removed ?? mapper.isRemoved(row);
  // What did not change counts as known: as delivered by an earlier run.
  if (page.removed !== true && (await delivery.entities?.see(body)) === 'unchanged') return 'duplicate';
  return mapper.map(body, origin, { ...page, removed });
}

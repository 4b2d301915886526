import type { Stream } from '../descriptor/descriptor.ts';
import type { JsonObject, OcsfRecord, Origin } from '../records.ts';
import type { IdsHash } from '../sink/ids-hash.ts';
import type { LineBuffer } from '../sink/line-buffer.ts';
import type { LineFile } from '../sink/ndjson/line-file.ts';
import type { Sink } from '../sink/sink.ts';
import type { CertificateNotes } from './certificate.ts';
import type { Entities } from './entities.ts';
import { interrupted, limitReached } from './explain-ending.ts';
import type { RowFacts, RowMapper } from './map-row.ts';
import { type MappedPage, takeMapped } from './mapped-page.ts';
import { encodeOutcome, type MappedRow } from './mapped-row.ts';
import { rejectedLine } from './rejected-line.ts';
import { outcomeOf } from './outcome-of.ts';
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
  /** On their way to the sink and to the rejected. */
  readonly lines: { readonly records: LineBuffer<OcsfRecord>; readonly rejected: LineBuffer<object> };
  readonly keys: RowKeys;
  /** Of what was written. */
  readonly ids: IdsHash;
  /** Only what differs from the last snapshot is delivered. */
  readonly entities?: Entities | undefined;
  readonly certificate: CertificateNotes;
  /** An interruption waits for the end of the page: what is published of it cannot be read again. */
  readonly wholePages: boolean;
};

/** Rows of one page, in the order of the source. */
export type Rows = RowFacts & {
  /** None, where `mapped` has all that is wanted of them. */
  readonly rows: readonly unknown[];
  /** The page's. */
  readonly number: number;
  readonly derivedFrom?: string;
  /** What became of them, where that was found out beforehand. */
  readonly mapped?: MappedPage | undefined;
};

/** Rows mapped before they are written: enough for one large write, few enough that a page's records never pile up. */
const rowsAWrite = 100;

/** Delivers a page, some rows at a time: a slow sink slows the source, and memory holds the page but not all it becomes. */
export async function deliverPage(delivery: Delivery, page: Rows, run: StreamRun): Promise<Ended | undefined> {
  let ended: Ended | undefined;
  for (let start = 0; start < countOf(page) && ended === undefined; start += rowsAWrite) {
    ended = await deliverRows(delivery, page, start, run);
  }
  const { pages, received, accepted, rejected } = delivery.books;
  run.emit({ kind: 'page', stream: delivery.stream.name, pages, received, accepted, rejected });
  return ended;
}

function countOf({ rows, mapped }: Rows): number {
  return mapped?.rows.length ?? rows.length;
}

/** One after the other. A row is entered in the books once it is written. */
async function deliverRows(delivery: Delivery, page: Rows, start: number, run: StreamRun): Promise<Ended | undefined> {
  const { books, sink, ids, stream, lines } = delivery;
  const { number, derivedFrom } = page;
  const integration = run.integration.descriptor.name;
  const taken: (MappedRow | 'duplicate')[] = [];
  let ended: Ended | undefined;
  for (let index = start; index < countOf(page) && index < start + rowsAWrite; index++) {
    ended = stopBefore(books.received + taken.length, run, delivery);
    if (ended !== undefined) break;
    const origin: Origin = {
      integration,
      stream: stream.name,
      page: number,
      row: index + 1,
      ...(derivedFrom === undefined ? {} : { derivedFrom }),
    };
    const mapped = await takeRow(page, index, origin, delivery, run);
    taken.push(mapped);
    if (mapped !== 'duplicate' && mapped.kind === 'rejected')
      lines.rejected.add(rejectedLine(origin, mapped.issues, mapped.source));
  }
  await sink.write(lines.records.lines());
  await delivery.rejected.write(lines.rejected.lines());
  lines.records.clear();
  lines.rejected.clear();
  for (const row of taken) {
    enter(books, row);
    if (row !== 'duplicate' && row.kind === 'accepted') ids.add(row.uid);
  }
  return ended;
}

function stopBefore(received: number, { limit, signal }: StreamRun, { wholePages }: Delivery): Ended | undefined {
  if (signal?.aborted === true && !wholePages) return { ending: 'stopped', reason: interrupted };
  if (limit !== undefined && received >= limit) return { ending: 'stopped', reason: limitReached(limit) };
  return undefined;
}

/** The line of an accepted row is among the delivery's lines from then on. */
async function takeRow(
  page: Rows,
  index: number,
  origin: Origin,
  delivery: Delivery,
  run: StreamRun,
): Promise<MappedRow | 'duplicate'> {
  const { mapper, keys, lines } = delivery;
  const { mapped } = page;
  const row = page.rows[index];
  const body = row === undefined ? undefined : mapper.clean(row);
  const key = mapped?.keys[index] ?? (body === undefined ? 0n : mapper.key(body));
  if (key !== 0n && !keys.add(key)) return 'duplicate';
  if (body !== undefined && (await isUnchanged(body, page, origin, delivery, run))) return 'duplicate';
  if (mapped !== undefined) return takeMapped(mapped, index, lines.records);
  return encodeOutcome(await outcomeOf(row, body, mapper, origin, page), row, lines.records);
}

/** What did not change counts as known: as delivered by an earlier run. The streams computed from this one are fed on the way. */
async function isUnchanged(
  body: JsonObject,
  { removed }: Rows,
  { derivedFrom }: Origin,
  { stream, entities }: Delivery,
  run: StreamRun,
): Promise<boolean> {
  if (derivedFrom === undefined) await run.derived.feed(stream.name, body);
  return removed !== true && (await entities?.see(body)) === 'unchanged';
}

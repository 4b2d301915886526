import type { Records, Stream } from '../descriptor/descriptor.ts';
import { newTally } from '../fetch/ask-source.ts';
import { atPointer, pointerKeys } from '../json-pointer.ts';
import { readPages } from '../fetch/read-pages.ts';
import { splitRows } from '../fetch/split-rows.ts';
import { tellingRows } from '../record/telling-rows.ts';
import { isJsonObject, type JsonValue } from '../records.ts';
import { answerRecords } from './answer-records.ts';
import { fieldDropper } from './drop-fields.ts';
import { endedBy, endedByItself, isAbsent, notInCloud } from './explain-ending.ts';
import type { Source } from './open-source.ts';
import type { Reason } from './run-report.ts';
import type { Ended } from './stream-books.ts';

export type CaptureOptions = {
  readonly limit: number;
  readonly pages: number;
  readonly signal?: AbortSignal | undefined;
};

/** What a source gave for a case of one stream, as it came but for the number of rows. */
export type Capture = {
  readonly stream: Stream;
  /** Where the rows come from: the stream itself, or the one it is computed from. */
  readonly from: Stream;
  readonly document: JsonValue;
  /** Where the rows lie in the document, as a pointer with `*`; `undefined` where the document is the row. */
  readonly rowsAt: string;
  /** As the mapping of `from` gets them. */
  readonly rows: readonly JsonValue[];
};

export type NotCaptured = { readonly stream: string; readonly reason: Reason };

/**
 * Reads a stream for a case: one answer, with the most telling rows of the pages read. Where the vendor refuses the
 * stream and it can be computed, the rows of the other stream are taken.
 */
export async function captureStream(
  stream: Stream,
  source: Source,
  options: CaptureOptions,
): Promise<Capture | NotCaptured> {
  const direct = await readAnswer(stream, source, options);
  if ('rows' in direct) return direct;
  const from = source.descriptor.streams.find(({ name }) => name === stream.derive?.from);
  if (from === undefined || !isRefusal(direct)) return { stream: stream.name, reason: direct.reason ?? noRows(stream) };
  const other = await readAnswer(from, source, options);
  if (!('rows' in other)) return { stream: stream.name, reason: other.reason ?? noRows(from) };
  const drop = fieldDropper(from.drop);
  const rows = other.rows.map((row) => (isJsonObject(row) ? drop(row) : row));
  return { stream, from, document: rows, rowsAt: '/*', rows };
}

function isRefusal(ended: Ended): boolean {
  return ['denied', 'retired', 'skipped'].includes(ended.ending) || isAbsent(ended);
}

async function readAnswer(stream: Stream, source: Source, options: CaptureOptions): Promise<Capture | Ended> {
  if (stream.request === undefined) return { ending: 'skipped' };
  const unavailable = notInCloud(stream, source.connection.shown);
  if (unavailable !== undefined) return { ending: 'skipped', reason: unavailable };
  try {
    const bodies = await readBodies(stream, source, options);
    const [body] = bodies;
    const records = answerRecords(stream);
    const document = body === undefined ? null : fewerRows(records, bodies, body, options.limit);
    const rows = body === undefined ? [] : splitRows(records, document);
    return rows.length > 0
      ? { stream, from: stream, document, rowsAt: rowsAt(records), rows }
      : endedByItself(stream, 0, source.clock.now());
  } catch (error) {
    return endedBy(error, stream, source.clock.now(), options.signal);
  }
}

async function readBodies(stream: Stream, source: Source, { pages, signal }: CaptureOptions): Promise<JsonValue[]> {
  const bodies: JsonValue[] = [];
  for await (const page of readPages(source.reading(stream, { tally: newTally(), signal }))) {
    bodies.push(page.body);
    if (bodies.length >= pages) break;
  }
  return bodies;
}

/** The first answer, with the most telling items of all of them. */
function fewerRows(records: Records, bodies: readonly JsonValue[], first: JsonValue, limit: number): JsonValue {
  const pointer = listPointer(records);
  if (pointer === undefined) return first;
  const items = bodies.flatMap((body) => {
    const list = atPointer(body, pointer);
    return Array.isArray(list) ? list : [];
  });
  return withList(first, pointerKeys(pointer), tellingRows(items, limit));
}

function listPointer(records: Records): string | undefined {
  if (records.kind === 'body') return undefined;
  return records.kind === 'rows' ? records.pointer : (records.pointer ?? records.items);
}

function rowsAt(records: Records): string {
  if (records.kind === 'body') return '';
  if (records.kind === 'rows') return `${records.pointer}/*`;
  return `${records.pointer === undefined ? '' : `${records.pointer}/*`}${records.items}/*`;
}

function withList(value: JsonValue, [key, ...rest]: readonly string[], items: readonly JsonValue[]): JsonValue {
  if (key === undefined) return [...items];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return { ...value, [key]: withList(value[key] ?? null, rest, items) };
}

function noRows(stream: Stream): Reason {
  return {
    code: 'record/no-rows',
    message: `The source has no row for "${stream.title}".`,
    hint: 'Record it from a connection that has some, or write the case by hand.',
  };
}

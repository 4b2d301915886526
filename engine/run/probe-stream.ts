import type { Pagination, Stream, StreamRequest } from '../descriptor/descriptor.ts';
import { newTally } from '../fetch/ask-source.ts';
import { FetchError } from '../fetch/fetch-error.ts';
import { readPages } from '../fetch/read-pages.ts';
import type { ReadPagesOptions } from '../fetch/reading.ts';
import { endedBy, endedByItself, notInCloud } from './explain-ending.ts';
import type { Source } from './open-source.ts';
import type { CheckRequest } from './requests.ts';
import type { Ended } from './stream-books.ts';

/** What the source said to one small request. Without a status nothing was asked, or nothing answered. */
export type Probed = {
  readonly ended: Ended;
  readonly httpStatus?: number;
  /** The vendor's own code of its refusal. */
  readonly vendorCode?: string;
};

/**
 * Asks a stream once, for as little as its descriptor knows to ask: no second try, not even after a refused token. A
 * source that wants a pause gets it before the next stream of the same budget is asked.
 */
export async function probeStream(stream: Stream, source: Source, request: CheckRequest): Promise<Probed> {
  const now = source.clock.now();
  if (stream.request === undefined) return { ended: { ending: 'skipped' } };
  const unavailable = notInCloud(stream, source.connection.shown);
  if (unavailable !== undefined) return { ended: { ending: 'skipped', reason: unavailable } };
  const reading = once(
    source.reading(asked(stream), {
      tally: newTally(),
      signal: request.signal,
      onWait: (ms, why) => request.onEvent?.({ kind: 'waiting', stream: stream.name, ms, why }),
      ...(stream.probe !== undefined && 'query' in stream.probe && { query: stream.probe.query }),
    }),
  );
  try {
    const { value: page } = await readPages(reading).next();
    const ended = (page?.rows.length ?? 0) > 0 ? complete : endedByItself(stream, 0, now);
    return { ended, httpStatus: 200 };
  } catch (error) {
    if (error instanceof FetchError && error.retryAfterSeconds !== undefined)
      reading.limiter?.pauseFor(error.retryAfterSeconds * 1000);
    return { ended: endedBy(error, stream, now, request.signal), ...factsOf(error) };
  }
}

const complete: Ended = { ending: 'complete' };

function once({ signer, retry, ...reading }: ReadPagesOptions): ReadPagesOptions {
  return {
    ...reading,
    retry: { ...retry, maxTries: 1 },
    signer: { sign: (request) => signer.sign(request), secrets: () => signer.secrets(), renew: () => false },
  };
}

function asked(stream: Stream): Stream {
  const { probe } = stream;
  return probe !== undefined && 'request' in probe ? askedFor(stream, probe.request) : smallest(stream);
}

/** Another request in place of the stream's own: it tells whether the source answers, and nothing of its rows. */
function askedFor(stream: Stream, request: StreamRequest): Stream {
  const other: { -readonly [Key in keyof Stream]: Stream[Key] } = { ...stream, request };
  delete other.cursor;
  delete other.hydrate;
  delete other.decode;
  return { ...other, records: { kind: 'body' }, pagination: { kind: 'single-page' } };
}

function smallest(stream: Stream): Stream {
  return { ...stream, pagination: oneRow(stream.pagination) };
}

/** Where the page size is a parameter of the paging, it needs no telling. */
function oneRow(pagination: Pagination): Pagination {
  const sized = pagination.kind === 'offset' || pagination.kind === 'page-number';
  return sized && pagination.sizeParameter !== undefined ? { ...pagination, pageSize: 1 } : pagination;
}

function factsOf(error: unknown): Omit<Probed, 'ended'> {
  if (!(error instanceof FetchError)) return {};
  const { httpStatus, vendorCode } = error;
  return { ...(httpStatus !== undefined && { httpStatus }), ...(vendorCode !== undefined && { vendorCode }) };
}

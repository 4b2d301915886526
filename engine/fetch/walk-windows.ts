import type { TimeCursor } from '../descriptor/descriptor.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { FetchError } from './fetch-error.ts';
import { atPointer } from '../json-pointer.ts';
import type { FetchedPage, Position, ReadPagesOptions } from './reading.ts';
import { readTime, savedTime, type TimeWindow, wholeSecond, windowValues } from './time-window.ts';
import { walkList } from './walk-list.ts';

const second = 1000;

/** Where the walk stands: in which window, on which of its pages (absent: the first), and the latest time its rows showed. */
type Standing = {
  readonly window: TimeWindow;
  readonly page?: JsonObject | undefined;
  readonly pages: number;
  readonly seen?: number | undefined;
};

/**
 * What is new since the cursor, window by window, each a list of its own. The cursor is `{ until }`: all before it has
 * been read. It moves to the end of each window that was read whole, or to the largest time seen in `field`.
 *
 * A window that reaches the ceiling is halved and read anew, so some of its rows come twice; a single second that
 * reaches it is `fetch/window-too-full`.
 */
export async function* walkWindows(
  cursor: TimeCursor,
  options: ReadPagesOptions,
): AsyncGenerator<FetchedPage, void, void> {
  const end = wholeSecond(options.clock.now().getTime() - cursor.latenessMs);
  for (let at = firstStanding(cursor, options, end); at !== undefined; ) {
    at = yield* walkWindow(at, cursor, options, end);
  }
}

/** One window; gives where to go on, or `undefined` at the end. */
async function* walkWindow(
  at: Standing,
  cursor: TimeCursor,
  options: ReadPagesOptions,
  end: number,
): AsyncGenerator<FetchedPage, Standing | undefined, void> {
  const { window } = at;
  let { pages, seen } = at;
  let rows = 0;
  let next: Standing | undefined;
  for await (const page of walkList(options.call(windowValues(asked(window, cursor))), options, at.page)) {
    const { next: nextPage, ...read } = page;
    pages += 1;
    rows += page.rows.length;
    seen = latest(cursor, page.rows, seen);
    const tooFull = cursor.ceiling !== undefined && rows >= cursor.ceiling;
    const whole = !tooFull && nextPage === undefined;
    const following = tooFull ? halved(window, cursor) : whole ? windowAfter(window, cursor, end) : window;
    next = following && { window: following, page: tooFull ? undefined : nextPage, pages, seen };
    yield {
      ...read,
      number: pages,
      span: window,
      ...(next === undefined ? {} : { next: toPosition(next) }),
      // A job that began before the window ended does not hold all of it: the next run reads the window again.
      ...(whole && page.adopted !== true ? cursorAfter(window, cursor, seen) : {}),
    };
    if (tooFull) break;
  }
  return next;
}

function firstStanding(cursor: TimeCursor, options: ReadPagesOptions, end: number): Standing | undefined {
  const { from: position, since, lookbackMs = 0 } = options;
  if (position !== undefined) return fromPosition(position);
  const start = since === undefined ? end - lookbackMs : savedTime(since, 'until') - cursor.overlapMs;
  const window = windowFrom(wholeSecond(start), cursor.stepMs, end);
  return window && { window, pages: 0 };
}

/** The next window is as long as one may be; after a narrow one it grows twofold, as a busy hour seldom comes alone. */
function windowAfter({ from, to }: TimeWindow, { stepMs }: TimeCursor, end: number): TimeWindow | undefined {
  return windowFrom(to, Math.min(stepMs ?? Number.POSITIVE_INFINITY, 2 * (to - from)), end);
}

function windowFrom(from: number, longest: number | undefined, end: number): TimeWindow | undefined {
  return from < end ? { from, to: Math.min(from + (longest ?? Number.POSITIVE_INFINITY), end) } : undefined;
}

function halved({ from, to }: TimeWindow, { ceiling }: TimeCursor): TimeWindow {
  if (to - from > second) return { from, to: from + Math.max(second, wholeSecond((to - from) / 2)) };
  throw new FetchError(
    'fetch/window-too-full',
    `The second from ${iso(from)} has ${ceiling ?? 0} records or more, as many as the source gives of one window.`,
    { hint: 'What lies beyond cannot be asked for. Narrow the stream by a filter of the source, if it has one.' },
  );
}

/** Where the source leaves both ends out, the row at the edge of two windows would come in neither. */
function asked({ from, to }: TimeWindow, { bounds }: TimeCursor): TimeWindow {
  return { from: bounds === 'exclusive' ? from - second : from, to };
}

function latest({ field }: TimeCursor, rows: readonly JsonValue[], seen: number | undefined): number | undefined {
  if (field === undefined) return undefined;
  const times = rows.flatMap((row) => readTime(atPointer(row, field)) ?? []);
  return times.reduce<number | undefined>((most, time) => Math.max(most ?? time, time), seen);
}

function cursorAfter({ to }: TimeWindow, { field }: TimeCursor, seen: number | undefined): { cursor?: JsonObject } {
  const until = field === undefined ? to : seen;
  return until === undefined ? {} : { cursor: { until: iso(until) } };
}

function toPosition({ window, page, pages, seen }: Standing): Position {
  return {
    from: iso(window.from),
    to: iso(window.to),
    pages,
    ...(seen === undefined ? {} : { seen: iso(seen) }),
    ...(page === undefined ? {} : { page }),
  };
}

function fromPosition(position: Position): Standing {
  const { pages, seen, page } = position;
  return {
    window: { from: savedTime(position, 'from'), to: savedTime(position, 'to') },
    pages: typeof pages === 'number' ? pages : 0,
    ...(seen === undefined ? {} : { seen: savedTime(position, 'seen') }),
    ...(isJsonObject(page) ? { page } : {}),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

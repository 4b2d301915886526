import type { JsonObject } from '../../records.ts';
import type { Connection } from '../connection.ts';
import { pointerTo } from '../../json-pointer.ts';
import { flagOf, inside, isThere, itemsOf, lost, needless, otherwise, pass, type Place, textOf } from '../place.ts';
import { shown } from '../template.ts';
import { durationOf, isoSeconds, type TimeForm, timeFormOf } from '../times.ts';

/** What an incremental sync makes of a stream. */
export type Incremental = {
  /** Names in expressions → our placeholders. */
  readonly interval: { readonly [key: string]: string };
  /** Absent: every run reads the stream whole. */
  readonly cursor?: JsonObject;
  readonly query: { readonly [name: string]: string };
  readonly body: { readonly [pointer: string]: string };
};

const notIncremental: Incremental = { interval: {}, query: {}, body: {} };

/** `usesInterval`: a text of the request asks for the span of time itself. */
export function readIncremental(place: Place, usesInterval: boolean, connection: Connection): Incremental {
  if (!isThere(place)) return notIncremental;
  const type = textOf(inside(place, 'type'));
  if (type !== 'DatetimeBasedCursor') {
    lost(
      place,
      `The incremental sync ${type ?? 'without a type'} has no equivalent; every run reads the list whole.`,
      'A cursor goes by time, by a next link or by a delta link.',
    );
    return notIncremental;
  }
  pass(place, 'cursor_granularity', 'is_compare_strictly', 'global_substream_cursor');
  const form = formOf(inside(place, 'datetime_format'));
  const startOption = inside(place, 'start_time_option');
  const endOption = inside(place, 'end_time_option');
  const told = isThere(startOption) || usesInterval;
  const feed = [inside(place, 'is_data_feed'), inside(place, 'is_client_side_incremental')].find(flagOf);
  if (!told || feed !== undefined) {
    pass(place);
    lost(
      feed ?? place,
      'The source is not asked for a span of time; every run reads the list whole.',
      'Where the source takes a time, give the stream a cursor of kind time.',
    );
    return notIncremental;
  }
  const start = textOf(inside(place, 'partition_field_start')) ?? 'start_time';
  const end = textOf(inside(place, 'partition_field_end')) ?? 'end_time';
  const sent = [optionOf(startOption, `{from.${form}}`), optionOf(endOption, `{to.${form}}`)];
  return {
    interval: {
      [start]: `{from.${form}}`,
      [end]: `{to.${form}}`,
      start_time: `{from.${form}}`,
      end_time: `{to.${form}}`,
    },
    cursor: cursorBlock(place, connection),
    query: Object.assign({}, ...sent.map(({ query }) => query)) as { [name: string]: string }, // objects of texts
    body: Object.assign({}, ...sent.map(({ body }) => body)) as { [pointer: string]: string },
  };
}

function formOf(place: Place): TimeForm {
  const format = textOf(place) ?? '%Y-%m-%dT%H:%M:%S%z';
  const known = timeFormOf(format);
  if (known === undefined) {
    lost(
      place,
      `Times as "${format}" have no equivalent; they are sent as 2026-01-31T05:06:07Z.`,
      'There are {from.iso}, {from.s} and {from.ms}: see what else the source takes.',
    );
    return 'iso';
  }
  if (!known.isExact)
    otherwise(
      place,
      `Times as "${format}" are sent as ${known.form === 'iso' ? '2026-01-31T05:06:07Z' : 'whole seconds'}.`,
    );
  return known.form;
}

type Injected = {
  readonly query: { readonly [name: string]: string };
  readonly body: { readonly [pointer: string]: string };
};

function optionOf(place: Place, value: string): Injected {
  if (!isThere(place)) return { query: {}, body: {} };
  const name = textOf(inside(place, 'field_name'));
  const path = itemsOf(inside(place, 'field_path')).map((one) => textOf(one) ?? '');
  switch (textOf(inside(place, 'inject_into')) ?? '') {
    case 'request_parameter':
      return { query: { [name ?? path.join('.')]: value }, body: {} };
    case 'body_json':
    case 'body_data':
      return { query: {}, body: { [pointerTo(path.length > 0 ? path : [name ?? ''])]: value } };
    default:
      lost(place, 'A time in a header has no equivalent.', 'Times go into the path, the query or the body.');
      return { query: {}, body: {} };
  }
}

function cursorBlock(place: Place, connection: Connection): JsonObject {
  const lateness = latenessOf(inside(place, 'end_datetime'));
  const step = lengthOf(inside(place, 'step'));
  const overlap = lengthOf(inside(place, 'lookback_window'));
  const clamping = inside(place, 'clamping');
  if (isThere(clamping)) lost(clamping, 'Spans that begin and end with a day, week or month have no equivalent.');
  const field = textOf(inside(place, 'cursor_field')) ?? '';
  const formats = inside(place, 'cursor_datetime_formats');
  const odd = itemsOf(formats).find(
    (one) => timeFormOf(textOf(one) ?? '') === undefined && !/^%Y-%m-%d/.test(textOf(one) ?? ''),
  );
  if (odd !== undefined)
    lost(odd, 'Times of this form cannot be read from a row; ISO 8601, seconds and milliseconds can.');
  const readable = odd === undefined && field !== '' && !field.includes('{{');
  return {
    kind: 'time',
    lookback: lookbackOf(inside(place, 'start_datetime'), connection),
    ...(step !== undefined && { step }),
    ...(overlap !== undefined && { overlap }),
    ...(lateness !== undefined && { lateness }),
    ...(readable && { field: pointerTo([field]) }),
  };
}

/** A first day becomes a length of time before the first run. */
function lookbackOf(place: Place, connection: Connection): string {
  const inner = inside(place, 'datetime');
  const datetime = isThere(inner) ? inner : place;
  if (isThere(inner)) {
    pass(place, 'datetime_format');
    for (const key of ['min_datetime', 'max_datetime']) {
      const bound = inside(place, key);
      if (isThere(bound))
        needless(bound, 'A bound of the first day is not needed: a run looks back by a length of time.');
    }
  }
  const text = textOf(datetime) ?? '';
  const days = /^\{\{\s*day_delta\(\s*-(\d+)\b.*\)\s*\}\}$/.exec(text)?.[1];
  if (days !== undefined) return `${days}d`;
  const ago = /^\{\{.*(?:now_utc|today_utc)\(\)\s*-\s*duration\(\s*['"](P[^'"]+)['"]\s*\).*\}\}$/s.exec(text)?.[1];
  const seconds = ago === undefined ? undefined : isoSeconds(ago)?.seconds;
  if (seconds !== undefined) return durationOf(seconds);
  otherwise(
    datetime,
    'A first day becomes a length of time: the first run reads 30 days back.',
    'Give the connection property "lookback" another, such as 365d; or move the cursor with "sluice state".',
  );
  return connection.own('lookback', {
    title: 'How far back the first run reads',
    default: '30d',
    help: 'A length of time such as 12h, 30d or 365d.',
  });
}

function latenessOf(place: Place): string | undefined {
  const inner = inside(place, 'datetime');
  const datetime = isThere(inner) ? inner : place;
  if (isThere(inner)) pass(place, 'datetime_format', 'min_datetime', 'max_datetime');
  const text = textOf(datetime);
  if (text === undefined || /^\{\{\s*(now_utc|today_utc)\(\)(\.strftime\(.*\))?\s*\}\}$/s.test(text)) return undefined;
  const before = /now_utc\(\)\s*-\s*duration\(\s*['"](P[^'"]+)['"]\s*\)/.exec(text)?.[1];
  const seconds = before === undefined ? undefined : isoSeconds(before)?.seconds;
  if (seconds !== undefined) return durationOf(seconds);
  const days = /^\{\{\s*day_delta\(\s*-(\d+)\b.*\)\s*\}\}$/.exec(text)?.[1];
  if (days !== undefined) return `${days}d`;
  lost(datetime, `The end ${shown(text)} has no equivalent; spans end now.`, '"lateness" ends them a while before.');
  return undefined;
}

function lengthOf(place: Place): string | undefined {
  const text = textOf(place);
  if (text === undefined) return undefined;
  const known = isoSeconds(text);
  if (known === undefined) {
    lost(place, `The length of time ${shown(text)} has no equivalent.`, 'Give it as 90s, 15m, 24h or 7d.');
    return undefined;
  }
  if (!known.isExact) otherwise(place, `${text} is carried as ${durationOf(known.seconds)}.`);
  return durationOf(known.seconds);
}

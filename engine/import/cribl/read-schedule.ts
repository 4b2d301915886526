import type { JsonObject } from '../../records.ts';
import type { Connection } from '../connection.ts';
import { deep, inside, isThere, lost, needless, otherwise, pass, type Place, textOf } from '../place.ts';
import { durationOf } from '../times.ts';

const perUnit: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** The cursor of a collector that asks for a time range, from the range of its schedule. */
export function readCursor(job: Place, isTimed: boolean, connection: Connection): JsonObject | undefined {
  const run = deep(job, 'schedule', 'run');
  const schedule = inside(job, 'schedule');
  if (isThere(inside(schedule, 'cronSchedule')))
    needless(inside(schedule, 'cronSchedule'), 'When to run is not part of a feed: a scheduler starts "sluice run".');
  const [earliest, latest] = [inside(run, 'earliest'), inside(run, 'latest')];
  const tracking = inside(run, 'stateTracking');
  const isTracked = inside(tracking, 'enabled').value === true;
  const filter = inside(run, 'expression');
  if (isThere(filter) && textOf(filter) !== 'true')
    lost(filter, 'A filter of events has no equivalent: every row that the source gives becomes a record.');
  pass(schedule);
  if (!isTimed) {
    if (isTracked)
      lost(
        tracking,
        'State that is kept from run to run goes by the time range, which nothing asks for here.',
        'Where the source takes a time, give the stream a cursor of kind time.',
      );
    return undefined;
  }
  const update = textOf(inside(tracking, 'stateUpdateExpression'));
  if (isTracked && update !== undefined && !/latestTime/.test(update))
    lost(inside(tracking, 'stateUpdateExpression'), 'State other than the latest time has no equivalent.');
  otherwise(
    isThere(earliest) ? earliest : job,
    'A run goes on where the last one stopped; the time range of the schedule is that of the first run.',
  );
  const lateness = secondsBefore(latest);
  return {
    kind: 'time',
    lookback: lookbackOf(earliest, connection),
    ...(lateness !== undefined && lateness > 0 && { lateness: durationOf(lateness) }),
  };
}

function lookbackOf(place: Place, connection: Connection): string {
  const seconds = secondsBefore(place);
  if (seconds !== undefined && seconds > 0) return durationOf(seconds);
  if (isThere(place))
    otherwise(
      place,
      'A fixed beginning becomes a length of time: the first run reads a day back.',
      'Give the connection property "lookback" another.',
    );
  return connection.own('lookback', {
    title: 'How far back the first run reads',
    default: '1d',
    help: 'A length of time such as 12h, 30d or 365d.',
  });
}

/** `-1d`, `-10m@m`, `now` as seconds before now. */
function secondsBefore(place: Place): number | undefined {
  const text = textOf(place)?.trim() ?? '';
  if (text === 'now') return 0;
  const [, count, unit = ''] = /^-(\d+)([smhdw])(?:@\w+)?$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (perUnit[unit] ?? 1);
}

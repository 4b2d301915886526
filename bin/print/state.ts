import type { StreamStanding } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count, duration, number } from './quantities.ts';
import { table } from './table.ts';

/** Where the streams stand, a table a connection. */
export function describeStandings(
  standings: readonly StreamStanding[],
  { integration, dir, now }: { readonly integration: string; readonly dir: string; readonly now: Date },
): string {
  if (standings.length === 0)
    return `There is no state of ${integration} in ${dir}: its next run reads everything anew.`;
  const connections = [...new Set(standings.map(({ connection }) => connection))];
  return connections
    .map((connection) => {
      const rows = standings
        .filter((standing) => standing.connection === connection)
        .map((standing) => [standing.stream, nextRun(standing, now), lastComplete(standing, now)]);
      return `${paint('bold', `connection ${connection}`)}\n${table(['stream', 'the next run', 'last complete'], rows)}`;
    })
    .join('\n\n');
}

function nextRun({ kind, cursor, cut }: StreamStanding, now: Date): string {
  if (kind === 'unknown') return 'nothing: the descriptor no longer has this stream';
  if (cut?.pages !== undefined)
    return `goes on behind page ${number(cut.pages)} (${count(cut.received ?? 0, 'row')}) of the run cut off ${ago(cut.since, now)}`;
  if (cut !== undefined) return 'goes on where the last one was stopped';
  if (kind === 'whole' || cursor === undefined) return 'reads the whole list';
  if (kind === 'delta-link') return 'reads what has changed since';
  const until = typeof cursor['until'] === 'string' ? cursor['until'] : undefined;
  const since = until === undefined ? '' : ` from ${until}, ${ago(until, now)}`;
  return kind === 'time' ? `reads${since}` : `follows its link${since}`;
}

function lastComplete({ lastComplete: last }: StreamStanding, now: Date): string {
  return last === undefined ? 'never' : `${ago(last.endedAt, now)}, ${count(last.received, 'row')}`;
}

function ago(time: string | undefined, now: Date): string {
  const ms = time === undefined ? Number.NaN : now.getTime() - Date.parse(time);
  return Number.isNaN(ms) ? 'at an unknown time' : `${duration(Math.max(0, ms))} ago`;
}

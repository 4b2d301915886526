import type { CheckReport, StreamCheck } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { list } from './quantities.ts';
import { describeReason } from './reason.ts';
import { type Row, table, widthOf } from './table.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** Per stream what it needs, what was granted, what the source answered and what to do; then what was granted beyond need. */
export function describeCheck(report: CheckReport): string {
  return [
    statesOf(report.streams),
    ...report.streams.filter(({ reason }) => reason !== undefined).map(whatIsWrong),
    ...consentLines(report),
    ...grantLines(report),
  ].join('\n\n');
}

/** The last column takes what the terminal leaves it. */
function statesOf(streams: readonly StreamCheck[]): string {
  const head = ['stream', 'needs', 'granted', 'answer'];
  const rows = streams.map(streamRow);
  const left = terminalWidth() - widthOf(table(head, rows)) - 2;
  const advice = streams.map((check) => wrap(check.whatToDo ?? exchangeOf(check) ?? 'nothing', Math.max(left, 24)));
  return table(
    [...head, 'what to do'],
    rows.map((row, index) => [...row, advice[index] ?? '']),
  );
}

function streamRow(check: StreamCheck): Row {
  const { stream, state, default: on, needs, httpStatus } = check;
  return [
    on === 'on' ? stream : `${stream} (off)`,
    needs.length === 0 ? '–' : needs.join('\n'),
    needs.length === 0 ? '–' : needs.map((name) => grantedOf(name, check)).join('\n'),
    `${httpStatus === undefined ? '–' : String(httpStatus)} ${paintState(state)}`,
  ];
}

/** Yes, no, by something larger, of no use, or unknown. */
function grantedOf(need: string, { grant, missing, openedBy }: StreamCheck): string {
  if (grant === 'delegated') return 'no use';
  if (missing.includes(need)) return paint('red', 'no');
  if (openedBy === undefined) return '?';
  return paint('green', openedBy.includes(need) ? 'yes' : `by ${list(openedBy, 'or')}`);
}

/** What would do in place of something larger. */
function exchangeOf({ needs, openedBy = [] }: StreamCheck): string | undefined {
  if (openedBy.length === 0 || needs.every((need) => openedBy.includes(need))) return undefined;
  return `nothing; ${list(needs)} would do`;
}

function paintState(state: StreamCheck['state']): string {
  if (state === 'ready' || state === 'derived') return paint('green', state);
  return paint(state === 'denied' || state === 'failed' ? 'red' : 'yellow', state);
}

function whatIsWrong({ stream, state, cause, reason }: StreamCheck): string {
  const told = reason === undefined ? [] : [describeReason(reason)];
  const why = cause === undefined ? '' : ` (${cause})`;
  return [`${paint('bold', stream)}: ${paintState(state)}${why}`, ...told].join('\n');
}

function consentLines({ streams, consentUrl }: CheckReport): string[] {
  const lacking = streams.some(({ cause }) => cause !== undefined && endedByConsent.includes(cause));
  if (!lacking || consentUrl === undefined) return [];
  return [`After granting, an administrator consents here:\n  ${consentUrl}`];
}

const endedByConsent: NonNullable<StreamCheck['cause']>[] = ['consent', 'permission', 'consent-or-permission'];

function grantLines({ granted, beyondNeed, streams }: CheckReport): string[] {
  if (granted === undefined) return [paragraph('The token does not tell what was granted ("?" above).')];
  if (granted.length === 0) return ['Nothing is granted.'];
  if (beyondNeed.length === 0) return ['Nothing is granted beyond need.'];
  return [
    paragraph(`Granted beyond need, better taken away: ${list(beyondNeed)}.`),
    ...beyondNeed.flatMap((name) => keepsOpen(name, streams)),
  ];
}

/** What must be granted before something too large is taken away. */
function keepsOpen(name: string, streams: readonly StreamCheck[]): string[] {
  const relying = streams.filter((check) => check.openedBy?.includes(name) === true && exchangeOf(check) !== undefined);
  if (relying.length === 0) return [];
  const needs = [...new Set(relying.flatMap((check) => check.needs))];
  return [
    paragraph(
      `Before taking ${name} away, grant ${list(needs)}: ${list(relying.map(({ stream }) => stream))} ${relying.length === 1 ? 'relies' : 'rely'} on it.`,
    ),
  ];
}

function paragraph(text: string): string {
  return wrap(text, terminalWidth());
}

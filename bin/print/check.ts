import type { CheckReport, StreamCheck } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { list } from './quantities.ts';
import { describeReason } from './reason.ts';
import { table } from './table.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** Per stream what it needs, what the source answered and what to do; then what was granted beyond need. */
export function describeCheck(report: CheckReport): string {
  const rows = report.streams.map((check) => streamRow(check, report.granted));
  return [
    table(['stream', 'state', 'answer', 'needs'], rows),
    ...report.streams.filter(({ reason }) => reason !== undefined).map(whatToDo),
    ...consentLines(report),
    ...grantLines(report),
  ].join('\n\n');
}

function streamRow(
  { stream, state, default: on, needs, missing, httpStatus }: StreamCheck,
  granted: CheckReport['granted'],
) {
  const marked = needs.map((name) => `${markOf(name, missing, granted)} ${name}`);
  const answer = httpStatus === undefined ? '–' : String(httpStatus);
  return [
    on === 'on' ? stream : `${stream} (off)`,
    paintState(state),
    answer,
    marked.length === 0 ? '–' : marked.join('\n'),
  ];
}

function markOf(name: string, missing: readonly string[], granted: CheckReport['granted']): string {
  if (missing.includes(name)) return paint('red', '✗');
  return granted === undefined ? '?' : paint('green', '✓');
}

function paintState(state: StreamCheck['state']): string {
  if (state === 'ready' || state === 'derived') return paint('green', state);
  return paint(state === 'denied' || state === 'failed' ? 'red' : 'yellow', state);
}

function whatToDo({ stream, state, reason, missing }: StreamCheck): string {
  const told = reason === undefined ? [] : [describeReason(reason)];
  const grant = missing.length === 0 ? [] : [paragraph(`Not granted: ${list(missing)}.`)];
  return [`${paint('bold', stream)}: ${paintState(state)}`, ...grant, ...told].join('\n');
}

function consentLines({ streams, consentUrl }: CheckReport): string[] {
  const lacking = streams.some(({ missing, state }) => missing.length > 0 || state === 'denied');
  if (!lacking || consentUrl === undefined) return [];
  return [`After granting, an administrator consents here:\n  ${consentUrl}`];
}

function grantLines({ granted, beyondNeed }: CheckReport): string[] {
  if (granted === undefined) return [paragraph('The token does not tell what was granted ("?" above).', '')];
  if (beyondNeed.length === 0) return ['Nothing is granted beyond need.'];
  return [paragraph(`Granted beyond need, better taken away: ${list(beyondNeed)}.`, '')];
}

function paragraph(text: string, indent = '  '): string {
  return wrap(text, terminalWidth(), indent);
}

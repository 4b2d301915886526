import { join } from 'node:path';
import type { RunReport, StreamReport } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count, duration, list, number } from './quantities.ts';
import { describeReason } from './reason.ts';
import { type Row, table, widthOf } from './table.ts';
import { terminalWidth, wrap } from './wrap.ts';

export type WhereTheyLie = {
  /** The folder of the run's files. */
  readonly dir: string;
  /** The records went to standard output, not into the folder. */
  readonly recordsOnStdout: boolean;
};

/** The end of a run for a person: the books of every stream, why some did not complete, and where to look. */
export function describeRun(report: RunReport, where: WhereTheyLie): string {
  return [booksTable(report.streams), ...notes(report.streams), closingLines(report, where)].join('\n\n');
}

const numbers = ['received', 'accepted', 'rejected', 'duplicates', 'requests', 'waited', 'time'];

function booksTable(streams: readonly StreamReport[]): string {
  const rows = streams.map(booksRow);
  const wide = table(['stream', 'ending', ...numbers], rows, [2, 3, 4, 5, 6, 7, 8]);
  return widthOf(wide) <= terminalWidth() ? wide : narrowTable(rows);
}

/** For 80 columns: the stream's name on a line of its own. */
function narrowTable(rows: readonly string[][]): string {
  const pairs = rows.flatMap(([stream = '', ...books]): Row[] => [
    [{ content: stream, colSpan: 1 + numbers.length }],
    books,
  ]);
  return table(['ending', ...numbers], pairs, [1, 2, 3, 4, 5, 6, 7]);
}

function booksRow(report: StreamReport): string[] {
  const { stream, received, accepted, rejected, duplicates, requests, waitedMs, durationMs } = report;
  const counts = [received, accepted, rejected, duplicates, requests].map(number);
  if (rejected > 0) counts[2] = paint('red', number(rejected));
  return [stream, paintEnding(report.ending), ...counts, duration(waitedMs), duration(durationMs)];
}

function paintEnding(ending: StreamReport['ending']): string {
  if (ending === 'complete') return paint('green', ending);
  return paint(ending === 'denied' || ending === 'failed' ? 'red' : 'yellow', ending);
}

/** What the table cannot say, once for all streams of which the same is to be said. */
function notes(streams: readonly StreamReport[]): string[] {
  const namesByNote = new Map<string, string[]>();
  for (const report of streams) {
    const note = noteOn(report);
    if (note !== undefined) namesByNote.set(note, [...(namesByNote.get(note) ?? []), report.stream]);
  }
  return [...namesByNote].map(([note, names]) => `${paint('bold', wrap(list(names), terminalWidth()))}: ${note}`);
}

/** Nothing if the table says it all. */
function noteOn(report: StreamReport): string | undefined {
  const { reason, derived, resumed, changes, warnings, classes } = report;
  const parts = [
    ...(reason === undefined ? [] : [describeReason({ ...report.lastRequest, ...reason })]),
    ...(resumed === undefined ? [] : [describeResumed(resumed)]),
    ...(changes === undefined ? [] : [describeChanges(changes)]),
    ...(derived === undefined ? [] : [describeDerived(derived)]),
    ...(classes === undefined ? [] : [describeClasses(classes)]),
    ...(warnings === undefined ? [] : [describeWarnings(warnings)]),
  ];
  if (parts.length === 0) return undefined;
  return [paintEnding(report.ending), ...parts].join('\n');
}

function describeResumed({ runId, pages, received }: NonNullable<StreamReport['resumed']>): string {
  const had = `${count(received, 'row')} in ${count(pages, 'page')}`;
  return paragraph(`Went on where run ${runId} was cut off, after ${had}; the figures count both.`);
}

function describeChanges(changes: NonNullable<StreamReport['changes']>): string {
  const each = [
    `${number(changes.new)} new`,
    `${number(changes.changed)} changed`,
    `${number(changes.removed)} removed`,
  ];
  return paragraph(`Since the last snapshot: ${list(each)}; ${number(changes.unchanged)} as they were.`);
}

function describeDerived({ from, instead }: NonNullable<StreamReport['derived']>): string {
  if (instead === undefined) return paragraph(`Computed from ${from}.`);
  const ended = `The vendor's own endpoint ended as ${instead.ending}; the records were computed from ${from} instead.`;
  return [paragraph(ended), describeReason(instead.reason, { hint: false })].join('\n'); // nothing is left to do
}

/** The most frequent first. */
function describeClasses(classes: NonNullable<StreamReport['classes']>): string {
  const each = Object.entries(classes)
    .sort(([, a], [, b]) => b - a)
    .map(([name, records]) => `${name} ${number(records)}`);
  return paragraph(`By class: ${each.join(', ')}.`);
}

function describeWarnings(warnings: NonNullable<StreamReport['warnings']>): string {
  const each = Object.entries(warnings).map(([code, records]) => `${code} on ${count(records, 'record')}`);
  return paragraph(`Accepted with warnings: ${each.join(', ')}.`);
}

function closingLines(report: RunReport, { dir, recordsOnStdout }: WhereTheyLie): string {
  const { streams } = report;
  const accepted = sum(streams, 'accepted');
  const rejected = sum(streams, 'rejected');
  const records = `${count(accepted, 'record')} (OCSF ${report.ocsfVersion})`;
  return [
    `${count(streams.length, 'stream')}: ${endings(streams)}.`,
    recordsOnStdout ? `${records} on standard output.` : `${records} in ${dir}`,
    ...(rejected === 0 ? [] : [`${number(rejected)} rejected, with reasons, in ${join(dir, 'rejected.ndjson')}`]),
    `The report is ${join(dir, 'report.json')}`,
  ].join('\n');
}

/** `6 complete, 1 denied and 1 retired` */
function endings(streams: readonly StreamReport[]): string {
  const tally = new Map<string, number>();
  for (const { ending } of streams) tally.set(ending, (tally.get(ending) ?? 0) + 1);
  return list([...tally].map(([ending, times]) => `${times} ${ending}`));
}

function sum(streams: readonly StreamReport[], book: 'accepted' | 'rejected'): number {
  return streams.reduce((total, stream) => total + stream[book], 0);
}

function paragraph(text: string): string {
  return wrap(text, terminalWidth(), '  ');
}

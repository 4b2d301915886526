import type { RecordReport } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count, list } from './quantities.ts';
import { describeReason } from './reason.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** What was written, and what became of each field; or what must be decided first. */
export function describeRecording(report: RecordReport): string {
  const parts = report.written ? [...fieldTables(report), writtenCases(report)] : [undecided(report), leaking(report)];
  const outcome = report.written || report.cases.length === 0 ? [] : [paint('red', 'Nothing is written.')];
  return [...parts, ...report.notRecorded.map(notRecorded), ...outcome].filter((part) => part !== '').join('\n\n');
}

function fieldTables({ cases, fields }: RecordReport): string[] {
  return cases.map(({ stream }) => {
    const rows = fields
      .filter((field) => field.stream === stream)
      .map(({ field, kinds, example }) => [visible(field), kindsInWords(kinds), short(example)]);
    return `${paint('bold', stream)}\n${table(['field', 'kind', 'in the case'], rows)}`;
  });
}

function kindsInWords(kinds: readonly string[]): string {
  return kinds.map((kind) => (kind === 'word' || kind === 'number' ? `${kind} (kept)` : kind)).join(', ');
}

function short(text: string): string {
  const shown = visible(text).replaceAll('\n', ' ');
  return shown.length > 60 ? `${shown.slice(0, 59)}…` : shown;
}

function writtenCases({ cases }: RecordReport): string {
  const lines = cases.map(({ folder, files, rows, records, rejected, derivedFrom }) => {
    const from = derivedFrom === undefined ? '' : ` of ${derivedFrom}`;
    const figures = [
      `${count(rows, 'row')}${from}`,
      count(records, 'record'),
      ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ];
    return `${paint('green', 'written')}  ${folder}: ${list(files)} (${figures.join(', ')})`;
  });
  return [...lines, 'Look at each before you commit it; "sluice test" runs it from now on.'].join('\n');
}

function undecided({ unclassified }: RecordReport): string {
  if (unclassified.length === 0) return '';
  const rows = unclassified.map(({ stream, field, name, example, values }) => [
    stream,
    visible(field),
    visible(example),
    String(values),
    `--allow ${shellWord(name)}, or --as ${shellWord(`${name}=name`)}`,
  ]);
  const advice =
    'Allow a field whose values are words of the vendor and say nothing about anybody: they are kept. Say with --as ' +
    'what another holds: name, person, id, host, text, token and so on; these are replaced. To decide for good, put ' +
    'it into cases/record.yaml of the integration:';
  return [
    `${paint('red', 'not classified')}: ${count(unclassified.length, 'field')} whose values may or may not be somebody's.`,
    table(['stream', 'field', 'looks like', 'values', 'decide'], rows, [3]),
    wrap(advice, terminalWidth()),
    ...asYaml(unclassified),
  ].join('\n');
}

function asYaml(unclassified: RecordReport['unclassified']): string[] {
  const streams = new Set(unclassified.map(({ stream }) => stream));
  return [...streams].flatMap((stream) => [
    `  ${stream}:`,
    ...unclassified
      .filter((field) => field.stream === stream)
      .map(({ name }) => `    ${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}: word`),
  ]);
}

function shellWord(text: string): string {
  return /^[\w=.-]+$/.test(text) ? text : `'${text}'`;
}

function leaking({ leaks }: RecordReport): string {
  if (leaks.length === 0) return '';
  const lines = leaks.map(({ stream, file, pointer }) => `  ${stream}, ${file} at ${visible(pointer)}`);
  return [
    `${paint('red', 'would leak')}: a value of the answers would still stand in ${count(leaks.length, 'place')}.`,
    ...lines,
    wrap('Say with --as what these fields hold, or leave out the stream.', terminalWidth()),
  ].join('\n');
}

function notRecorded({ stream, reason }: RecordReport['notRecorded'][number]): string {
  return `${paint('bold', stream)}: ${paint('yellow', 'not recorded')}\n${describeReason(reason)}`;
}

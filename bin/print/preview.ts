import { type AttributeOrigin, type Issue, type LeftOut, type PreviewedRecord, shortPath } from '../../engine/index.ts';
import { beside, type Cell, columns, fold } from './columns.ts';
import { describeIssue } from './issue.ts';
import { originText } from './origin.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { type RecordLine, recordLines } from './record-lines.ts';
import { widthOf } from './table.ts';
import { visible } from './visible.ts';
import { terminalWidth } from './wrap.ts';

/** Each source record beside what became of it, each attribute with where it comes from; at the end the count. */
export function describePreview(records: readonly PreviewedRecord[], width = terminalWidth()): string {
  const rejected = records.filter(({ record }) => record === undefined).length;
  const tally = `${count(records.length, 'record')}, ${rejected} rejected. Nothing was delivered.`;
  return [...records.map((record) => describeRecord(record, width)), tally].join('\n\n');
}

/** From so many columns on, source and record stand side by side. */
const columnsForTwo = 140;
/** Where standard error is no terminal, lines may be as long as these. */
const pipedWidth = 120;

function describeRecord(previewed: PreviewedRecord, terminal: number): string {
  const { source, issues } = previewed;
  const width = terminal === Infinity ? pipedWidth : terminal;
  const head = [...headOf(previewed, width), ''];
  const sourceLines = JSON.stringify(source, null, 2).split('\n').map(visible);
  const tail = unplaced(issues, previewed);
  const sourcePart = (room: number) => [paint('bold', 'source'), ...sourceLines.flatMap((line) => fold(line, room))];
  if (terminal === Infinity || width < columnsForTwo) {
    return [...head, ...sourcePart(width), '', ...recordPart(previewed, width), ...tail].join('\n');
  }
  const longest = Math.max(...sourceLines.map((line) => line.length));
  const left = Math.min(longest, Math.floor(width * 0.36));
  const both = beside(sourcePart(left), recordPart(previewed, width - left - 3), left, widthOf);
  return [...head, ...both, ...tail].join('\n');
}

function headOf({ page, row, requestId, record, attributes, sharedFile }: PreviewedRecord, width: number): string[] {
  const isAccepted = record !== undefined;
  const verdict = paint(isAccepted ? 'green' : 'red', isAccepted ? 'accepted' : 'rejected');
  const request = requestId === undefined ? '' : `request ${visible(requestId)}`;
  const file = attributes.find(({ at }) => at !== undefined && at.file !== sharedFile)?.at?.file;
  const mapped = file === undefined ? '' : `mapped by ${visible(shortPath(file))}`;
  const details = [request, mapped].filter((part) => part !== '').join(', ');
  return [
    `page ${page}, row ${row}: ${verdict}`,
    ...(details === '' ? [] : fold(details, width).map((line) => paint('dim', line))),
  ];
}

function recordPart(previewed: PreviewedRecord, width: number): string[] {
  const { ocsf, record, draft } = previewed;
  if ((record ?? draft) === undefined) return [paint('bold', '(no record)')];
  const lines = recordLines(previewed);
  const widths = widthsFor(lines, width);
  const titles = ['attribute', 'value', 'line', 'from'];
  return [
    `${paint('bold', record === undefined ? 'draft' : 'record')}  OCSF ${ocsf.version} ${ocsf.class}`,
    ...columns(
      titles.map((text) => ({ text, as: 'dim' })),
      widths,
    ),
    ...lines.flatMap((line) => drawLine(line, widths, width, previewed)),
    ...leftOutPart(previewed, width),
    ...legend(previewed, width),
  ];
}

/** The line's number takes five columns; the rest is shared by name, value and origin, as they need it. */
function widthsFor(lines: readonly RecordLine[], width: number): [number, number, number, number] {
  const lineWidth = 4;
  const room = width - lineWidth - 6;
  const longest = (of: (line: RecordLine) => string) => Math.max(...lines.map((line) => of(line).length), 9);
  const name = Math.min(longest(nameOf), Math.floor(room * 0.38));
  const left = room - name;
  const value = Math.min(
    longest(({ value: text }) => text ?? ''),
    Math.max(Math.floor(left * 0.5), left - longest(fromOf)),
  );
  return [name, value, lineWidth, left - value];
}

function nameOf({ depth, name }: RecordLine): string {
  return `${'  '.repeat(depth)}${name}`;
}

function fromOf({ origin }: RecordLine): string {
  return origin === undefined ? '' : originText(origin);
}

function drawLine(
  line: RecordLine,
  widths: readonly number[],
  width: number,
  { sharedFile }: PreviewedRecord,
): string[] {
  const { value = '', origin, issues } = line;
  const from: Cell = { text: visible(fromOf(line)), ...colourOf(origin) };
  const number: Cell = { text: lineOf(origin, sharedFile).padStart(4), as: 'dim' };
  const wrong = issues.some(({ severity }) => severity === 'error');
  const shown: Cell = { text: visible(value), ...(issues.length > 0 && { as: wrong ? 'red' : 'yellow' }) };
  const name: Cell = { text: visible(line.name), indent: 2 * line.depth };
  const drawn = columns([name, shown, number, from], widths);
  const indent = '  '.repeat(line.depth + 1);
  return [...drawn, ...issues.flatMap((issue) => inlineIssue(issue, indent, width))];
}

/** A line of the shared file has a mark, which the legend explains. */
function lineOf(origin: AttributeOrigin | undefined, sharedFile: string | undefined): string {
  if (origin?.at === undefined) return '';
  return `${origin.at.line}${origin.at.file === sharedFile ? '*' : ''}`;
}

function colourOf(origin: AttributeOrigin | undefined): { as?: 'cyan' | 'magenta' | 'yellow' } {
  if (origin === undefined) return {};
  if (origin.from === 'engine') return { as: 'magenta' };
  return { as: origin.from === 'retargeting' ? 'yellow' : 'cyan' };
}

/** Right under its attribute; the attribute itself is told by the place. */
function inlineIssue({ code, severity, message, hint }: Issue, indent: string, width: number): string[] {
  const colour = severity === 'error' ? 'red' : 'yellow';
  const text = `↑ ${severity} ${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
  return fold(visible(text), width - indent.length).map((line, index) => {
    return `${indent}${index === 0 ? '' : '  '}${paint(colour, line)}`;
  });
}

/** Issues of what is not drawn: the mapping as a whole, or a record that there is none of. */
function unplaced(issues: readonly Issue[], previewed: PreviewedRecord): string[] {
  const shown = previewed.record ?? previewed.draft;
  const drawn = shown === undefined ? new Set<Issue>() : new Set(recordLines(previewed).flatMap((line) => line.issues));
  return issues.filter((issue) => !drawn.has(issue)).map(describeIssue);
}

/** More names than these are counted. */
const mostNames = 8;

function leftOutPart({ leftOut, attributes, dropped }: PreviewedRecord, width: number): string[] {
  const there = new Set(attributes.map(({ pointer }) => pointer));
  const absent = leftOut.filter(({ pointer }) => !there.has(pointer));
  const named = (ones: readonly LeftOut[]) => ones.map(({ pointer }) => pointer.slice(1).replaceAll('/', '.'));
  const told: readonly (readonly [string, readonly string[]])[] = [
    ['left out, as the mapping gives nothing for it', named(absent.filter(({ why }) => why === 'nothing'))],
    ['left out, as null or empty', named(absent.filter(({ why }) => why !== 'nothing'))],
    ['dropped by the descriptor', Object.entries(dropped).map(([field, why]) => `${field} (${why})`)],
  ];
  const parts = told
    .filter(([, names]) => names.length > 0)
    .flatMap(([title, names]) => {
      const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
      const text = `${title}: ${names.slice(0, mostNames).join(', ')}${more}`;
      return fold(visible(text), width - 2).map((line, index) => paint('dim', index === 0 ? line : `  ${line}`));
    });
  return parts.length === 0 ? [] : ['', ...parts];
}

function legend({ attributes, sharedFile }: PreviewedRecord, width: number): string[] {
  const from = new Set(attributes.map((attribute) => attribute.from));
  const isShared = sharedFile !== undefined && attributes.some(({ at }) => at?.file === sharedFile);
  const isDecided = attributes.some((attribute) => originText(attribute).startsWith('if '));
  const words = [
    ...(from.has('engine') ? [`${paint('magenta', '+')} completed by the engine`] : []),
    ...(from.has('retargeting') ? [`${paint('yellow', '»')} changed or moved for this release`] : []),
    ...(isShared ? [`${paint('dim', '*')} a line of ${visible(shortPath(sharedFile))}`] : []),
    ...(isDecided ? [`${paint('cyan', 'if')} only decided it`] : []),
  ];
  const line = words.join('   ');
  if (words.length === 0) return [];
  return ['', ...(widthOf(line) <= width ? [line] : words)];
}

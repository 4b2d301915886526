import { readFileSync } from 'node:fs';

import { type Issue, type Position, shortPath } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/**
 * An issue for a person: on the first line, which editors and CI jobs read as well, where, how bad, which code and what;
 * then the line itself, and what to do next.
 *
 *     integrations/acme/integration.yaml:14:5 error descriptor/unknown-key "paginaton" is not a key of a stream.
 *         14 |     paginaton:
 *            |     ^^^^^^^^^
 *       Did you mean "pagination"?
 */
export function describeIssue(
  issue: Pick<Issue, 'severity' | 'message' | 'hint' | 'at' | 'pointer'> & { code: string },
): string {
  const { code, severity, message, hint, at, pointer } = issue;
  const place = at === undefined ? pointer : `${shortPath(at.file)}:${at.line}:${at.column}`;
  const word = paint(severity === 'error' ? 'red' : 'yellow', severity);
  const [first = '', ...rest] = visible(message).split('\n');
  const head = [...(place === undefined || place === '' ? [] : [visible(place)]), word, paint('dim', code), first];
  const frame = at === undefined || mayHoldSecret(code) ? undefined : codeFrame(at);
  return [
    head.join(' '),
    rest.length === 0 ? undefined : paragraph(rest.join('\n')),
    frame,
    hint === undefined ? undefined : paragraph(visible(hint)),
  ]
    .filter((part) => part !== undefined)
    .join('\n');
}

/** Whether the place of such an issue may hold a secret in clear, which no output may repeat. */
function mayHoldSecret(code: string): boolean {
  return code.startsWith('connection/') || code.startsWith('import/') || code === 'descriptor/secret-in-clear';
}

function paragraph(text: string): string {
  return wrap(text, terminalWidth(), '  ');
}

const frameWidth = 100;

/** The line of the file and a mark under the place; nothing if the file cannot be read any more. */
export function codeFrame({ file, line, column, length = 1 }: Position): string | undefined {
  const text = readLine(file, line);
  if (text === undefined) return undefined;
  // A line of minified JSON would flood the terminal: show the stretch around the place.
  const start = column > frameWidth ? column - frameWidth / 2 : 0;
  const shown = visible(text.slice(start, start + frameWidth));
  const marks = Math.max(1, Math.min(length, shown.length - (column - 1 - start)));
  const number = String(line);
  return [
    `    ${paint('dim', `${number} |`)} ${shown}`,
    `    ${paint('dim', `${' '.repeat(number.length)} |`)} ${' '.repeat(column - 1 - start)}${paint('red', '^'.repeat(marks))}`,
  ].join('\n');
}

function readLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1];
  } catch {
    return undefined; // the message stands without its frame
  }
}

import { type Issue, shortPath } from '../../engine/index.ts';
import { visible } from './visible.ts';

type Told = Pick<Issue, 'severity' | 'message' | 'hint' | 'at'> & { readonly code: string };

/**
 * Workflow commands of GitHub Actions, one a line, which turn into annotations of the files.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotations(issues: readonly Told[]): string {
  return issues.map((issue) => `${annotation(issue)}\n`).join('');
}

function annotation({ severity, code, message, hint, at }: Told): string {
  const place =
    at === undefined
      ? []
      : [
          ['file', shortPath(at.file).replaceAll('\\', '/')],
          ['line', String(at.line)],
          ['endLine', String(at.line)],
          ['col', String(at.column)],
          ['endColumn', String(at.column + (at.length ?? 1))],
        ];
  const properties = [...place, ['title', code]].map(([name, value = '']) => `${name}=${escapedProperty(value)}`);
  return `::${severity} ${properties.join(',')}::${escapedText(hint === undefined ? message : `${message}\n${hint}`)}`;
}

function escapedText(text: string): string {
  return visible(text.replaceAll('\r\n', '\n')).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

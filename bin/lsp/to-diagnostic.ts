import { type Diagnostic, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import type { Issue, Position } from '../../engine/index.ts';

/** An issue as an editor shows it. `linkTo` leads to what the code means; `lineAt` gives a line's text, if it is known. */
export function toDiagnostic(
  { code, severity, message, hint, at }: Issue,
  linkTo: (code: string) => string | undefined,
  lineAt: (line: number) => string | undefined,
): Diagnostic {
  const href = linkTo(code);
  return {
    range: at === undefined ? startOfFile : rangeOfPosition(at, lineAt(at.line)),
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    source: 'sluice',
    code,
    ...(href !== undefined && { codeDescription: { href } }),
    message: hint === undefined ? message : `${message}\n${hint}`,
  };
}

const startOfFile: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

/** The protocol counts from 0. A place without a length is shown to the end of its word. */
export function rangeOfPosition({ line, column, length }: Position, text: string | undefined): Range {
  const start = { line: line - 1, character: column - 1 };
  const word = /^[\w$-]+/.exec(text?.slice(column - 1) ?? '')?.[0].length ?? 1;
  return { start, end: { line: line - 1, character: start.character + (length ?? word) } };
}

import type { IssueCode } from '../../diagnostics/codes.ts';
import type { Issue } from '../../diagnostics/issue.ts';
import type { TextFile } from '../joined-text.ts';
import { positionAt } from './place.ts';

export type Finding = {
  readonly code: IssueCode;
  /** Default: `error`. */
  readonly severity?: Issue['severity'];
  /** Offset in the text. */
  readonly at: number;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** What was found so far; the same said twice counts once. */
export class Findings {
  readonly #text: string;
  readonly #file: TextFile;
  readonly #found = new Map<string, Finding>();

  constructor(text: string, file: TextFile) {
    this.#text = text;
    this.#file = file;
  }

  add(finding: Finding): void {
    const key = JSON.stringify([finding.code, finding.at, finding.message]);
    if (!this.#found.has(key)) this.#found.set(key, finding);
  }

  /** In the order of the text. */
  issues(): Issue[] {
    return [...this.#found.values()]
      .sort((one, other) => one.at - other.at)
      .map(({ code, severity = 'error', at, message, hint }) => ({
        code,
        severity,
        message,
        ...(hint === undefined ? {} : { hint }),
        at: positionAt(this.#text, at, this.#file),
      }));
  }
}

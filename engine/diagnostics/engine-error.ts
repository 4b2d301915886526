import type { IssueCode } from './codes.ts';
import type { Issue, Position } from './issue.ts';

export type ErrorDetails = {
  readonly hint?: string | undefined;
  readonly at?: Position | undefined;
  readonly cause?: unknown;
  /** Everything found wrong, where one error stands for several issues. */
  readonly issues?: readonly Issue[] | undefined;
};

/** Base of every error the engine throws on purpose. Anything else that escapes is a bug. */
export abstract class EngineError extends Error {
  /** Stable and documented in `engine/diagnostics/README.md`; safe to match on. The message may change. */
  readonly code: IssueCode;
  readonly hint: string | undefined;
  readonly at: Position | undefined;
  readonly issues: readonly Issue[];

  constructor(code: IssueCode, message: string, { hint, at, cause, issues }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
    this.at = at;
    this.issues = issues ?? [];
  }
}

/** The run cannot begin: bad descriptor, bad connection, credentials refused. Exit code 2. */
export class CannotRunError extends EngineError {}

/** One stream cannot go on; the others do. */
export class StreamError extends EngineError {}

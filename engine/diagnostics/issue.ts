import type { IssueCode } from './codes.ts';

/** A place in a text file; line and column are counted from 1. */
export type Position = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
};

/**
 * Something wrong that does not stop the work: a wrong key in a descriptor, a record that fails its schema.
 * Issues are collected and reported together; what stops the work is an {@link EngineError}.
 */
export type Issue = {
  readonly code: IssueCode;
  readonly severity: 'error' | 'warning';
  /** What happened and where, for a person; may change between releases. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  readonly at?: Position;
  /** JSON Pointer into the record or document the issue is about. */
  readonly pointer?: string;
};

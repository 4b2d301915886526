import type { Failure } from '../failure.ts';
import { describeIssue } from './issue.ts';

/** An error for a person. Where it stands for several issues, each is told in full, and the error itself closes. */
export function describeFailure(failure: Failure): string {
  const issues = failure.issues ?? [];
  const own = describeIssue({ ...failure, severity: 'error' });
  const parts = [...issues.map(describeIssue), own];
  return [parts.join('\n\n'), failure.trace].filter((part) => part !== undefined && part !== '').join('\n');
}

import type { Failure } from '../failure.ts';
import { describeIssue } from './issue.ts';

/** An error for a person. Where it stands for several issues, each is told in full, and the error itself closes; one issue that it repeats is told once. */
export function describeFailure(failure: Failure): string {
  const given = failure.issues ?? [];
  const issues = given.length === 1 ? given.filter(({ message }) => !failure.message.includes(message)) : given;
  const own = describeIssue({ ...failure, severity: 'error' });
  const parts = [...issues.map(describeIssue), own];
  return [parts.join('\n\n'), failure.trace].filter((part) => part !== undefined && part !== '').join('\n');
}

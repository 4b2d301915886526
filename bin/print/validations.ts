import type { Validation } from '../../engine/index.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';

/** Every issue in full, then one line an integration. */
export function describeValidations(validations: readonly Validation[]): string {
  const issues = validations.flatMap((validation) => validation.issues.map(describeIssue));
  const verdicts = validations.map(verdict).join('\n');
  return [...issues, verdicts].join('\n\n');
}

function verdict({ integration, issues }: Validation): string {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const warnings = issues.length - errors;
  const told = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`;
  return errors === 0
    ? `${integration}: ${paint('green', 'valid')}${told}`
    : `${integration}: ${paint('red', count(errors, 'error'))}${told}`;
}

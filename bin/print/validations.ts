import type { Validation } from '../../engine/index.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** Every issue in full, then one line an integration, with the limits its descriptor owns up to. */
export function describeValidations(validations: readonly Validation[]): string {
  const issues = validations.flatMap((validation) => validation.issues.map(describeIssue));
  const verdicts = validations.map((validation) => [verdict(validation), ...limits(validation)].join('\n')).join('\n');
  return [...issues, verdicts].join('\n\n');
}

function limits({ ownedUp }: Validation): string[] {
  return ownedUp.map(({ stream, message }) => wrap(`${stream}: ${visible(message)}`, terminalWidth(), '  '));
}

function verdict({ integration, issues }: Validation): string {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const warnings = issues.length - errors;
  const told = warnings === 0 ? '' : `, ${count(warnings, 'warning')}`;
  return errors === 0
    ? `${integration}: ${paint('green', 'valid')}${told}`
    : `${integration}: ${paint('red', count(errors, 'error'))}${told}`;
}

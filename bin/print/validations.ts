import type { Issue, Validation } from '../../engine/index.ts';
import type { CodeEntry } from './code-entries.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** Every issue in full, where each code is explained, then the verdicts. */
export function describeValidations(
  validations: readonly Validation[],
  entries: ReadonlyMap<string, CodeEntry>,
): string {
  const issues = validations.flatMap((validation) => validation.issues);
  return [...issues.map(describeIssue), ...explained(issues, entries), describeVerdicts(validations)].join('\n\n');
}

/** One line an integration, with the limits its descriptor owns up to. */
export function describeVerdicts(validations: readonly Validation[]): string {
  return validations.map((validation) => [verdict(validation), ...limits(validation)].join('\n')).join('\n');
}

function explained(issues: readonly Issue[], entries: ReadonlyMap<string, CodeEntry>): string[] {
  const links = [...new Set(issues.map(({ code }) => code))].flatMap((code) => entries.get(code)?.link ?? []);
  return links.length === 0 ? [] : [['More on these:', ...links.map((link) => `  ${link}`)].join('\n')];
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

import type { Issue } from '../../diagnostics/issue.ts';
import type { ErrorReading, ErrorRule } from '../descriptor.ts';
import { type Check, issueAt } from './subject.ts';

/** Rules of `errors.yaml` that no answer can ever reach. */
export const deadRules: Check = ({ descriptor, errorsFile }) =>
  errorsFile === undefined
    ? []
    : (['token', 'source'] as const).flatMap((section) =>
        deadOf(descriptor.errors[section], section).map(({ pointer, ...found }) =>
          issueAt(errorsFile.locate, pointer, { code: 'descriptor/dead-rule', severity: 'warning', ...found }),
        ),
      );

type Dead = Pick<Issue, 'message' | 'hint'> & { readonly pointer: string };

function deadOf(reading: ErrorReading, section: string): Dead[] {
  const { rules, codePointers, messagePointers } = reading;
  return rules.flatMap((rule, index): Dead[] => {
    const at = `/${section}/rules/${index}`;
    if (rule.code !== undefined && codePointers.length === 0) {
      const hint = `Say under "${section}" where an answer holds its code, such as "code: [/error/code]".`;
      return [
        { pointer: `${at}/code`, message: 'The rule waits for a code, but nothing says where a code stands.', hint },
      ];
    }
    if (rule.messagePattern !== undefined && messagePointers.length === 0) {
      const hint = `Say under "${section}" where an answer holds its message, such as "message: [/error/message]".`;
      return [
        {
          pointer: `${at}/messagePattern`,
          message: 'The rule waits for a message, but nothing says where a message stands.',
          hint,
        },
      ];
    }
    const before = rules.slice(0, index).findIndex((earlier) => takesAll(earlier) || sameCondition(earlier, rule));
    if (before === -1) return [];
    return [
      {
        pointer: `${at}/message`,
        message: `The rule is never reached: rule ${before + 1} of the list fits wherever it does.`,
        hint: 'The first rule that fits decides; put the narrower one first, or take one out.',
      },
    ];
  });
}

function takesAll({ status, code, messagePattern }: ErrorRule): boolean {
  return status === undefined && code === undefined && messagePattern === undefined;
}

function sameCondition(one: ErrorRule, other: ErrorRule): boolean {
  const condition = ({ status, code, messagePattern }: ErrorRule) => JSON.stringify([status, code, messagePattern]);
  return condition(one) === condition(other);
}

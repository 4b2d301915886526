import { type Check, issueAt } from './subject.ts';
import { compilePattern, patternsOf } from './written-patterns.ts';

/** Regular expressions that do not compile. */
export const badPatterns: Check = (subject) =>
  patternsOf(subject).flatMap(({ file, pointer, text }) => {
    try {
      compilePattern(text);
      return [];
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.replace(/^Invalid regular expression: /, '') : String(cause);
      return [
        issueAt(file.locate, pointer, {
          code: 'descriptor/bad-pattern',
          severity: 'error',
          message: `The regular expression does not compile: ${why}.`,
          hint: 'It is read as JavaScript, with the flag "u". In double quotes YAML takes one backslash of two for itself.',
        }),
      ];
    }
  });

import type { Issue } from '../../diagnostics/issue.ts';
import { issueAt, type Subject } from './subject.ts';
import { compilePattern, compiles, patternsOf } from './written-patterns.ts';

/** Regular expressions that take exponential time on a text made for it, such as a vendor's message could be. */
export async function slowPatterns(subject: Subject): Promise<Issue[]> {
  // Only what repeats a group can be; most descriptors have no such pattern, and need not wait for the analysis to load.
  const candidates = patternsOf(subject).filter(({ text }) => /\)([*+]|\{\d+,\d*\})/.test(text) && compiles(text));
  if (candidates.length === 0) return [];
  const { analyse } = await import('scslre');
  return candidates
    .filter(({ text }) => {
      const { reports } = analyse(compilePattern(text), { reportTypes: { Move: false } });
      return reports.some(({ exponential }) => exponential);
    })
    .map(({ file, pointer }) =>
      issueAt(file.locate, pointer, {
        code: 'descriptor/slow-pattern',
        severity: 'error',
        message: 'The regular expression takes exponential time: a text made for it would hang the run.',
        hint: 'The cause is a repetition inside a repetition that can match one text in many ways, as in (a+)+; write it as one.',
      }),
    );
}

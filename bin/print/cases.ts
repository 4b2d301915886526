import type { CaseResult } from '../../engine/index.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';

/** One line a failing or rewritten case with its differences below; at the end the count. */
export function describeCases(cases: readonly CaseResult[]): string {
  if (cases.length === 0) return 'There are no cases: cases/<stream>/<case-name>/ of an integration holds one each.';
  const failing = cases.filter(({ passed }) => !passed);
  const shown = cases.filter(({ passed, rewritten }) => !passed || rewritten === true);
  return [...shown.map(describeDiffering), tally(cases.length - failing.length, failing.length)].join('\n');
}

function describeDiffering({ integration, stream, name, differences, rewritten }: CaseResult): string {
  const word = rewritten === true ? paint('yellow', 'rewritten') : paint('red', 'failed');
  const head = `${word}  ${integration}/${stream}/${name}`;
  return [head, ...differences.map((difference) => `  ${visible(difference)}`)].join('\n');
}

function tally(passed: number, failed: number): string {
  const words = `${count(passed, 'case')} passed, ${failed} failed`;
  return paint(failed === 0 ? 'green' : 'red', words);
}

import { dirname, join } from 'node:path';
import type { NewIntegration } from '../../engine/index.ts';
import { describeIssue, shortPath } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** What was written and what comes next; `ownDir` is the folder that every command looks in unasked. */
export function describeNewIntegration(made: NewIntegration, ownDir: string): string {
  const { folder, files, issues, notes } = made;
  const short = shortPath(folder);
  const width = Math.max(...files.map((file) => file.length));
  return [
    ...issues.map((issue) => `${describeIssue(issue)}\n`),
    `${paint('bold', short)}  ${verdict(made)}`,
    ...files.map((file) => `  ${file.padEnd(width)}  ${paint('dim', roleOf(file))}`.trimEnd()),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => wrap(visible(note), terminalWidth(), '  '))]),
    '',
    'Next:',
    ...nextSteps(made, short, dirname(folder) === ownDir ? '' : ` --integrations ${shortPath(dirname(folder))}`),
  ].join('\n');
}

function verdict({ issues, cases }: NewIntegration): string {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const failed = cases.filter(({ passed }) => !passed).length;
  if (errors + failed > 0) return paint('red', `${count(errors, 'error')}, ${count(failed, 'failed case')}`);
  return paint('green', `valid, ${count(cases.length, 'case')} passed`);
}

function roleOf(file: string): string {
  if (file === 'integration.yaml') return 'identity, connection, auth, streams';
  if (file === 'errors.yaml') return "the vendor's errors, and what to do";
  if (file.startsWith('mappings/')) return 'one row to one OCSF record';
  if (file.endsWith('source.json')) return 'an answer of the vendor';
  if (file.endsWith('expected.json')) return 'the records it must become';
  if (file.endsWith('.schema.json')) return 'the shape of a row';
  return '';
}

function nextSteps({ integration, streams }: NewIntegration, short: string, where: string): string[] {
  const [first] = streams;
  const source = join(short, 'cases', first?.stream ?? '', first?.case ?? '', 'source.json');
  const steps: [what: string, how: string][] = [
    ["Put the vendor's own in place of what is invented:", `grep -rnE 'FILL IN|\\.example' ${short}`],
    [
      'See the records while you write the mapping:',
      `npx sluice preview ${integration} ${first?.stream ?? ''} --source ${source}${where}`,
    ],
    [
      'Check, and take the new records as expected:',
      `npx sluice validate ${integration}${where} && npx sluice test ${integration} --update${where}`,
    ],
  ];
  return steps.flatMap(([what, how], index) => [`  ${index + 1}. ${what}`, `     ${paint('cyan', how)}`]);
}

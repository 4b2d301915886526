import { dirname, join } from 'node:path';
import { type NewIntegration, shortPath } from '../../engine/index.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/** What was written and what comes next; `ownDir` is the folder that every command looks in unasked. */
export function describeNewIntegration(made: NewIntegration, ownDir: string): string {
  const { folder, files, issues } = made;
  const notes = generalNotes(made);
  const short = shortPath(folder);
  const width = Math.max(...files.map((file) => file.length));
  return [
    ...issues.map((issue) => `${describeIssue(issue)}\n`),
    `${paint('bold', short)}  ${verdict(made)}`,
    ...files.map((file) => `  ${file.padEnd(width)}  ${paint('dim', roleOf(file))}`.trimEnd()),
    ...(made.proposed === undefined ? [] : ['', ...proposalLines(made.proposed)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => wrap(visible(note), terminalWidth(), '  '))]),
    '',
    'Next:',
    ...nextSteps(made, short, dirname(folder) === ownDir ? '' : ` --integrations ${shortPath(dirname(folder))}`),
  ].join('\n');
}

/** Those that are not told with their stream. */
function generalNotes({ notes, proposed }: NewIntegration): readonly string[] {
  const streams = proposed?.streams ?? [];
  return notes.filter((note) => !streams.some(({ stream }) => note.startsWith(`${stream}: `)));
}

/** Each list of the document, on what grounds it is read so, and what is not. */
function proposalLines({ streams, passedOver }: NonNullable<NewIntegration['proposed']>): string[] {
  const taken = streams.filter((stream) => stream.taken);
  const left = streams.filter((stream) => !stream.taken);
  return [
    ...taken.flatMap(({ stream, operation, ocsfClass, why, unsure }) => [
      `  ${paint('bold', stream)}  ${visible(operation)}  ${paint('dim', ocsfClass)}`,
      ...why.map((one) => wrap(visible(one), terminalWidth(), '    ')),
      ...unsure.map((one) => paint('yellow', wrap(`not told: ${visible(one)}`, terminalWidth(), '    '))),
    ]),
    ...(left.length === 0
      ? []
      : [
          wrap(
            `Not taken: ${left.map(({ operation }) => visible(operation)).join(', ')}. --operation takes one.`,
            terminalWidth(),
            '  ',
          ),
        ]),
    ...(passedOver.length === 0
      ? []
      : [
          `  Passed over: ${count(passedOver.length, 'GET operation')}, ${passedOver
            .slice(0, 3)
            .map(({ operation, why }) => `${visible(operation)} (${why})`)
            .join(', ')}${passedOver.length > 3 ? ' and others; --json names all' : ''}.`,
        ]),
  ];
}

function verdict({ issues, cases }: NewIntegration): string {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const failed = cases.filter(({ passed }) => !passed).length;
  if (errors + failed > 0) return paint('red', `${count(errors, 'error')}, ${count(failed, 'failed case')}`);
  return paint('green', `valid, ${count(cases.length, 'case')} passed`);
}

function roleOf(file: string): string {
  if (file === 'integration.yaml') return 'identity, connection, auth, streams';
  if (file === 'GUIDE.md') return 'for operators; sluice docs --write makes it anew';
  if (file === 'README.md') return 'what is still to be done';
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
    ["Put the vendor's own in place of what is invented:", `grep -rniE 'fill.in|\\.example' ${short}`],
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

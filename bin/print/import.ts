import { dirname } from 'node:path';
import { type ImportReport, type Issue, shortPath } from '../../engine/index.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { visible } from './visible.ts';
import { terminalWidth, wrap } from './wrap.ts';

/**
 * What came of a file of another tool. Its lines come first, the heaviest last, so that what is to be done stands where
 * the eye is; lines of files are never shown, as they may hold secrets.
 */
export function describeImport(report: ImportReport, ownDir: string): string {
  const { folder, issues, streams, findings } = report;
  const short = shortPath(folder);
  const parts = sections.flatMap(({ code, title }) => sectionOf(findings, code, title));
  return [
    ...parts,
    ...(issues.length === 0 ? [] : ['To be filled in:', '', ...issues.map((issue) => `${describeIssue(issue)}\n`)]),
    `${paint('bold', short)}  ${verdict(report)}`,
    ...streams.map(({ stream, class: ocsfClass }) => `  ${stream}  ${paint('dim', ocsfClass)}`),
    wrap(carried(report), terminalWidth(), '  '),
    '',
    'Next:',
    ...nextSteps(report, short, dirname(folder) === ownDir ? '' : ` --integrations ${shortPath(dirname(folder))}`),
  ].join('\n');
}

const sections = [
  { code: 'import/passed-over', title: 'Not needed' },
  { code: 'import/carried-otherwise', title: 'Carried, but not word for word' },
  { code: 'import/secret-in-clear', title: 'Secrets in the file, not copied' },
  { code: 'import/not-carried', title: 'Not carried' },
] as const;

function sectionOf(findings: readonly Issue[], code: string, title: string): string[] {
  const found = findings.filter((finding) => finding.code === code);
  if (found.length === 0) return [];
  const isHeavy = code === 'import/not-carried' || code === 'import/secret-in-clear';
  return [paint(isHeavy ? 'yellow' : 'bold', `${title}: ${found.length}`), ...found.map(findingLine), ''];
}

/** `file:line:column what. What to do.` */
function findingLine({ message, hint, at }: Issue): string {
  const place = at === undefined ? '' : `${shortPath(at.file)}:${at.line}:${at.column}`;
  const told = `  ${visible(place)}  ${visible(message)}`;
  return hint === undefined ? told : `${told}\n${paint('dim', wrap(visible(hint), terminalWidth(), '      '))}`;
}

function verdict({ issues, cases }: ImportReport): string {
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const failed = cases.filter(({ passed }) => !passed).length;
  if (errors + failed > 0) {
    const wrong = [
      ...(errors > 0 ? [count(errors, 'error')] : []),
      ...(failed > 0 ? [count(failed, 'failed case')] : []),
    ];
    return paint('red', wrong.join(', '));
  }
  return paint('green', `valid, ${count(cases.length, 'case')} passed`);
}

function carried({ findings, complete, streams }: ImportReport): string {
  const lost = findings.filter(({ code }) => code === 'import/not-carried').length;
  const secrets = findings.filter(({ code }) => code === 'import/secret-in-clear').length;
  const base = streams.some((one) => one.class === 'base_event')
    ? ' Records become base_event until --class or the mapping says otherwise.'
    : '';
  if (complete) return `All that the file says was carried.${base}`;
  const told = [
    ...(lost > 0 ? [`${count(lost, 'thing')} could not be carried`] : []),
    ...(secrets > 0 ? [`${count(secrets, 'secret')} left out`] : []),
  ];
  return `${told.join(', ')}; README.md of the folder keeps the list.${base}`;
}

function nextSteps({ integration, streams, issues }: ImportReport, short: string, where: string): string[] {
  const [first] = streams;
  const source = `${short}/cases/${first?.stream ?? ''}/${first?.case ?? ''}/source.json`;
  const steps: [what: string, how: string][] = [
    ["Put the vendor's own in place of what is invented or missing:", `grep -rniE 'fill.?in|\\.example' ${short}`],
    ...(issues.some(({ severity }) => severity === 'error')
      ? ([['See what is missing:', `npx sluice validate ${integration}${where}`]] satisfies [string, string][])
      : ([
          [
            'See the records while you write the mapping:',
            `npx sluice preview ${integration} ${first?.stream ?? ''} --source ${source}${where}`,
          ],
          ['Read from the vendor, a few rows of each stream:', `npx sluice run ${integration} --limit 10${where}`],
        ] satisfies [string, string][])),
  ];
  return steps.flatMap(([what, how], index) => [`  ${index + 1}. ${what}`, `     ${paint('cyan', how)}`]);
}

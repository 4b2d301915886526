import { type IntegrationCoverage, shortPath } from '../../engine/index.ts';
import { describeIssue } from './issue.ts';
import { paint } from './paint.ts';
import { count } from './quantities.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';

type Covered = IntegrationCoverage['mappings'][number];
type Kind = keyof Covered['byKind'];

/** How often each kind is exercised, by mapping and in total; then each gap with its place; then a floor that is not reached. */
export function describeCoverage(coverages: readonly IntegrationCoverage[]): string {
  const gaps = coverages.flatMap(({ mappings }) => mappings.filter(({ gaps }) => gaps.length > 0).map(describeGaps));
  const issues = coverages.flatMap((coverage) => coverage.issues.map(describeIssue));
  return [...gaps, ...coverages.map(describeIntegration), ...issues].join('\n\n');
}

const kinds: readonly { readonly kind: Kind; readonly title: string }[] = [
  { kind: 'branch', title: 'branches' },
  { kind: 'operand', title: 'operands' },
  { kind: 'table-row', title: 'table rows' },
  { kind: 'function', title: 'functions' },
  { kind: 'field', title: 'fields' },
];

function describeIntegration({ integration, mappings, percent, floor, exercised, total }: IntegrationCoverage): string {
  const rows = mappings.map((mapping) => [
    fileName(mapping.file),
    ...kinds.map(({ kind }) => fraction(mapping.byKind[kind])),
    coloured(mapping.percent, floor),
  ]);
  const drawn = table(['mapping', ...kinds.map(({ title }) => title), 'exercised'], rows, [1, 2, 3, 4, 5, 6]);
  const asked = floor === undefined ? '' : `, ${floor} % asked for`;
  return `${drawn}\n${integration}: ${coloured(percent, floor)} exercised by its cases (${exercised} of ${total}${asked})`;
}

function fraction({ exercised, total }: { readonly exercised: number; readonly total: number }): string {
  if (total === 0) return paint('dim', '-');
  return exercised === total ? `${exercised}/${total}` : paint('yellow', `${exercised}/${total}`);
}

function coloured(percent: number, floor = 100): string {
  return paint(percent >= floor ? 'green' : 'yellow', `${percent} %`);
}

function describeGaps({ file, gaps }: Covered): string {
  const head = `${paint('bold', fileName(file))}: ${count(gaps.length, 'part')} no case exercises`;
  const lines = byLine(gaps).map((together) => {
    const [first] = together;
    return first === undefined ? '' : `  ${place(first.at)} ${sayOf(first, together)}`;
  });
  return [head, ...lines].join('\n');
}

type Gap = Covered['gaps'][number];

/** Rows of a table that stand side by side are told together. */
function byLine(gaps: readonly Gap[]): Gap[][] {
  const groups: Gap[][] = [];
  for (const gap of gaps) {
    const before = groups.at(-1)?.[0];
    const isBeside = gap.kind === 'table-row' && before?.kind === 'table-row' && before.at.line === gap.at.line;
    if (isBeside) groups.at(-1)?.push(gap);
    else groups.push([gap]);
  }
  return groups;
}

function sayOf({ kind, message, what }: Gap, together: readonly Gap[]): string {
  if (kind === 'table-row') return visible(`Never looked up: ${together.map(({ what }) => `"${what}"`).join(', ')}.`);
  return kind === 'field' ? visible(message) : `${message} ${paint('dim', visible(what))}`;
}

/** In full, so that a terminal or an editor leads there. */
function place({ file, line, column }: Covered['gaps'][number]['at']): string {
  return paint('dim', `${shortPath(file)}:${line}:${column}`);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.jsonata$/, '');
}

import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawBench } from './draw-bench.ts';
import { type EndToEndReport, measureEndToEnd } from './end-to-end.ts';
import { comparedMappings, type MappingReport, measureMapping } from './mapping-alone.ts';
import { measureMemory, type MemoryReport } from './memory.ts';
import type { Spread } from './spread.ts';
import { describeStartUp, measureStartUp, type StartUpReport } from './start-up.ts';
import { measurePacing, measureRefusals, type PacingReport, type RefusalReport } from './throttling.ts';

export type BenchReport = {
  readonly at: string;
  readonly node: string;
  readonly machine: string;
  /** Of the last minute, as the bench began and as it ended: what else the machine was doing, and the bench itself. */
  readonly load: { readonly before: number; readonly after: number };
  readonly mappings: readonly MappingReport[];
  readonly endToEnd: EndToEndReport;
  readonly memory: readonly MemoryReport[];
  readonly refusals: RefusalReport;
  readonly pacing: PacingReport;
  readonly startUp: StartUpReport;
};

export type BenchSize = {
  readonly rounds: number;
  /** Pages of 999 users that a round end to end reads. */
  readonly pages: number;
  /** Whether memory is measured at a million users as well; it takes some minutes. */
  readonly million: boolean;
};

/** All that `test/bench/README.md` tells, in some seven minutes; `root` is the repository, built. */
export async function runBench(root: string, size: BenchSize, say: (line: string) => void): Promise<BenchReport> {
  const before = loadavg()[0] ?? 0;
  const mappings: MappingReport[] = [];
  for (const compared of comparedMappings) {
    say(`Mapping alone: ${compared.stream} …`);
    mappings.push(await measureMapping(root, compared, size.rounds));
  }
  say(`End to end: ${size.rounds} rounds …`);
  const endToEnd = await measureEndToEnd(root, size.pages, size.rounds);
  const memory: MemoryReport[] = [];
  for (const pages of [10, 100, ...(size.million ? [1001] : [])]) {
    say(`Memory: ${(pages * 999).toLocaleString('en')} users …`);
    memory.push(await measureMemory(root, pages));
  }
  say('Every fifth request refused …');
  const refusals = await measureRefusals(root, 40);
  say('Six streams in a bucket of 5 requests in 10 s, about a minute …');
  const pacing = await measurePacing(root, 10_000);
  say('Start-up …');
  const startUp = await measureStartUp(root, size.rounds);
  const [cpu] = cpus();
  return {
    at: new Date().toISOString(),
    node: process.version,
    machine: `${availableParallelism()} cores, ${cpu?.model ?? 'unknown'}`,
    load: { before, after: loadavg()[0] ?? 0 },
    ...{ mappings, endToEnd, memory, refusals, pacing, startUp },
  };
}

/** The table of `test/bench/README.md`, in Markdown. */
export function describeBench(report: BenchReport): string {
  const { mappings, endToEnd, memory, refusals, pacing } = report;
  const rows = [
    ...mappings.flatMap(({ stream, compiledToByHand, compiledToInterpreted }) => [
      [`mapping alone, \`${stream}\`, compiled ÷ hand-written`, ratio(compiledToByHand), '≥ 0.4'],
      [`mapping alone, \`${stream}\`, compiled ÷ interpreter`, ratio(compiledToInterpreted), '≥ 40'],
    ]),
    ['end to end, one thread ÷ hand-written script, CPU time', ratio(endToEnd.ratio.cpu), '≥ 0.5'],
    ['the same, wall time', ratio(endToEnd.ratio.wall), '≥ 0.5'],
    ['the same with two workers, wall time', ratio(endToEnd.ratio.wallWithTwoWorkers), '≥ 0.9'],
    ...memory.map(({ users, peakMegabytes, recordsPerCpuSecond }) => [
      `peak memory, ${users.toLocaleString('en')} users`,
      `${peakMegabytes.toFixed(0)} MB (${(recordsPerCpuSecond / 1000).toFixed(1)}k records a CPU second)`,
      users > 900_000 ? '≤ 220 MB' : '',
    ]),
    [
      'requests made ÷ needed, 429 on every fifth',
      `${refusals.ratio.toFixed(3)} (${refusals.made} for ${refusals.needed})`,
      '≤ 1.26',
    ],
    [
      `wall ÷ ideal, bucket of 5 in 10 s, ${pacing.streams} streams`,
      `${pacing.ratio.toFixed(3)} (${pacing.wallSeconds.toFixed(1)} s for ${pacing.idealSeconds} s, ${pacing.requests} requests, ${pacing.refused} refused)`,
      '≤ 1.1',
    ],
  ];
  const { engine, withTwoWorkers, script, records, rounds } = endToEnd;
  return [
    `${report.at.slice(0, 10)}, Node ${report.node.slice(1)}, ${report.machine}, load ${report.load.before.toFixed(0)} to ${report.load.after.toFixed(0)}, ${rounds} rounds; medians (quartiles).`,
    '',
    '| what | measured | must |',
    '| --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `End to end, ${records.toLocaleString('en')} records: engine ${seconds(engine.cpuSeconds)} CPU, ${seconds(engine.wallSeconds)} wall; with two workers ${seconds(withTwoWorkers.cpuSeconds)} CPU, ${seconds(withTwoWorkers.wallSeconds)} wall, ${withTwoWorkers.peakMegabytes.median.toFixed(0)} MB; script ${seconds(script.cpuSeconds)} CPU, ${seconds(script.wallSeconds)} wall.`,
    ...mappings.map(
      ({ stream, byHand, compiled, interpreted }) =>
        `Rows a CPU second, \`${stream}\`: by hand ${thousands(byHand)}, compiled ${thousands(compiled)}, interpreted ${thousands(interpreted)}.`,
    ),
  ].join('\n');
}

function ratio({ median, low, high }: Spread): string {
  const digits = median < 10 ? 2 : 0;
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

function seconds({ median }: Spread): string {
  return `${median.toFixed(1)} s`;
}

function thousands({ median }: Spread): string {
  return `${(median / 1000).toFixed(median < 10_000 ? 1 : 0)}k`;
}

function countOf(flag: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new RangeError(`${flag} is "${text}"; it takes a whole number from 1, such as ${flag} 5.`);
}

/** `npm run bench [-- --rounds N --pages N --million --keep]`: words on standard error, JSON on standard output. */
if (process.argv[1]?.endsWith(join('bench', 'bench.js')) === true) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      pages: { type: 'string', default: '300' },
      million: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const size = {
    rounds: countOf('--rounds', values.rounds),
    pages: countOf('--pages', values.pages),
    million: values.million,
  };
  const report = await runBench(process.cwd(), size, say);
  say(`\n${describeBench(report)}\n\n${describeStartUp(report.startUp)}`);
  const json = `${JSON.stringify(report, null, 2)}\n`;
  process.stdout.write(json);
  if (values.keep) {
    const folder = join(process.cwd(), 'test', 'bench');
    await writeFile(join(folder, 'results.json'), json);
    await writeFile(join(folder, 'results.svg'), drawBench(report));
  }
}

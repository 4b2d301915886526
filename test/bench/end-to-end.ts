import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { measureProcess, type Taken } from './measured-process.ts';
import { startSource } from './source-process.ts';
import { ratioOf, type Spread, spreadOf } from './spread.ts';

export type EndToEndReport = {
  readonly rounds: number;
  readonly records: number;
  /** On one thread. */
  readonly engine: Figures;
  readonly withTwoWorkers: Figures;
  readonly script: Figures;
  /** Records a second, ours to theirs: 1 is as fast as the script. */
  readonly ratio: { readonly cpu: Spread; readonly wall: Spread; readonly wallWithTwoWorkers: Spread };
};

type Figures = { readonly cpuSeconds: Spread; readonly wallSeconds: Spread; readonly peakMegabytes: Spread };

/**
 * The whole way, start of the process included: the engine with completion, every check, keys, state and a report,
 * against a hand-written script that does none of these. Both read from one source process and write the same records.
 */
export async function measureEndToEnd(root: string, pages: number, rounds: number): Promise<EndToEndReport> {
  const source = await startSource(root, { pages, rowsAPage: 999 });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const engine: Taken[] = [];
    const withTwoWorkers: Taken[] = [];
    const script: Taken[] = [];
    for (let round = 0; round <= rounds; round++) {
      const theirs = await runScript(root, source.origin, folder);
      const ours = await runEngine(root, source.origin, folder);
      if (round === 0)
        await requireSameRecords(join(folder, 'out', `${stream}.ndjson`), join(folder, 'by-hand.ndjson'));
      const oursWithWorkers = await runEngine(root, source.origin, folder, 2);
      if (round === 0) {
        await requireSameRecords(join(folder, 'out', `${stream}.ndjson`), join(folder, 'by-hand.ndjson'));
        continue; // files are in the cache of the operating system from here on
      }
      engine.push(ours);
      withTwoWorkers.push(oursWithWorkers);
      script.push(theirs);
    }
    const cpu = ratioOf(script.map(cpuOf), engine.map(cpuOf));
    const wall = ratioOf(script.map(wallOf), engine.map(wallOf));
    const wallWithTwoWorkers = ratioOf(script.map(wallOf), withTwoWorkers.map(wallOf));
    return {
      rounds,
      records: pages * 999,
      engine: figuresOf(engine),
      withTwoWorkers: figuresOf(withTwoWorkers),
      script: figuresOf(script),
      ratio: { cpu, wall, wallWithTwoWorkers },
    };
  } finally {
    await source.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const stream = 'user-registration-details';
const tenantId = '7d1c6f0a-52b4-4e0b-9a57-2f6e1b3c8d90';

/** One run of the built CLI, as an operator calls it; its output is left in `folder/out`. */
export async function runEngine(root: string, origin: string, folder: string, workers = 0): Promise<Taken> {
  await rm(join(folder, 'state'), { recursive: true, force: true });
  const connection = {
    tenantId,
    clientId: 'bench',
    clientSecret: 'env:BENCH_SECRET',
    loginUrl: origin,
    graphUrl: origin,
  };
  process.env['BENCH_SECRET'] = 'bench';
  const sets = Object.entries(connection).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const flags = [
    '--stream',
    stream,
    '--no-rate-limit',
    '--out',
    'out',
    '--state',
    'state',
    '--workers',
    String(workers),
  ];
  return measureProcess(root, [join(root, 'bin', 'run.js'), 'run', 'microsoft-entra-mfa', ...sets, ...flags], folder);
}

function runScript(root: string, origin: string, folder: string): Promise<Taken> {
  const script = join(root, 'dist', 'test', 'bench', 'by-hand', 'script.js');
  return measureProcess(root, [script, origin, tenantId, join(folder, 'by-hand.ndjson')], folder);
}

/** Byte for byte, but for the run's id and the clock. */
async function requireSameRecords(ours: string, theirs: string): Promise<void> {
  const script = createInterface({ input: createReadStream(theirs) })[Symbol.asyncIterator]();
  let line = 0;
  for await (const record of createInterface({ input: createReadStream(ours) })) {
    line += 1;
    const other = await script.next();
    const [one, two] = [timeless(record), other.done === true ? 'nothing' : timeless(other.value)];
    if (one !== two) throw new Error(`Line ${line} differs.\nengine: ${one}\nscript: ${two}`);
  }
  if ((await script.next()).done !== true) throw new Error(`The script wrote more than ${line} lines.`);
}

function timeless(line: string): string {
  return line.replace(/"(correlation_uid|logged_time|processed_time)":("[^"]*"|\d+)/g, '"$1":0');
}

function figuresOf(taken: readonly Taken[]): Figures {
  return {
    cpuSeconds: spreadOf(taken.map(cpuOf)),
    wallSeconds: spreadOf(taken.map(wallOf)),
    peakMegabytes: spreadOf(taken.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

function cpuOf({ cpuSeconds }: Taken): number {
  return cpuSeconds;
}

function wallOf({ wallSeconds }: Taken): number {
  return wallSeconds;
}

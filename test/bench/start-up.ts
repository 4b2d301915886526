import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIntegrationSandbox } from '../../engine/index.ts';

/** Times of one thing in milliseconds: the middle one, and those a quarter of the rounds stay below and above. */
export type Spread = { readonly medianMs: number; readonly lowMs: number; readonly highMs: number };

export type StartUpReport = {
  readonly rounds: number;
  readonly node: string;
  /** `node -e 0`, which does nothing. */
  readonly bare: Spread;
  readonly version: Spread;
  readonly list: Spread;
  readonly validate: Spread;
  /** From the first byte of the first page until the first record is on standard output. */
  readonly firstRecord: Spread;
  readonly targets: readonly { readonly what: string; readonly atMostMs: number; readonly tookMs: number }[];
};

const feed = 'microsoft-entra-mfa';

/**
 * How long a person waits before anything happens. Rounds are interleaved, so that a busy machine slows all alike; the
 * first round is not counted. `root` is the repository, built.
 */
export async function measureStartUp(root: string, rounds: number): Promise<StartUpReport> {
  const sluice = join(root, 'bin', 'run.js');
  const timed = {
    bare: () => timeOf(['-e', '0']),
    version: () => timeOf([sluice, '--version']),
    list: () => timeOf([sluice, 'list']),
    validate: () => timeOf([sluice, 'validate', feed]),
    firstRecord: () => timeToFirstRecord(root, sluice),
  };
  const times = { bare: [], version: [], list: [], validate: [], firstRecord: [] } as {
    [Name in keyof typeof timed]: number[];
  };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, time] of Object.entries(timed)) {
      const ms = await time();
      if (round > 0) times[name as keyof typeof timed].push(ms); // the keys of the literal above
    }
  }
  const { bare, version, list, validate, firstRecord } = {
    bare: spreadOf(times.bare),
    version: spreadOf(times.version),
    list: spreadOf(times.list),
    validate: spreadOf(times.validate),
    firstRecord: spreadOf(times.firstRecord),
  };
  const targets = [
    {
      what: 'sluice --version, 1.5 × node -e 0 + 100 ms',
      atMostMs: 1.5 * bare.medianMs + 100,
      tookMs: version.medianMs,
    },
    { what: 'sluice validate, warm', atMostMs: 500, tookMs: validate.medianMs },
    { what: 'first record after the first byte of a page', atMostMs: 300, tookMs: firstRecord.medianMs },
  ];
  return { rounds, node: process.version, bare, version, list, validate, firstRecord, targets };
}

export function describeStartUp(report: StartUpReport): string {
  const { bare, version, list, validate, firstRecord, targets } = report;
  const rows = Object.entries({
    'node -e 0': bare,
    'sluice --version': version,
    'sluice list': list,
    'sluice validate': validate,
    'first record': firstRecord,
  });
  return [
    `Start-up, ${report.rounds} interleaved rounds, Node ${report.node}: median (quartiles), and times node -e 0`,
    ...rows.map(([name, { medianMs, lowMs, highMs }]) => {
      const ratio = (medianMs / bare.medianMs).toFixed(1);
      return `  ${name.padEnd(18)} ${ms(medianMs)} (${ms(lowMs).trim()}–${ms(highMs).trim()}) ${ratio}×`;
    }),
    'Targets',
    ...targets.map(({ what, atMostMs, tookMs }) => {
      return `  ${tookMs <= atMostMs ? 'met   ' : 'missed'} ${what}: ${ms(tookMs).trim()} of at most ${ms(atMostMs).trim()}`;
    }),
  ].join('\n');
}

async function timeOf(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const [code] = (await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'close')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${code ?? 'none'}.`);
  return performance.now() - begun;
}

/** A run against the sandbox, which is in this process: the first page goes out as its answer's head is sent. */
async function timeToFirstRecord(root: string, sluice: string): Promise<number> {
  const places = { integrationsDirs: [join(root, 'integrations')], schemasDir: join(root, 'schemas') };
  const sandbox = await startIntegrationSandbox({ places, integration: feed, scale: 1000 });
  let firstByte: number | undefined;
  const watch = (message: unknown): void => {
    // Node's documentation says what is sent on this channel.
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.method !== 'GET') return; // a token is asked for by POST
    const send = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
    response.writeHead = (...given: unknown[]) => {
      firstByte ??= performance.now();
      return send(...given);
    };
  };
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  subscribe('http.server.request.start', watch);
  try {
    const sets = Object.entries(sandbox.connection).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const flags = ['--stream', 'user-registration-details', '--limit', '500', '--no-rate-limit', '--out', '-'];
    const run = spawn(process.execPath, [sluice, 'run', feed, ...sets, ...flags], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(run, 'close');
    await Promise.race([once(run.stdout, 'data'), ended]);
    const firstRecord = performance.now();
    run.stdout.resume();
    await ended;
    if (firstByte === undefined) throw new Error('The run asked for no page.');
    return firstRecord - firstByte;
  } finally {
    unsubscribe('http.server.request.start', watch);
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return { medianMs: at(0.5), lowMs: at(0.25), highMs: at(0.75) };
}

function ms(time: number): string {
  return `${time.toFixed(0).padStart(5)} ms`;
}

/** `npm run bench:start-up [-- ROUNDS]`: words on standard error, JSON on standard output. */
if (process.argv[1]?.endsWith(join('bench', 'start-up.js')) === true) {
  const report = await measureStartUp(process.cwd(), Number(process.argv[2] ?? 15));
  process.stderr.write(`${describeStartUp(report)}\n`);
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
}

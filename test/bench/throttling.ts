import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startIntegrationSandbox } from '../../engine/index.ts';
import { runEngine } from './end-to-end.ts';
import { measureProcess } from './measured-process.ts';
import { startSource } from './source-process.ts';

export type RefusalReport = { readonly needed: number; readonly made: number; readonly ratio: number };

/** A source that answers every fifth request with 429: how many requests were made for the pages there are. */
export async function measureRefusals(root: string, pages: number): Promise<RefusalReport> {
  const source = await startSource(root, { pages, rowsAPage: 10, refuseEvery: 5 });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    await runEngine(root, source.origin, folder);
    const made = await source.asked();
    return { needed: pages, made, ratio: made / pages };
  } finally {
    await source.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export type PacingReport = {
  readonly streams: number;
  readonly requests: number;
  readonly refused: number;
  /** What a bucket of 5 in 10 s allows at best: five at once, five more every ten seconds. */
  readonly idealSeconds: number;
  /** Of the whole command, its start and the token included. */
  readonly wallSeconds: number;
  readonly ratio: number;
};

/** Six report streams of the feed against its sandbox, which holds the vendor's 5 requests in 10 s for all of them. */
export async function measurePacing(root: string, users: number): Promise<PacingReport> {
  const places = { integrationsDirs: [join(root, 'integrations')], schemasDir: join(root, 'schemas') };
  const sandbox = await startIntegrationSandbox({ places, integration: feed, scale: users, throttle: true });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const sets = Object.entries(sandbox.connection).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const chosen = streams.flatMap((stream) => ['--stream', stream]);
    const args = [join(root, 'bin', 'run.js'), 'run', feed, ...sets, ...chosen, '--out', 'out', '--state', 'state'];
    const { wallSeconds } = await measureProcess(root, args, folder);
    const report = JSON.parse(await readFile(join(folder, 'out', 'report.json'), 'utf8')) as Report; // by its schema
    const requests = total(report, 'requests');
    const refused = total(report, 'retries');
    const idealSeconds = Math.floor((requests - refused - 1) / 5) * 10;
    return { streams: streams.length, requests, refused, idealSeconds, wallSeconds, ratio: wallSeconds / idealSeconds };
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Report = { readonly streams: readonly { readonly requests: number; readonly retries: number }[] };

function total({ streams }: Report, figure: 'requests' | 'retries'): number {
  return streams.reduce((sum, stream) => sum + stream[figure], 0);
}

const feed = 'microsoft-entra-mfa';
const streams = [
  ...['user-registration-details', 'users-registered-by-feature', 'users-registered-by-method'],
  ...['credential-user-registration-count', 'credential-usage-summary', 'user-events-summary'],
];

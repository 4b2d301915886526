import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLines } from '../support/run-scratch.ts';
import { peopleMapping, scratchFolder, scratchIntegration } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';
import { rowsAfter, sweptDescriptor, sweptFeeds } from './feeds.ts';

/*
 * The same with real processes and a real SIGKILL: the compiled command runs with `kill-at-effect.mjs` in front of it,
 * which ends its own process at the n-th effect on its files. A few points a kind; `resume-sweep.test.ts` tries them all.
 */

let server: SourceServer;
beforeAll(async () => {
  server = await startSourceServer();
});
afterAll(() => server.close());

type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stderr: string };

function sluice(args: readonly string[], killAt?: number): Promise<Ended> {
  const root = join(import.meta.dirname, '..', '..');
  const preload = killAt === undefined ? [] : ['--import', join(import.meta.dirname, 'kill-at-effect.mjs')];
  const child = spawn(process.execPath, [...preload, join(root, 'bin', 'run.js'), ...args], {
    cwd: root,
    env: { ...process.env, KILL_AT_EFFECT: String(killAt ?? 0), KILL_WITHIN: args.at(-1) ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

describe.each(sweptFeeds)('a $kind stream', (feed) => {
  it.each([5, 12, 20])('loses nothing and doubles nothing when it is killed at effect %i', async (effect) => {
    const { integrationsDirs } = await scratchIntegration('acme', {
      'integration.yaml': sweptDescriptor(feed),
      'mappings/people.jsonata': peopleMapping,
    });
    const folder = await scratchFolder();
    const args = ['run', 'acme', '--integrations', integrationsDirs[0] ?? '', '--set', `url=${server.origin}`];
    const where = ['--out', join(folder, 'out'), '--state', join(folder, 'state')];
    feed.serve(server, 1);

    const killed = await sluice([...args, ...where], effect);
    const after = await sluice([...args, ...where]);

    expect(killed.signal).toBe('SIGKILL');
    expect(after.stderr).toContain('is gone, was taken over');
    const ids = parseLines(await readFile(join(folder, 'out', 'log.ndjson'), 'utf8')).map(
      (line) => (line as { user: { uid: string } }).user.uid,
    );
    const rejected = parseLines(await readFile(join(folder, 'out', 'rejected.ndjson'), 'utf8'));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length + rejected.length).toBe(rowsAfter(1));
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..');
export const feed = 'microsoft-entra-mfa';

export type Ended = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null };

type Surroundings = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

/** Runs the real command in a child process, without a terminal and without anything on standard input. */
export function sluice(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return ended(startSluice(args, surroundings));
}

/** The same, still running: for what is sent or closed under way. */
export function startSluice(args: readonly string[], { cwd = repository, env = {} }: Surroundings = {}): ChildProcess {
  return spawn(process.execPath, [join(repository, 'bin', 'run.js'), ...args], {
    cwd,
    env: { ...withoutOurs(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
  });
}

/** An empty folder of its own. */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-cli-'));
}

/** Nobody's real account, and no forced colour, may reach a test. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(SLUICE_|FORCE_COLOR$|NO_COLOR$)/.test(name)));
}

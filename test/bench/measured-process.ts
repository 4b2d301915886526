import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What a whole process took, from its start to its end. */
export type Taken = { readonly wallSeconds: number; readonly cpuSeconds: number; readonly peakMegabytes: number };

/** Runs `node ARGS` in `folder` to its end; one that fails is an error with what it said. */
export async function measureProcess(root: string, args: readonly string[], folder: string): Promise<Taken> {
  const tell = join(root, 'dist', 'test', 'bench', 'tell-usage.js');
  const begun = performance.now();
  const child = spawn(process.execPath, ['--import', tell, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  let usage: NodeJS.ResourceUsage | undefined;
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.on('message', (message) => (usage = message as NodeJS.ResourceUsage)); // tell-usage.ts sends nothing else
  const [code] = (await once(child, 'close')) as [number | null];
  const wallSeconds = (performance.now() - begun) / 1000;
  if (code !== 0 || usage === undefined) throw new Error(`node ${args.join(' ')} ended with ${code ?? '?'}: ${said}`);
  const cpuSeconds = (usage.userCPUTime + usage.systemCPUTime) / 1e6;
  return { wallSeconds, cpuSeconds, peakMegabytes: (usage.maxRSS * 1024) / 1e6 };
}

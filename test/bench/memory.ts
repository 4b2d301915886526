import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runEngine } from './end-to-end.ts';
import { startSource } from './source-process.ts';

export type MemoryReport = {
  readonly users: number;
  /** The largest resident set of the process, in millions of bytes. */
  readonly peakMegabytes: number;
  readonly recordsPerCpuSecond: number;
};

/** One run of the built CLI over pages of 999 users. */
export async function measureMemory(root: string, pages: number): Promise<MemoryReport> {
  const source = await startSource(root, { pages, rowsAPage: 999 });
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const { peakMegabytes, cpuSeconds } = await runEngine(root, source.origin, folder);
    const users = pages * 999;
    return { users, peakMegabytes, recordsPerCpuSecond: users / cpuSeconds };
  } finally {
    await source.close();
    await rm(folder, { recursive: true, force: true });
  }
}

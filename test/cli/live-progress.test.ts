import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { ended, repository } from './sluice.ts';

const compiled = pathToFileURL(join(repository, 'dist', 'bin', 'print', 'progress-live.js')).href;

it('draws on standard error only, and ends also when a stream never told its end', async () => {
  const script = `
    import { progressLive } from ${JSON.stringify(compiled)};
    const progress = await progressLive();
    progress.show({ kind: 'run-started', runId: 'run-1', streams: ['people', 'devices'] });
    progress.show({ kind: 'page', stream: 'people', pages: 2, received: 1200, accepted: 1200, rejected: 0 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await progress.end();
  `;

  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });

  const { exitCode, stdout, stderr } = await ended(child);
  expect(stdout).toBe('');
  expect(stderr).toContain('people: 1,200 rows in 2 pages');
  expect(exitCode).toBe(0);
});

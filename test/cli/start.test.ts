import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ended, feed, repository } from './sluice.ts';

it('npm start shows the feed against its sandbox: every stream accounted for, exit code 0', async () => {
  const child = spawn(process.execPath, [join('bin', 'start.js')], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

  const { exitCode, stdout, stderr } = await ended(child);

  expect(stderr).toMatch(/^15 streams: /m);
  expect(stdout).toBe('');
  expect(exitCode).toBe(0);
  expect(readdirSync(join(repository, 'sluice-out', feed))).toContain('report.json');
});

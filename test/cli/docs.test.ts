import { appendFile, cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch-integration.ts';
import { repository, sluice } from './sluice.ts';

const feed = 'microsoft-entra-mfa';

async function copied(): Promise<string> {
  const dir = await scratchFolder();
  await cp(join(repository, 'integrations', feed), join(dir, feed), { recursive: true });
  return dir;
}

describe('sluice docs', () => {
  it('says that a guide is stale, which one, and what to type', async () => {
    const dir = await copied();
    await appendFile(join(dir, feed, 'GUIDE.md'), 'by hand\n');

    const { stdout, stderr, exitCode } = await sluice(['docs', feed, '--check', '--integrations', dir]);

    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/GUIDE\.md no longer says what the descriptor says; write it with: npx sluice docs/);
  });

  it('writes it, and is content', async () => {
    const dir = await copied();
    await appendFile(join(dir, feed, 'GUIDE.md'), 'by hand\n');

    const written = await sluice(['docs', feed, '--write', '--integrations', dir]);
    const checked = await sluice(['docs', feed, '--check', '--integrations', dir]);

    expect([written.exitCode, checked.exitCode]).toEqual([0, 0]);
    expect(await readFile(join(dir, feed, 'GUIDE.md'), 'utf8')).not.toContain('by hand');
  });

  it('prints one guide, and asks which of several', async () => {
    const one = await sluice(['docs', feed]);

    expect(one.stdout).toMatch(/^# Microsoft Entra MFA: operator's guide\n/);
    expect(one.stdout.split('\n').filter((line) => line.startsWith('## '))).toHaveLength(7);
  });
});

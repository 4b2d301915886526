import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileStore } from '../../engine/state/file-store.ts';
import type { KeyEntry } from '../../engine/state/key-file.ts';
import { scratchFolder } from '../support/scratch-integration.ts';

const now = new Date('2026-03-04T05:06:07Z');

async function lockedBy(owner: object): Promise<string> {
  const folder = join(await scratchFolder(), 'acme');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'lock'), JSON.stringify({ since: now.toISOString(), ...owner }));
  return folder;
}

/** The number of a process that has just ended. */
function goneProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('the lock of a state folder', () => {
  it('keeps a second run out, and says who holds it and what to do', async () => {
    const folder = await scratchFolder();
    const store = await openFileStore(folder, now);

    const second = openFileStore(folder, now);

    await expect(second).rejects.toMatchObject({ code: 'state/locked' });
    await expect(second).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    await store.close();
    await (await openFileStore(folder, now)).close();
  });

  it('is not taken from another host, of which nothing can be known', async () => {
    const folder = await lockedBy({ pid: goneProcess(), host: 'elsewhere.example' });

    await expect(openFileStore(folder, now)).rejects.toMatchObject({ code: 'state/locked' });
  });

  it('is not taken where it cannot be read', async () => {
    const folder = await lockedBy({});
    await writeFile(join(folder, 'lock'), '');

    await expect(openFileStore(folder, now)).rejects.toMatchObject({ code: 'state/locked' });
  });

  it('is taken over from a process that is gone, and that is told', async () => {
    const pid = goneProcess();
    const folder = await lockedBy({ pid, host: hostname() });

    const store = await openFileStore(folder, now);

    expect(store.tookOver).toContain(`process ${pid}`);
    expect(await readFile(join(folder, 'lock'), 'utf8')).toContain(`"pid":${process.pid}`);
    await store.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process of the same number that began at another time', async () => {
    const folder = await lockedBy({ pid: process.pid, host: hostname(), began: '1' });

    const taken = openFileStore(folder, now);

    // Only where the platform tells when a process began.
    if (process.platform === 'linux') expect((await taken).tookOver).toBeDefined();
    else await expect(taken).rejects.toMatchObject({ code: 'state/locked' });
  });
});

describe('the state of a stream', () => {
  it.each([
    ['of a later format', '{ "formatVersion": 2, "stream": "log" }'],
    ['cut off', '{ "formatVersion": 1, "str'],
    ['no object', '[]'],
  ])('is refused with its file and a way out where it is %s', async (_, text) => {
    const folder = await scratchFolder();
    await writeFile(join(folder, 'log.json'), text);
    const store = await openFileStore(folder, now);

    const reading = store.read('log');

    await expect(reading).rejects.toMatchObject({ code: 'state/unreadable' });
    await expect(reading).rejects.toThrow(join(folder, 'log.json'));
    await store.close();
  });

  it('comes back as it was written, and leaves nothing beside', async () => {
    const folder = await scratchFolder();
    const store = await openFileStore(folder, now);
    const state = { formatVersion: 1, stream: 'log', cursor: { until: '2026-03-04T00:00:00.000Z' } } as const;

    await store.write(state);

    expect(await store.read('log')).toEqual(state);
    expect(await store.read('other')).toBeUndefined();
    expect(await store.streams()).toEqual(['log']);
    expect((await readdir(folder)).sort()).toEqual(['lock', 'log.json']);
    await store.close();
  });
});

describe('the keys of a stream', () => {
  const entries = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      hash: BigInt(from + index) << 40n,
      stamp: 1_770_000_000 + index,
    }));

  async function all(keys: AsyncIterable<KeyEntry>): Promise<KeyEntry[]> {
    const found: KeyEntry[] = [];
    for await (const entry of keys) found.push(entry);
    return found;
  }

  it('come back as far as they count; what a crash left behind them is cut off', async () => {
    const store = await openFileStore(await scratchFolder(), now);
    const first = store.openKeys({ file: 'log.a.keys', count: 0 });
    for (const entry of entries(1, 20_000)) first.append(entry);
    expect(await first.flush()).toBe(19_999);
    await first.close();

    const second = store.openKeys({ file: 'log.a.keys', count: 10_000 });
    for (const entry of entries(5, 6)) second.append(entry);
    const count = await second.flush();
    await second.close();

    expect(await all(store.readKeys({ file: 'log.a.keys', count }))).toEqual([...entries(1, 10_001), ...entries(5, 6)]);
    await store.close();
  });

  it('are dropped but for those that are kept', async () => {
    const folder = await scratchFolder();
    const store = await openFileStore(folder, now);
    for (const file of ['log.a.keys', 'log.b.keys', 'log-more.c.keys']) await writeFile(join(folder, file), '');

    await store.keepFiles('log', ['log.b.keys']);

    expect((await readdir(folder)).sort()).toEqual(['lock', 'log-more.c.keys', 'log.b.keys']);
    await store.close();
  });
});

import type { ChildProcess } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ended, type Ended, emptyFolder, feed, repository, startSluice } from './sluice.ts';

/** A copy of the shipped feed, so that its files can be changed. */
function copiedFeed(): { dir: string; mapping: string; source: string } {
  const dir = emptyFolder();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(join(repository, 'integrations', feed), join(dir, feed), { recursive: true });
  const cases = join(dir, feed, 'cases', 'devices', 'hybrid-joined-and-compliant');
  return { dir, mapping: join(dir, feed, 'mappings', 'devices.jsonata'), source: join(cases, 'source.json') };
}

/** A running watch; `shows` waits until what it has printed since the last call matches. */
function startWatch(args: readonly string[]) {
  const child = startSluice(['preview', feed, 'devices', '--watch', ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = ended(child);
  return { end, shows: reader(child), interrupt: () => child.kill('SIGINT') };
}

function reader(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  let unread = '';
  let check = () => {};
  child.stderr?.on('data', (text: string) => {
    unread += text;
    check();
  });
  return (pattern) =>
    new Promise((resolve, reject) => {
      child.once('close', () => reject(new Error(`It ended without ${String(pattern)}:\n${unread}`)));
      check = () => {
        const found = pattern.exec(unread);
        if (found === null) return;
        const shown = unread.slice(0, found.index + found[0].length);
        unread = unread.slice(shown.length);
        resolve(shown);
      };
      check();
    });
}

function edit(path: string, from: string, to: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

function quietEnd({ exitCode, stdout }: Ended) {
  return { exitCode, stdout };
}

describe('sluice preview --watch', () => {
  it('draws anew on each save of mapping, saved answer and descriptor, through mistakes, until Ctrl-C', async () => {
    const { dir, mapping, source } = copiedFeed();
    const { shows, interrupt, end } = startWatch(['--source', source, '--integrations', dir]);
    await shows(/message +"Directory entry of FAB-LT-0042"[^]+Ctrl-C ends it/);

    edit(mapping, '"Directory entry of "', '"Entry of "');
    await shows(/message +"Entry of FAB-LT-0042"[^]+changed by this save\n\/message [^]+Ctrl-C ends it/);

    edit(mapping, '"severity_id": 1,', '"severity_id": ,');
    await shows(/mapping\/syntax[^]+"severity_id": ,\n[^]+\^[^]+Ctrl-C ends it/);

    edit(mapping, '"severity_id": ,', '"severity_id": 2,');
    await shows(/severity +"Low"[^]+Ctrl-C ends it/);

    edit(source, 'FAB-LT-0042', 'FAB-LT-0043');
    await shows(/message +"Entry of FAB-LT-0043"[^]+Ctrl-C ends it/);

    edit(join(dir, feed, 'integration.yaml'), 'formatVersion: 1', 'formatVersion: 9');
    await shows(/error[^]+formatVersion: 9[^]+Ctrl-C ends it/);

    interrupt();
    expect(quietEnd(await end)).toEqual({ exitCode: 0, stdout: '' });
  });

  it('asks the source once and maps the same page again', async () => {
    const { dir, mapping } = copiedFeed();
    const { shows, interrupt, end } = startWatch(['--sandbox', '--integrations', dir]);
    const first = await shows(/message +"Directory entry of .+[^]+Ctrl-C ends it/);

    edit(mapping, '"Directory entry of "', '"Entry of "');
    const second = await shows(/message +"Entry of .+[^]+Ctrl-C ends it/);

    const request = /request [0-9a-f-]+/;
    expect(request.exec(second)?.[0]).toBe(request.exec(first)?.[0]);
    interrupt();
    expect(quietEnd(await end)).toEqual({ exitCode: 0, stdout: '' });
  });
});

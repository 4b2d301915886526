import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { MappingExplanation, RunReport } from '../../engine/index.ts';
import { emptyFolder, ended, feed, repository, sluice } from './sluice.ts';

describe('sluice explain --engine', () => {
  it('tells of every text of the shipped feed that it is compiled', async () => {
    const { exitCode, stdout, stderr } = await sluice(['explain', feed, '--engine']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/^devices +compiled +integrations\/microsoft-entra-mfa\/mappings\/devices\.jsonata$/m);
    expect(stderr).toContain('all compiled to JavaScript');
  });

  it('names the construct that is left to the interpreter, and its place', async () => {
    const own = feedWithDevices((text) => `(\n  $twice := $eval("2 * 1");\n${text}\n)`);

    const [words, json] = await Promise.all([
      sluice(['explain', feed, '--integrations', own, '--engine']),
      sluice(['explain', feed, '--integrations', own, '--engine', '--json']),
    ]);

    expect(words.stderr).toMatch(/^devices +interpreted /m);
    expect(words.stderr).toMatch(/mappings\/devices\.jsonata:2:\d+\n {2}\$eval needs the interpreter\./);
    const devices = (JSON.parse(json.stdout) as MappingExplanation[]).find(({ stream }) => stream === 'devices');
    expect(devices?.engine).toMatchObject({ kind: 'interpreted', at: { line: 2 } });
  });
});

describe('sluice explain --generated', () => {
  it('prints the JavaScript of a stream on standard output, with the lines of its mapping', async () => {
    const { exitCode, stdout, stderr } = await sluice(['explain', feed, '--generated', 'devices']);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(() => compileFunction(stdout, ['runtime', 'library', 'values'])).not.toThrow();
    const mapping = readFileSync(join(repository, 'integrations', feed, 'mappings', 'devices.jsonata'), 'utf8');
    const line = mapping.split('\n').findIndex((text) => text.includes('"uid_alt"')) + 1;
    expect(stdout).toContain(`/* uid_alt, line ${line} */`);
  });

  it('has none for a stream that the interpreter serves: exit code 2, and why', async () => {
    const own = feedWithDevices((text) => `(\n  $twice := $eval("2 * 1");\n${text}\n)`);

    const { exitCode, stdout, stderr } = await sluice([
      ...['explain', feed, '--integrations', own],
      ...['--generated', 'devices'],
    ]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('mapping/not-compiled');
  });
});

describe('where Node may generate no code from strings', () => {
  it('the interpreter serves every mapping, and explain says so', async () => {
    const { exitCode, stderr } = await hardened(['explain', feed, '--engine']);

    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/ compiled /);
    expect(stderr).toContain('Code may not be generated from strings here.');
  });

  it('a run gives the records it gives elsewhere, as no check is compiled at a start', async () => {
    const [there, here] = [emptyFolder(), emptyFolder()];
    const run = ['run', feed, '--sandbox', '--stream', 'devices', '--json', '--out'];

    const [refused, usual] = await Promise.all([hardened([...run, there]), sluice([...run, here])]);

    expect([refused.exitCode, usual.exitCode]).toEqual([0, 0]);
    expect((JSON.parse(refused.stdout) as RunReport).streams[0]?.accepted).toBeGreaterThan(100);
    expect(recordsIn(there)).toEqual(recordsIn(here));
  });
});

/** Runs the real command in a Node that refuses `eval` and `new Function`. */
function hardened(args: readonly string[]) {
  const flags = ['--disallow-code-generation-from-strings', join(repository, 'bin', 'run.js')];
  return ended(spawn(process.execPath, [...flags, ...args], { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Records without what differs from run to run. */
function recordsIn(folder: string): unknown[] {
  const lines = readFileSync(join(folder, 'devices.ndjson'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const record = JSON.parse(line) as { metadata: { uid: string } };
    return { ...record, time: 0, metadata: record.metadata.uid };
  });
}

function feedWithDevices(change: (text: string) => string): string {
  const own = emptyFolder();
  cpSync(join(repository, 'integrations', feed), join(own, feed), { recursive: true });
  const file = join(own, feed, 'mappings', 'devices.jsonata');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return own;
}

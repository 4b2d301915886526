import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../engine/index.ts';
import { emptyFolder, ended, feed, sluice, startSluice } from './sluice.ts';

const sandbox = ['run', feed, '--sandbox', '--scale', '50'];

describe('sluice run', () => {
  it('writes records, report and nothing half done into the default folder, and nothing to standard output', async () => {
    const cwd = emptyFolder();

    const { exitCode, stdout, stderr } = await sluice(sandbox, { cwd });

    const out = join(cwd, 'sluice-out', feed);
    const report = reportIn(out);
    expect(stdout).toBe('');
    expect(stderr).toContain(`records (OCSF 1.5.0) in ${join('sluice-out', feed)}`);
    expect(exitCode).toBe(report.exitCode);
    expect(readdirSync(out).filter((file) => file.endsWith('.part'))).toEqual([]);
    for (const { stream, accepted } of report.streams.filter(({ ending }) => ending === 'complete')) {
      expect(linesOf(join(out, `${stream}.ndjson`))).toHaveLength(accepted);
    }
  });

  it('accounts for all fifteen streams with --all-streams, two of them retired, and balances the books', async () => {
    const out = join(emptyFolder(), 'all');

    const { exitCode, stdout } = await sluice([...sandbox, '--all-streams', '--out', out, '--json']);

    const report = JSON.parse(stdout) as RunReport; // the very thing that is tested
    expect(report).toEqual(reportIn(out));
    expect(exitCode).toBe(report.exitCode);
    expect(report.streams).toHaveLength(15);
    for (const { received, accepted, rejected, duplicates } of report.streams) {
      expect(received).toBe(accepted + rejected + duplicates);
    }
    expect(new Set(report.streams.map(({ ending }) => ending))).toEqual(new Set(['complete', 'retired']));
  });

  it('ends with exit code 0 when every stream asked for is complete', async () => {
    const { exitCode } = await sluice([...sandbox, '--stream', 'devices', '--out', emptyFolder()]);

    expect(exitCode).toBe(0);
  });

  it('ends with exit code 1 and says what to grant when a stream is denied', async () => {
    const out = emptyFolder();

    const { exitCode, stderr } = await sluice([
      ...sandbox,
      '--without',
      'Device.Read.All',
      '--stream',
      'devices',
      '--out',
      out,
    ]);

    expect(exitCode).toBe(1);
    expect(reportIn(out).streams).toMatchObject([{ stream: 'devices', ending: 'denied' }]);
    expect(stderr).toMatch(/devices: denied\n.*\n?.*Device\.Read\.All/);
  });

  it('stops a stream at --limit and says so', async () => {
    const out = emptyFolder();

    const { exitCode, stderr } = await sluice([...sandbox, '--stream', 'devices', '--limit', '3', '--out', out]);

    expect(exitCode).toBe(1);
    expect(reportIn(out).streams).toMatchObject([{ ending: 'stopped', received: 3 }]);
    expect(stderr).toContain('devices: stopped');
  });

  it('tells in one line when a stream starts and when it ends, where there is no terminal, and without colour', async () => {
    const { stderr } = await sluice([...sandbox, '--stream', 'devices', '--out', emptyFolder()]);

    const [first, second] = stderr.split('\n');
    expect(first).toBe('devices: started');
    expect(second).toMatch(/^devices: complete, \d+ received, \d+ accepted/);
    expect(stderr).not.toContain('\u001b');
  });

  it('does not take an account from the environment into the sandbox', async () => {
    const env = { SLUICE_TENANT_ID: 'fabrikam.example', SLUICE_CLIENT_CERTIFICATE: 'none of the sandbox’s business' };

    const { exitCode, stderr } = await sluice([...sandbox, '--stream', 'devices', '--out', emptyFolder()], { env });

    expect(stderr).not.toContain('error');
    expect(exitCode).toBe(0);
  });

  it('could not run: exit code 2 when the connection lacks what it needs, and each missing property is named', async () => {
    const { exitCode, stdout, stderr } = await sluice(['run', feed, '--out', join(emptyFolder(), 'out')]);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('connection/missing-property');
    expect(stderr).toContain('tenantId');
  });

  it('could not run: a connection file with a mistake is quoted by place, never by content', async () => {
    const file = join(emptyFolder(), 'connection.yaml');
    writeFileSync(file, 'tenantId: contoso.example\nclientId: app\nclientSecret: hunter2\nextra: hunter3\n');

    const { exitCode, stderr } = await sluice(['run', feed, '--connection', file, '--out', join(emptyFolder(), 'out')]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('connection.yaml');
    expect(stderr).not.toMatch(/hunter/);
  });
});

describe('sluice run --out -', () => {
  it('gives records only, one a line, on standard output; the rest lies in the default folder', async () => {
    const cwd = emptyFolder();

    const { stdout } = await sluice([...sandbox, '--stream', 'devices', '--out', '-'], { cwd });

    const out = join(cwd, 'sluice-out', feed);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(records).toHaveLength(reportIn(out).streams[0]?.accepted ?? 0);
    for (const record of records) expect(record).toHaveProperty('class_uid');
    expect(existsSync(join(out, 'devices.ndjson'))).toBe(false);
  });

  it('ends quietly and in order when the reader goes away', async () => {
    const cwd = emptyFolder();
    const child = startSluice(['run', feed, '--sandbox', '--scale', '20000', '--stream', 'devices', '--out', '-'], {
      cwd,
    });
    child.stdout?.once('data', () => child.stdout?.destroy());

    const { exitCode, stderr } = await ended(child);

    expect(exitCode).toBe(1);
    expect(stderr).not.toMatch(/EPIPE|\n {4}at /);
    expect(existsSync(join(cwd, 'sluice-out', feed, 'report.json'))).toBe(true);
  });
});

describe('Ctrl-C', () => {
  it('ends a run in order: what was accepted is kept, the report is written, exit code 1', async () => {
    const out = join(emptyFolder(), 'out');
    const child = startSluice(['run', feed, '--sandbox', '--fault', 'devices:hang', '--out', out]);
    child.stderr?.on('data', (text: Buffer) => {
      if (text.toString().includes('devices: started')) child.kill('SIGINT');
    });

    const { exitCode, stderr } = await ended(child);

    expect(exitCode).toBe(1);
    expect(reportIn(out).streams).toContainEqual(expect.objectContaining({ stream: 'devices', ending: 'stopped' }));
    expect(stderr).toContain('The report is');
  });
});

function reportIn(folder: string): RunReport {
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as RunReport; // written by the run under test
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckReport, Validation } from '../../engine/index.ts';
import { emptyFolder, ended, feed, repository, sluice, startSluice } from './sluice.ts';

describe('sluice list', () => {
  it('tells people on standard error and machines on standard output', async () => {
    const [words, json] = await Promise.all([sluice(['list']), sluice(['list', '--json'])]);

    expect(words).toMatchObject({ exitCode: 0, stdout: '' });
    expect(words.stderr).toContain(feed);
    expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ name: feed, streams: 15 }));
    expect(json.stderr).toBe('');
  });

  it('finds integrations in a folder of one’s own beside the built-in', async () => {
    const own = copyOfFeed('acme-directory', (yaml) => yaml);

    const { stdout } = await sluice(['list', '--integrations', own, '--json']);

    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name); // what list prints
    expect(names).toEqual(expect.arrayContaining(['acme-directory', feed]));
  });
});

describe('sluice validate', () => {
  it('finds nothing wrong with what is delivered', async () => {
    const { exitCode, stdout, stderr } = await sluice(['validate']);

    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: '' });
    expect(stderr).toContain(`${feed}: valid`);
  });

  it('shows file, line, mark and advice for a mistyped key, exit code 1', async () => {
    const own = copyOfFeed('acme-directory', (yaml) => yaml.replace('\nbaseUrl:', '\nbaseURL:'));

    const { exitCode, stderr } = await sluice(['validate', join(own, 'acme-directory')]);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/integration\.yaml:\d+:1 error descriptor\/unknown-key "baseURL" is not a key/);
    expect(stderr).toMatch(/\n {4}\d+ \| baseURL: .*\n {4} +\| \^{7}\n/);
    expect(stderr).toContain('Did you mean "baseUrl"?');
  });

  it('takes the file as well, as editors and commit hooks hand it over, and tells a machine', async () => {
    const own = copyOfFeed('acme-directory', (yaml) => yaml.replace('\nbaseUrl:', '\nbaseURL:'));

    const { exitCode, stdout } = await sluice(['validate', join(own, 'acme-directory', 'integration.yaml'), '--json']);

    const [validation] = JSON.parse(stdout) as Validation[]; // what validate prints
    expect(exitCode).toBe(1);
    expect(validation?.issues.map(({ code }) => code)).toContain('descriptor/unknown-key');
  });
});

describe('sluice test', () => {
  it('passes every golden case that is delivered', async () => {
    const { exitCode, stdout, stderr } = await sluice(['test', feed]);

    expect(stderr).toMatch(/^\d+ cases passed, 0 failed\n$/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  it('names the case and the difference when one fails, exit code 1', async () => {
    const own = copyOfFeed(feed, (yaml) => yaml); // of two with one name the first given wins
    const cases = join(own, feed, 'cases', 'devices');
    const [name = ''] = readdirSync(cases).filter((folder) => folder.startsWith('documented'));
    const file = join(cases, name, 'expected.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"class_uid": 5001', '"class_uid": 5002'));

    const { exitCode, stderr } = await sluice(['test', feed, '--integrations', own]);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`failed {2}${feed}/devices/${name}\n.*class_uid.*5002.*5001`));
    expect(stderr).toMatch(/\d+ cases? passed, 1 failed\n$/);
  });

  it('does not call it a success when there was nothing to test', async () => {
    const own = copyOfFeed('acme-directory', (yaml) => yaml, { cases: false });

    const { exitCode, stderr } = await sluice(['test', 'acme-directory', '--integrations', own]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('There are no cases');
  });
});

describe('sluice explain', () => {
  it('tells streams, classes, permissions with reasons, limits and what is left out, in sentences', async () => {
    const { exitCode, stdout, stderr } = await sluice(['explain', feed]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    for (const told of [
      'devices',
      'inventory_info',
      'Device.Read.All (application)',
      'Opens the list of devices',
      '5 requests in any 10 seconds',
      'It leaves out',
    ]) {
      expect(stderr).toContain(told);
    }
  });

  it('gives a machine the descriptor with its defaults filled in', async () => {
    const { stdout } = await sluice(['explain', feed, '--json']);

    expect(JSON.parse(stdout)).toMatchObject({ name: feed, formatVersion: 1 });
  });
});

describe('sluice schema', () => {
  it('gives a JSON Schema and nothing else', async () => {
    const { exitCode, stdout, stderr } = await sluice(['schema']);

    expect(JSON.parse(stdout)).toHaveProperty('$schema');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('gives that of another file of a feed', async () => {
    const { stdout } = await sluice(['schema', '--file', 'errors']);

    expect(JSON.parse(stdout)).toMatchObject({ $id: 'https://sluice.example/schemas/errors/1.json' });
  });
});

describe('sluice preview', () => {
  const saved = join(
    repository,
    'integrations',
    feed,
    'cases',
    'devices',
    'hybrid-joined-and-compliant',
    'source.json',
  );

  it('maps a saved answer without asking anybody, and shows source and record', async () => {
    const { exitCode, stdout, stderr } = await sluice(['preview', feed, 'devices', '--source', saved]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('page 1, row 1: accepted');
    expect(stderr).toMatch(/^class_uid +5001 +\+ the stream's class$/m);
    expect(stderr).toMatch(/^ {2}is_managed +true +\d+ +isManaged$/m);
    expect(stderr).not.toContain('\u001B');
  });

  it('explains one attribute, for people and for machines', async () => {
    const command = ['preview', feed, 'devices', '--source', saved, '--why', '/device/os/name'];

    const { exitCode, stderr } = await sluice(command);
    const { stdout } = await sluice([...command, '--json']);

    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^ +\d+ \| +"name": operatingSystem,$/m);
    expect(stderr).toContain('It comes from operatingSystem = "Windows".');
    expect(JSON.parse(stdout)).toMatchObject([
      { attributes: [{ pointer: '/device/os/name', sources: [{ pointer: '/operatingSystem' }] }] },
    ]);
  });

  it('could not run: an attribute that is no JSON Pointer', async () => {
    const { exitCode, stderr } = await sluice(['preview', feed, 'devices', '--source', saved, '--why', 'device.os[0]']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('such as /device/os/0');
  });

  it('shows a rejected record with its issues, exit code 1', async () => {
    const { exitCode, stdout } = await sluice([
      'preview',
      feed,
      'devices',
      '--sandbox',
      '--fault',
      'devices:wrong-types:2',
      '--limit',
      '2',
      '--json',
    ]);

    const [first, second] = JSON.parse(stdout) as { record?: unknown; issues: unknown[] }[]; // what preview prints
    expect(exitCode).toBe(1);
    expect(first).toHaveProperty('record');
    expect(second).not.toHaveProperty('record');
    expect(second?.issues).not.toEqual([]);
  });

  it('could not run: a saved answer that is no JSON', async () => {
    const file = join(emptyFolder(), 'source.json');
    writeFileSync(file, '<!doctype html>');

    const { exitCode, stderr } = await sluice(['preview', feed, 'devices', '--source', file]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('source.json');
  });
});

describe('sluice check', () => {
  it('finds the sandbox ready, computed streams included, exit code 0', async () => {
    const { exitCode, stdout, stderr } = await sluice(['check', feed, '--sandbox']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/^devices +Device\.Read\.All +yes +200 ready +nothing$/m);
  });

  it('names the permission to grant and where to consent, exit code 1', async () => {
    const { exitCode, stderr } = await sluice(['check', feed, '--sandbox', '--without', 'Device.Read.All']);

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^devices +Device\.Read\.All +no +403 denied +grant Device\.Read\.All$/m);
    expect(stderr).toContain('The token does not carry Device.Read.All.');
    expect(stderr).toMatch(/adminconsent\?client_id=[0-9a-f-]{36}/);
  });

  it('tells a machine, per stream, what is missing', async () => {
    const { stdout } = await sluice(['check', feed, '--sandbox', '--without', 'Device.Read.All', '--json']);

    const { streams } = JSON.parse(stdout) as CheckReport; // what check prints
    const devices = streams.find(({ stream }) => stream === 'devices');
    expect(devices).toMatchObject({
      state: 'denied',
      cause: 'permission',
      missing: ['Device.Read.All'],
      httpStatus: 403,
      whatToDo: 'grant Device.Read.All',
    });
  });

  it('could not run when the credentials are refused, exit code 2', async () => {
    const { exitCode, stderr } = await sluice(['check', feed, '--sandbox', '--fault', 'token:wrong-secret']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('auth/refused');
  });
});

describe('sluice sandbox', () => {
  it('prints one line of JSON when it answers, with what leads a run to it, and ends on Ctrl-C with exit code 0', async () => {
    const child = startSluice(['sandbox', feed, '--scale', '20', '--json']);
    const over = ended(child);
    const line = await new Promise<string>((resolve) =>
      child.stdout?.once('data', (text: Buffer) => resolve(text.toString())),
    );
    const { origin, connection } = JSON.parse(line) as { origin: string; connection: Record<string, string> }; // what it prints

    const sets = Object.entries(connection).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const out = emptyFolder();
    const run = await sluice(['run', feed, '--stream', 'devices', '--no-rate-limit', ...sets, '--out', out]);
    child.kill('SIGINT');

    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(run.exitCode).toBe(0);
    expect(await over).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

/** The delivered feed under another name, in a folder of integrations of its own. */
function copyOfFeed(name: string, change: (yaml: string) => string, { cases = true } = {}): string {
  const own = emptyFolder();
  const folder = join(own, name);
  mkdirSync(folder);
  const original = join(repository, 'integrations', feed);
  cpSync(original, folder, { recursive: true, filter: (path) => cases || path !== join(original, 'cases') });
  const file = join(folder, 'integration.yaml');
  const yaml = readFileSync(file, 'utf8').replace(`name: ${feed}`, `name: ${name}`);
  writeFileSync(file, change(yaml));
  return own;
}

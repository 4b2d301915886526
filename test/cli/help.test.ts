import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, type Ended, ended, repository, sluice } from './sluice.ts';

const commands = readdirSync(join(repository, 'bin', 'commands')).map((file) => file.replace(/\.ts$/, ''));
const withExitCodes = ['run', 'check', 'validate', 'test', 'preview', 'record', 'new', 'verify'];

/** As a terminal of 80 columns shows it; asked for once. */
function helpOf(command: string): Promise<Ended> {
  const help = helps.get(command) ?? sluice([command, '--help'], { env: { COLUMNS: '80' } });
  helps.set(command, help);
  return help;
}

const helps = new Map<string, Promise<Ended>>();

describe('help', () => {
  it('lists every command with its summary', async () => {
    const { exitCode, stdout } = await sluice(['--help']);

    expect(exitCode).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} +\\S`, 'm'));
  });

  it.each(commands)('of %s has two examples, a default for every flag, and --json', async (command) => {
    const { exitCode, stdout } = await helpOf(command);

    expect(exitCode).toBe(0);
    expect(examplesIn(stdout)).toHaveLength(2);
    expect(stdout).toContain('--json');
    expect(stdout).toContain('--integrations');
    for (const flag of flagsIn(stdout)) expect(flag).toMatch(/Default:/);
  });

  it.each(withExitCodes)('of %s tells the exit codes', async (command) => {
    const { stdout } = await helpOf(command);

    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Exit codes: 0 .+; 1 .+; 2 /);
  });
});

describe('the examples in the help', () => {
  it.each(commands.filter((command) => command !== 'sandbox'))('of %s work as pasted', async (command) => {
    const { stdout } = await helpOf(command);

    for (const example of examplesIn(stdout)) {
      const { exitCode, stderr } = await paste(example);

      expect(stderr).not.toContain('run/usage');
      expect([0, 1], `${example}\n${stderr}`).toContain(exitCode);
    }
  });

  it('of sandbox work as pasted, until Ctrl-C', async () => {
    const { stdout } = await helpOf('sandbox');

    for (const example of examplesIn(stdout)) {
      const { exitCode, stderr } = await paste(example, /answers at http/);

      expect(stderr).toContain('Ctrl-C ends it');
      expect(exitCode).toBe(0);
    }
  });
});

/** The command lines, with those that were broken for the width put together again. */
function examplesIn(help: string): string[] {
  const [, section = ''] = /^EXAMPLES\n((?: .*\n|\n)*)/m.exec(help) ?? [];
  return [...section.replaceAll(/ \\\n\s+/g, ' ').matchAll(/^ +\$ (.+)$/gm)].map(([, line = '']) => line);
}

/** Each flag with its words. */
function flagsIn(help: string): string[] {
  const sections = help.matchAll(/^[A-Z ]*FLAGS\n((?: .*\n|\n)*)/gm);
  return [...sections].flatMap(([, body = '']) => body.split(/^ {2}(?=-)/m).filter((text) => text.trim() !== ''));
}

/** In a shell, where `npx` leads to our own command: npm's own start-up is not what is tested here. */
async function paste(line: string, interruptWhen?: RegExp) {
  const child = spawn('bash', ['-c', interruptWhen === undefined ? line : `exec ${line}`], {
    cwd: clone,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (text: Buffer) => {
    if (interruptWhen?.test(text.toString()) === true) child.kill('SIGINT');
  });
  return ended(child);
}

const { clone, bin } = shell();

/** A folder that looks like a clone's root, so that what the examples write does not land in ours. */
function shell() {
  const folder = emptyFolder();
  for (const name of ['integrations', 'test']) symlinkSync(join(repository, name), join(folder, name));
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  const run = join(repository, 'bin', 'run.js');
  const script = `#!/bin/sh\nshift\nexec "${process.execPath}" "${run}" "$@"\n`;
  writeFileSync(join(tools, 'npx'), script, { mode: 0o755 });
  return { clone: folder, bin: tools };
}

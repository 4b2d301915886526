import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { editorOver, acmeFiles } from '../bin/lsp/editor.ts';
import { repository } from './sluice.ts';

function startServer(args: readonly string[] = []) {
  const child = spawn(process.execPath, [join(repository, 'bin', 'run.js'), 'lsp', ...args], { stdio: 'pipe' });
  onTestFinished(() => {
    child.kill();
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([exitCode]: unknown[]) => ({ exitCode, stderr }));
  return { child, ended };
}

describe('sluice lsp', () => {
  it('shows a fault over standard input and output, and ends with 0 when the editor says so', async () => {
    const { child, ended } = startServer(['--stdio']);
    const client = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const editor = await editorOver(client, acmeFiles);

    await editor.open('mappings/people.jsonata', '{ "severity": 1 ');
    const [found] = await editor.shown('mappings/people.jsonata', (all) => all.length > 0);
    await client.sendRequest('shutdown');
    await client.sendNotification('exit');

    expect(found?.code).toBe('mapping/syntax');
    expect(found?.codeDescription?.href).toMatch(/diagnostics\/README\.md#mapping-syntax$/);
    expect(await ended).toEqual({ exitCode: 0, stderr: '' });
  });

  it('ends when standard input closes', async () => {
    const { child, ended } = startServer();

    child.stdin.end();

    expect(await ended).toEqual({ exitCode: 1, stderr: '' });
  });

  it('refuses a flag that it does not have, on standard error', async () => {
    const { child, ended } = startServer(['--socket', '9']);
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));

    const { exitCode, stderr } = await ended;

    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('--socket');
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { onTestFinished } from 'vitest';
import { serveEditor } from '../../../bin/lsp/serve-editor.ts';
import { acmeDescriptor, peopleMapping, schemasDir, scratchFolder } from '../../support/scratch-integration.ts';

export type Range = { start: { line: number; character: number }; end: { line: number; character: number } };
export type Diagnostic = {
  range: Range;
  severity: number;
  code: string;
  codeDescription?: { href: string };
  message: string;
};
export type CompletionItem = {
  label: string;
  detail?: string;
  documentation?: { value: string };
  textEdit: { range: Range; newText: string };
};
type Files = { readonly [path: string]: string };

/** A feed of an invented vendor, with the shape of its rows. */
export const acmeFiles: Files = {
  'integration.yaml': acmeDescriptor({
    more: `permissions:
  people:read: { why: Opens the list of people. }
defaults:
  permissions: [people:read]`,
  }).replace('kind: none', 'kind: bearer, token: "{token}"'),
  'mappings/people.jsonata': peopleMapping,
  'sources/people.schema.json': JSON.stringify({
    type: 'object',
    required: ['id', 'name'],
    properties: {
      id: { type: 'string', description: 'Badge number.' },
      name: { type: 'string' },
      mfa: { type: ['boolean', 'null'] },
      address: { type: 'object', properties: { city: { type: 'string' }, zip: { type: 'string' } } },
    },
  }),
};

/** An editor at work on a feed, speaking the protocol to the server in this process. */
export async function openEditor(files: Files = acmeFiles) {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  // Readers and writers rather than streams: of a stream that ends, the server's library ends the process.
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  serveEditor(server, {
    places: { integrationsDirs: [], schemasDir },
    version: '0.0.0',
    linkTo: (code) => `https://docs.example/${code}`,
  });
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  onTestFinished(async () => {
    await client.sendRequest('shutdown');
    client.dispose();
  });
  return editorOver(client, files);
}

export async function editorOver(client: MessageConnection, files: Files) {
  const folder = join(await scratchFolder(), 'acme');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const published = new Map<string, Diagnostic[]>();
  const waiting: { readonly uri: string; readonly fits: (found: Diagnostic[]) => boolean; readonly go: () => void }[] =
    [];
  client.onNotification('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: Diagnostic[] }) => {
    published.set(params.uri, params.diagnostics);
    for (const { uri, fits, go } of waiting) if (uri === params.uri && fits(params.diagnostics)) go();
  });
  const logged: string[] = [];
  client.onNotification('window/logMessage', ({ message }: { message: string }) => {
    logged.push(message);
  });
  client.listen();
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  const initialized = await client.sendRequest<{ capabilities: object; serverInfo: object }>('initialize', {
    processId: null,
    rootUri: null,
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
  });
  await client.sendNotification('initialized', {});
  let version = 0;

  const editor = {
    client,
    folder,
    initialized,
    published,
    logged,
    uriOf,
    /** Opens a file, with its saved text or another. */
    open(path: string, text = files[path] ?? '') {
      const textDocument = { uri: uriOf(path), languageId: path.endsWith('.yaml') ? 'yaml' : 'jsonata', version, text };
      return client.sendNotification('textDocument/didOpen', { textDocument });
    },
    /** Types another text over the whole of an open file. */
    change(path: string, text: string) {
      version++;
      const textDocument = { uri: uriOf(path), version };
      return client.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] });
    },
    save: (path: string) => client.sendNotification('textDocument/didSave', { textDocument: { uri: uriOf(path) } }),
    close: (path: string) => client.sendNotification('textDocument/didClose', { textDocument: { uri: uriOf(path) } }),
    /** What is shown of a file, as soon as it fits. */
    async shown(path: string, fits: (found: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
      const uri = uriOf(path);
      if (!fits(published.get(uri) ?? [])) await new Promise<void>((go) => waiting.push({ uri, fits, go }));
      return published.get(uri) ?? [];
    },
    /** Hover text at the mark `‸` in a text that is typed into the file. */
    async hover(path: string, marked: string): Promise<string | undefined> {
      const answer = await askAt<{ contents: { value: string } } | null>('textDocument/hover', path, marked);
      return answer?.contents.value;
    },
    async complete(path: string, marked: string): Promise<CompletionItem[]> {
      return askAt('textDocument/completion', path, marked);
    },
    async define(path: string, marked: string): Promise<{ uri: string; range: Range } | null> {
      return askAt('textDocument/definition', path, marked);
    },
  };

  async function askAt<Answer>(method: string, path: string, marked: string): Promise<Answer> {
    const before = marked.slice(0, marked.indexOf('‸'));
    await editor.open(path, marked.replace('‸', ''));
    const position = { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 };
    const answer = await client.sendRequest<Answer>(method, { textDocument: { uri: uriOf(path) }, position });
    await editor.close(path);
    return answer;
  }

  return editor;
}

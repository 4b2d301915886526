import { basename } from 'node:path';
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type TextDocumentPositionParams,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { CannotRunError, findFeedFile, openFeedEditor, type Places, validateIntegration } from '../../engine/index.ts';
import { keepDiagnostics } from './feed-diagnostics.ts';
import { pathOfUri, uriOfPath } from './file-uri.ts';
import { toCompletionItems, toHover } from './to-answers.ts';
import { rangeOfPosition, toDiagnostic } from './to-diagnostic.ts';

export type EditorOptions = {
  readonly places: Places;
  readonly version: string;
  /** The address of what a code means. */
  readonly linkTo: (code: string) => string | undefined;
};

/** Milliseconds without a key pressed, after which a feed is validated anew. */
const pauseMs = 150;

/** Answers an editor over the Language Server Protocol until it says `exit`. */
export function serveEditor(connection: Connection, { places, version, linkTo }: EditorOptions): void {
  const documents = new TextDocuments(TextDocument);
  const openTexts = new Map<string, string>();
  const open: Places = { ...places, openTexts };
  let watchesFiles = false;
  let takesSnippets = false;

  const diagnostics = keepDiagnostics({
    validate: (folder) => validateIntegration(open, folder),
    toDiagnostic: (issue, file) => toDiagnostic(issue, linkTo, (line) => lineOf(openTexts.get(file), line)),
    publish: (file, found) => {
      void connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics: found });
    },
    onFailure: (folder, cause) => {
      connection.console.error(`${basename(folder)}: ${inWords(cause)}`);
    },
  });

  async function refresh(uri: string, delayMs: number): Promise<void> {
    const path = pathOfUri(uri);
    const feed = path === undefined ? undefined : await findFeedFile(path, openTexts);
    if (feed !== undefined) diagnostics.schedule(feed.folder, delayMs);
  }

  const editor = openFeedEditor(open);

  /** What a question about a place gives; a failure is logged, and the editor is told nothing. */
  async function answer<Result>(
    { textDocument, position }: TextDocumentPositionParams,
    ask: (document: TextDocument, path: string, offset: number) => Promise<Result | null>,
  ): Promise<Result | null> {
    const document = documents.get(textDocument.uri);
    const path = pathOfUri(textDocument.uri);
    if (document === undefined || path === undefined) return null;
    try {
      return await ask(document, path, document.offsetAt(position));
    } catch (cause) {
      connection.console.error(`${basename(path)}: ${inWords(cause)}`);
      return null;
    }
  }

  function keep(document: TextDocument): void {
    const path = pathOfUri(document.uri);
    if (path !== undefined) openTexts.set(path, document.getText());
  }

  connection.onInitialize((params): InitializeResult => {
    watchesFiles = canWatch(params);
    takesSnippets = params.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    return {
      serverInfo: { name: 'sluice', version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        hoverProvider: true,
        definitionProvider: true,
        completionProvider: { triggerCharacters: ['"', '$', '.', '{', ':', ' '] },
      },
    };
  });
  connection.onInitialized(() => {
    if (!watchesFiles) return;
    const watchers = [{ globPattern: '**/*.{yaml,jsonata,json}' }];
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) void refresh(uri, pauseMs);
  });
  connection.onHover((params) =>
    answer(params, async (document, path, offset) => {
      const found = await (await editor).hover(path, offset);
      return found === undefined ? null : toHover(found, document);
    }),
  );
  connection.onCompletion((params) =>
    answer(params, async (document, path, offset) => {
      return toCompletionItems(await (await editor).complete(path, offset), document, takesSnippets);
    }),
  );
  connection.onDefinition((params) =>
    answer(params, async (_, path, offset) => {
      const found = await (await editor).define(path, offset);
      return found === undefined ? null : { uri: uriOfPath(found.file), range: rangeOfPosition(found, undefined) };
    }),
  );
  connection.onShutdown(() => {
    diagnostics.close();
  });

  documents.onDidOpen(({ document }) => {
    keep(document);
    void refresh(document.uri, 0);
  });
  documents.onDidChangeContent(({ document }) => {
    keep(document);
    void refresh(document.uri, pauseMs);
  });
  documents.onDidSave(({ document }) => void refresh(document.uri, 0));
  documents.onDidClose(({ document }) => {
    const path = pathOfUri(document.uri);
    if (path !== undefined) openTexts.delete(path);
    void refresh(document.uri, 0);
  });
  documents.listen(connection);
  connection.listen();
}

function canWatch({ capabilities }: InitializeParams): boolean {
  return capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
}

function lineOf(text: string | undefined, line: number): string | undefined {
  return text?.split(/\r?\n/)[line - 1];
}

function inWords(cause: unknown): string {
  if (cause instanceof CannotRunError) return [cause.message, cause.hint ?? ''].join(' ').trim();
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

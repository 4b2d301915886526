import { Console } from 'node:console';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { readCodeEntries, repositoryUrl } from '../print/code-entries.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Lsp extends SluiceCommand {
  static override summary = 'Serve an editor: diagnostics, hover and completion in the files of a feed.';

  static override description =
    `A language server: speaks the Language Server Protocol on standard input and output until the editor says exit or goes away. Knows a feed by its integration.yaml, wherever it lies, and what is typed before it is saved. integrations/README.md tells how to set an editor up.

Exit codes: 0 the editor said exit; 1 it went away without a word; 2 could not run (usage).`;

  static override examples = [
    { description: 'As an editor starts it:', command: '$ npx sluice lsp' },
    { description: 'As others start it:', command: '$ npx sluice lsp --stdio' },
  ];

  static override flags = {
    stdio: Flags.boolean({
      description:
        'Speak on standard input and output, which many editors ask for. Default: on; there is no other way.',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Lsp);
    // Standard output belongs to the protocol: whatever else wants to print goes beside it.
    globalThis.console = new Console(process.stderr, process.stderr);
    const [{ createConnection, ProposedFeatures }, { serveEditor }] = await Promise.all([
      import('vscode-languageserver/node'),
      import('../lsp/serve-editor.ts'),
    ]);
    const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
    const entries = readCodeEntries(this.config.root, repositoryUrl(this.config.pjson.repository));
    serveEditor(connection, {
      places: this.places(flags),
      version: this.config.version,
      linkTo: (code) => this.linkTo(entries.get(code)?.link),
    });
  }

  /** Editors follow addresses only. */
  private linkTo(link: string | undefined): string | undefined {
    if (link === undefined || link.startsWith('https://')) return link;
    const [, anchor = ''] = link.split('#');
    return `${pathToFileURL(join(this.config.root, 'engine', 'diagnostics', 'README.md')).href}#${anchor}`;
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { SluiceCommand } from '../sluice-command.ts';

const files = ['descriptor', 'errors', 'setup', 'sandbox', 'dispatch', 'source', 'record'] as const;

export default class Schema extends SluiceCommand {
  static override summary = 'Print the JSON Schema of integration.yaml or another file of a feed, for editors.';

  static override description =
    `Always on standard output. An editor with YAML support completes and explains keys once it knows the schema; "sluice lsp" needs none.`;

  static override examples = [
    { description: 'Look at it:', command: '$ npx sluice schema | head -n 20' },
    {
      description: 'Keep that of errors.yaml beside your own integrations:',
      command: '$ npx sluice schema --file errors > errors.schema.json',
    },
  ];

  static override flags = {
    file: Flags.option({
      options: files,
      description: `Of which file: descriptor (integration.yaml), errors (errors.yaml), setup (setup.yaml),
sandbox (sandbox/sandbox.yaml), dispatch (dispatch/*.yaml), source (sources/*.json) or record (cases/record.yaml).
Default: descriptor.`,
    })(),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Schema);
    const { schemasDir } = this.places(flags);
    process.stdout.write(await readFile(join(schemasDir, `${flags.file ?? 'descriptor'}.schema.json`), 'utf8'));
  }
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceCommand } from '../sluice-command.ts';

export default class Schema extends SluiceCommand {
  static override summary = 'Print the JSON Schema of integration.yaml, for editors.';

  static override description =
    `Always on standard output. An editor with YAML support completes and explains keys once it knows the schema.`;

  static override examples = [
    { description: 'Look at it:', command: '$ npx sluice schema | head -n 20' },
    { description: 'Keep it beside your own integrations:', command: '$ npx sluice schema > descriptor.schema.json' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(Schema);
    const { schemasDir } = this.places(flags);
    process.stdout.write(await readFile(join(schemasDir, 'descriptor.schema.json'), 'utf8'));
  }
}

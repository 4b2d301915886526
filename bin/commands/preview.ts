import { Args, Flags } from '@oclif/core';
import { previewStream } from '../../engine/index.ts';
import { connectionFlags, connectionInput } from '../connection-flags.ts';
import { interruptSignal } from '../interrupt.ts';
import { describePreview } from '../print/preview.ts';
import { sandboxFlags, withSource } from '../sandbox-flags.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Preview extends SluiceCommand {
  static override summary =
    'Map one page of a stream and show source, record and issues side by side; deliver nothing.';

  static override usage =
    'preview INTEGRATION STREAM (--source FILE | --sandbox | --set KEY=VALUE... | --connection FILE) [FLAGS]';

  static override description =
    `Exit codes: 0 every record passes; 1 a record is rejected, or the source refused; 2 could not run (usage, descriptor, connection, credentials refused).`;

  static override examples = [
    {
      description: 'The first record of a page of the stand-in vendor:',
      command: '$ npx sluice preview microsoft-entra-mfa devices --sandbox --limit 1',
    },
    {
      description: 'For a machine; --source FILE takes a saved answer instead of asking the source:',
      command: '$ npx sluice preview microsoft-entra-mfa user-registration-details --sandbox --limit 3 --json',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
    stream: Args.string({
      description: 'Name of the stream; "sluice explain INTEGRATION" shows them.',
      required: true,
    }),
  };

  static override flags = {
    ...connectionFlags,
    source: Flags.string({
      summary: 'A saved answer of the source (JSON) to map, instead of asking the source. Default: ask.',
      helpValue: 'FILE',
      exclusive: ['set', 'connection', 'sandbox'],
    }),
    limit: Flags.integer({ summary: 'Records shown. Default: the whole page.', helpValue: 'N', min: 1 }),
    ocsf: Flags.string({
      summary: "OCSF release of the records, for example 1.5.0. Default: the descriptor's.",
      helpValue: 'VERSION',
    }),
    'no-rate-limit': Flags.boolean({
      summary: "Do not pace by the descriptor's budgets (test servers). Default: off; implied by --sandbox.",
    }),
    ...sandboxFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Preview);
    const { integration, stream } = args;
    const places = this.places(flags);
    const signal = interruptSignal();
    const { source } = flags;
    const records = await withSource(flags, { places, integration }, connectionInput(flags), (connection) =>
      previewStream({
        places,
        integration,
        stream,
        ...(source === undefined ? { connection } : { sourceFile: source }),
        ...(flags.limit !== undefined && { limit: flags.limit }),
        ...(flags.ocsf !== undefined && { ocsfVersion: flags.ocsf }),
        pace: !flags['no-rate-limit'] && !flags.sandbox,
        signal,
      }),
    );
    if (flags.json) this.printJson(records);
    else this.say(describePreview(records));
    process.exitCode = records.every(({ record }) => record !== undefined) ? 0 : 1;
  }
}

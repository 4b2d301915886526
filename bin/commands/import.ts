import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { importIntegration } from '../../engine/index.ts';
import { describeImport } from '../print/import.ts';
import { SluiceCommand } from '../sluice-command.ts';

const formats = ['airbyte', 'sentinel', 'cribl'] as const;

export default class Import extends SluiceCommand {
  static override summary = 'Write an integration from a connector of another tool, and say what could not be carried.';

  static override description =
    `FORMAT is airbyte (a low-code manifest, YAML), sentinel (a codeless connector of kind RestApiPoller: the poller, or the deployment template around it) or cribl (a REST collector, JSON or YAML). Everything in the file is carried, or told with its line and column. Secrets in the file are never copied. Mappings begin as "sluice new" lays them out. Nothing is ever overwritten.

Exit codes: 0 all carried, and valid; 1 written, but something could not be carried or wants filling in; 2 could not read or write (usage, another format, a folder that is there already): nothing is written.`;

  static override examples = [
    {
      description: 'A manifest becomes the folder my-feeds/umbra:',
      command:
        '$ npx sluice import airbyte test/import/airbyte/umbra.yaml --dir my-feeds --class audit-log=api_activity',
    },
    {
      description: 'A collector, told to a machine:',
      command:
        '$ npx sluice import cribl test/import/cribl/lumen-alerts.json --dir my-feeds --class detection_finding --json',
    },
  ];

  static override args = {
    format: Args.string({
      description: 'The tool the file is of: airbyte, sentinel or cribl.',
      required: true,
      options: [...formats],
    }),
    file: Args.string({ description: 'The file, YAML or JSON, at most 8 MB.', required: true }),
  };

  static override flags = {
    dir: Flags.string({
      summary:
        'Folder that gets the new folder; made if missing. Default: the first --integrations, or else ./integrations.',
      helpValue: 'DIR',
    }),
    name: Flags.string({
      summary: 'Name of the integration and of its folder. Default: as the file, or the folder it lies in, is called.',
      helpValue: 'NAME',
    }),
    vendor: Flags.string({
      summary: 'Name of the vendor. Default: as the file says, or NAME in words.',
      helpValue: 'TEXT',
    }),
    class: Flags.string({
      summary: 'OCSF class of a stream, or of all that are not named. Default: base_event.',
      helpValue: '[STREAM=]CLASS',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ocsf: Flags.string({ summary: 'OCSF release. Default: 1.5.0.', helpValue: 'VERSION' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Import);
    const { schemasDir } = this.places(flags);
    const report = await importIntegration({
      format: args.format as (typeof formats)[number], // one of the options
      file: args.file,
      dir: flags.dir ?? flags.integrations?.[0] ?? join(process.cwd(), 'integrations'),
      schemasDir,
      classes: classesFrom(flags.class ?? []),
      ...(flags.name !== undefined && { name: flags.name }),
      ...(flags.vendor !== undefined && { vendor: flags.vendor }),
      ...(flags.ocsf !== undefined && { ocsfVersion: flags.ocsf }),
    });
    if (flags.json) this.printJson(report);
    else this.say(describeImport(report, join(this.config.root, 'integrations')));
    const wrong =
      report.issues.some(({ severity }) => severity === 'error') || report.cases.some(({ passed }) => !passed);
    process.exitCode = report.complete && !wrong ? 0 : 1;
  }
}

/** `users=user_inventory` is for one stream, `base_event` for all others. */
function classesFrom(given: readonly string[]): { [stream: string]: string } {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      return equals === -1 ? ['*', text] : [text.slice(0, equals), text.slice(equals + 1)];
    }),
  );
}

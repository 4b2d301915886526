import { Args } from '@oclif/core';
import { verifyOutput } from '../../engine/index.ts';
import { describeVerification } from '../print/verification.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Verify extends SluiceCommand {
  static override summary = 'Check a finished output: bytes, counts, ids, and every record against its class.';

  static override description =
    `Reads the files of an output folder again and compares them with its manifest.json and report.json.

Exit codes: 0 all is as the run wrote it; 1 something differs; 2 could not check (no such output).`;

  static override examples = [
    { description: 'The output of a run:', command: '$ npx sluice verify sluice-out/microsoft-entra-mfa' },
    { description: 'The same for a machine:', command: '$ npx sluice verify sluice-out/microsoft-entra-mfa --json' },
  ];

  static override args = {
    dir: Args.string({ description: 'Folder that a run had as --out.', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Verify);
    const verification = await verifyOutput({ places: this.places(flags), dir: args.dir });
    if (flags.json) this.printJson(verification);
    else this.say(describeVerification(verification));
    const differs =
      verification.differences.length > 0 || verification.files.some((file) => file.differences.length > 0);
    process.exitCode = differs ? 1 : 0;
  }
}

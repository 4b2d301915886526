import { Args, Flags } from '@oclif/core';
import { runCases } from '../../engine/index.ts';
import { describeCases } from '../print/cases.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Test extends SluiceCommand {
  static override summary = 'Run the golden cases of integrations.';

  static override description =
    `A case is a folder with what the source sends and the records the mapping must make of it.

Exit codes: 0 every case passes; 1 a case fails; 2 could not run (usage, descriptor, no case found).`;

  static override examples = [
    { description: 'Every case of every integration:', command: '$ npx sluice test' },
    { description: 'One integration, for a machine:', command: '$ npx sluice test microsoft-entra-mfa --json' },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of an integration. Default: every integration.', multiple: true }),
  };

  static override flags = {
    update: Flags.boolean({
      description:
        'Show what differs, then rewrite the cases to what the mappings give. Review the change like code. Default: off.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Test);
    const cases = await runCases({
      places: this.places(flags),
      ...(args.integration !== undefined && { integrations: args.integration }),
      update: flags.update,
    });
    if (flags.json) this.printJson(cases);
    else this.say(describeCases(cases));
    process.exitCode = exitCodeOf(cases);
  }
}

/** A test run that tested nothing must not look like a success. */
function exitCodeOf(cases: readonly { readonly passed: boolean }[]): number {
  if (cases.length === 0) return 2;
  return cases.every(({ passed }) => passed) ? 0 : 1;
}

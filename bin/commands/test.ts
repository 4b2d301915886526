import { Args, Flags } from '@oclif/core';
import { coverCases, type IntegrationCoverage, runCases } from '../../engine/index.ts';
import { describeCases } from '../print/cases.ts';
import { describeCoverage } from '../print/coverage.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Test extends SluiceCommand {
  static override summary = 'Run the golden cases of integrations.';

  static override description =
    `A case is a folder with what the source sends and the records the mapping must make of it.

With --coverage it also tells which parts of the mappings no case exercises: sides of conditions, operands of "and" and "or" that
decide nothing, rows of look-up tables, functions, and fields of the source. A descriptor may ask for a least percentage:
"cases: { coverage: 90 }".

Exit codes: 0 every case passes; 1 a case fails, or less is exercised than asked for; 2 could not run (usage, descriptor, no case found).`;

  static override examples = [
    { description: 'Every case of every integration:', command: '$ npx sluice test' },
    {
      description: 'One integration, and what its cases leave out:',
      command: '$ npx sluice test microsoft-entra-mfa --coverage',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of an integration. Default: every integration.', multiple: true }),
  };

  static override flags = {
    coverage: Flags.boolean({
      description: 'Tell what of the mappings no case exercises, by file, line and column. Default: off.',
    }),
    update: Flags.boolean({
      description:
        'Show what differs, then rewrite the cases to what the mappings give. Review the change like code. Default: off.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Test);
    const request = {
      places: this.places(flags),
      ...(args.integration !== undefined && { integrations: args.integration }),
    };
    const cases = await runCases({ ...request, update: flags.update });
    const coverage = flags.coverage ? await coverCases(request) : [];
    if (flags.json) this.printJson(flags.coverage ? { cases, coverage } : cases);
    else this.say([describeCases(cases), ...(flags.coverage ? [describeCoverage(coverage)] : [])].join('\n\n'));
    process.exitCode = exitCodeOf(cases, coverage);
  }
}

/** A test run that tested nothing must not look like a success. */
function exitCodeOf(
  cases: readonly { readonly passed: boolean }[],
  coverage: readonly Pick<IntegrationCoverage, 'issues'>[],
): number {
  if (cases.length === 0) return 2;
  const isEnough = coverage.every(({ issues }) => issues.length === 0);
  return isEnough && cases.every(({ passed }) => passed) ? 0 : 1;
}

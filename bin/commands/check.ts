import { Args, Flags } from '@oclif/core';
import { checkIntegration } from '../../engine/index.ts';
import { connectionFlags, connectionInput } from '../connection-flags.ts';
import { interruptSignal } from '../interrupt.ts';
import { describeCheck } from '../print/check.ts';
import { duration } from '../print/quantities.ts';
import { sandboxFlags, withSource } from '../sandbox-flags.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Check extends SluiceCommand {
  static override summary = 'Ask the source for a token and one small answer a stream, and tell what is missing.';

  static override usage = 'check INTEGRATION (--sandbox | --set KEY=VALUE... | --connection FILE) [FLAGS]';

  static override description =
    `Tells for each stream whether it is ready, or what to grant, buy or choose instead, and which permissions are granted beyond need. Asks each stream at most once and within the descriptor's budgets. Delivers nothing.

Exit codes: 0 every stream that is on by default is ready or can be derived; 1 one of them is not; 2 could not run (usage, descriptor, connection, credentials refused).`;

  static override examples = [
    {
      description: 'A feed against its own stand-in vendor, without an account:',
      command: '$ npx sluice check microsoft-entra-mfa --sandbox',
    },
    {
      description: 'What it tells when a permission was forgotten, or more was granted than needed:',
      command: '$ npx sluice check microsoft-entra-mfa --sandbox --without Device.Read.All --also Mail.Read',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
  };

  static override flags = {
    ...connectionFlags,
    stream: Flags.string({
      summary: 'Only this stream. Repeats. Default: every stream.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'no-rate-limit': Flags.boolean({
      summary: "Do not pace by the descriptor's budgets (test servers). Default: off; implied by --sandbox.",
    }),
    ...sandboxFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Check);
    const { integration } = args;
    const places = this.places(flags);
    const signal = interruptSignal();
    const report = await withSource(flags, { places, integration }, connectionInput(flags), (connection) =>
      checkIntegration({
        places,
        integration,
        connection,
        ...(flags.stream !== undefined && { streams: flags.stream }),
        pace: !flags['no-rate-limit'] && !flags.sandbox,
        signal,
        onEvent: (event) => {
          if (event.kind === 'waiting') this.say(`waiting ${duration(event.ms)}: ${event.why}`);
        },
      }),
    );
    if (flags.json) this.printJson(report);
    else this.say(describeCheck(report));
    const ready = report.streams.every(
      ({ default: on, state }) => on === 'off' || state === 'ready' || state === 'derived',
    );
    process.exitCode = ready ? 0 : 1;
  }
}

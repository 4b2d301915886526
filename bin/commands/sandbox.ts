import { once } from 'node:events';
import { Args, Flags } from '@oclif/core';
import { startIntegrationSandbox } from '../../engine/index.ts';
import { interruptSignal } from '../interrupt.ts';
import { describeSandbox } from '../print/sandbox.ts';
import { sandboxOptionFlags, sandboxOptions } from '../sandbox-flags.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Sandbox extends SluiceCommand {
  static override summary = "Serve an integration's stand-in vendor on loopback until Ctrl-C.";

  static override description =
    `Invented, seeded data behind the vendor's own addresses, errors and limits. Prints the origin and a line to paste; with --json one line of JSON as soon as it answers, for scripts to wait for.`;

  static override examples = [
    { description: 'On any free port:', command: '$ npx sluice sandbox microsoft-entra-mfa' },
    {
      description: 'A big tenant that throttles, without one of the permissions:',
      command: '$ npx sluice sandbox microsoft-entra-mfa --scale 100000 --throttle --without Device.Read.All',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
  };

  static override flags = {
    port: Flags.integer({
      summary: 'TCP port on loopback. Default: any free one.',
      helpValue: 'N',
      min: 0,
      max: 65_535,
    }),
    ...sandboxOptionFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Sandbox);
    const { integration } = args;
    const stop = interruptSignal();
    const sandbox = await startIntegrationSandbox({
      places: this.places(flags),
      integration,
      ...sandboxOptions(flags),
      ...(flags.port !== undefined && { port: flags.port }),
    });
    const { origin, connection, changes } = sandbox;
    if (flags.json)
      process.stdout.write(`${JSON.stringify({ origin, connection })}\n`); // one line: scripts wait for it
    else this.say(describeSandbox(integration, { origin, connection, changes }));
    if (!stop.aborted) await once(stop, 'abort');
    await sandbox.close();
  }
}

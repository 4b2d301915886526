import { Args } from '@oclif/core';
import { readDescriptor } from '../../engine/index.ts';
import { explain } from '../print/explanation.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Explain extends SluiceCommand {
  static override summary = 'Tell in words what an integration reads, needs and delivers.';

  static override examples = [
    {
      description: 'Streams, classes, permissions with reasons, limits:',
      command: '$ npx sluice explain microsoft-entra-mfa',
    },
    {
      description: 'The checked descriptor with its defaults filled in:',
      command: '$ npx sluice explain microsoft-entra-mfa --json',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const descriptor = await readDescriptor(this.places(flags), args.integration);
    if (flags.json) this.printJson(descriptor);
    else this.say(explain(descriptor));
  }
}

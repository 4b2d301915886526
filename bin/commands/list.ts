import { listIntegrations } from '../../engine/index.ts';
import { describeIntegrations } from '../print/integrations.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class List extends SluiceCommand {
  static override summary = 'List the integrations there are.';

  static override examples = [
    { description: 'What there is, in words:', command: '$ npx sluice list' },
    { description: 'The same for a machine:', command: '$ npx sluice list --json' },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(List);
    const integrations = await listIntegrations(this.places(flags));
    if (flags.json) this.printJson(integrations);
    else this.say(describeIntegrations(integrations));
  }
}

import { basename, dirname } from 'node:path';
import { Args } from '@oclif/core';
import { listIntegrations, type Places, validateIntegration } from '../../engine/index.ts';
import { describeValidations } from '../print/validations.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Validate extends SluiceCommand {
  static override summary = 'Check descriptors, mappings and cases, without network.';

  static override description = `Tells all it finds at once, each with file, line and column.

Exit codes: 0 nothing wrong (warnings allowed); 1 something is wrong; 2 could not run (usage, no such integration).`;

  static override examples = [
    { description: 'Every integration:', command: '$ npx sluice validate' },
    {
      description: 'One, for an editor or a CI job:',
      command: '$ npx sluice validate integrations/microsoft-entra-mfa --json',
    },
  ];

  static override args = {
    path: Args.string({
      description: 'Name, folder or integration.yaml of an integration. Default: every integration.',
      multiple: true,
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const places = this.places(flags);
    const asked = args.path ?? (await every(places));
    const validations = await Promise.all(asked.map((path) => validateIntegration(places, folderOf(path))));
    if (flags.json) this.printJson(validations);
    else this.say(describeValidations(validations));
    const wrong = validations.some(({ issues }) => issues.some(({ severity }) => severity === 'error'));
    process.exitCode = wrong ? 1 : 0;
  }
}

async function every(places: Places): Promise<string[]> {
  return (await listIntegrations(places)).map(({ folder }) => folder);
}

/** Editors and commit hooks hand over the file. */
function folderOf(path: string): string {
  return basename(path) === 'integration.yaml' ? dirname(path) : path;
}

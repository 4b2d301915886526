import { writeFile } from 'node:fs/promises';
import { Args, Flags } from '@oclif/core';
import { type Guide, listIntegrations, readGuide, shortPath } from '../../engine/index.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Docs extends SluiceCommand {
  static override summary = "Write an integration's guide for operators, from its descriptor.";

  static override description =
    `The guide tells what each stream gives, how to set it up at the vendor, what errors mean, limits and known gaps. It comes from integration.yaml, errors.yaml and setup.yaml alone; GUIDE.md in the integration's folder is the committed copy.

Exit codes: 0 printed, written or, with --check, current; 1 a committed guide is absent or stale; 2 could not run.`;

  static override examples = [
    { description: 'Read it:', command: '$ npx sluice docs microsoft-entra-mfa' },
    { description: 'In CI, for every integration:', command: '$ npx sluice docs --check' },
  ];

  static override args = {
    integration: Args.string({
      description: 'Name or folder of an integration. Default: every integration; then with --write or --check only.',
      multiple: true,
    }),
  };

  static override flags = {
    write: Flags.boolean({ summary: 'Write GUIDE.md in the folder instead of printing. Default: off.' }),
    check: Flags.boolean({
      summary: 'Say whether the committed GUIDE.md is current, and print nothing else. Default: off.',
      exclusive: ['write'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Docs);
    const places = this.places(flags);
    const asked = args.integration ?? (await listIntegrations(places)).map(({ folder }) => folder);
    const guides = await Promise.all(asked.map((name) => readGuide(places, name)));
    const toPrint = !flags.write && !flags.check;
    if (toPrint && guides.length !== 1) this.error('Name one integration, or give --write or --check.', { exit: 2 });
    if (flags.write) await Promise.all(guides.map(({ file, markdown }) => writeFile(file, markdown)));
    if (flags.json) this.printJson(guides);
    else if (toPrint) process.stdout.write(guides[0]?.markdown ?? '');
    else for (const guide of guides) this.say(flags.write ? `Wrote ${shortPath(guide.file)}.` : standing(guide));
    if (flags.check && guides.some(({ committed }) => committed !== 'current')) process.exitCode = 1;
  }
}

function standing({ file, committed, integration }: Guide): string {
  if (committed === 'current') return `${shortPath(file)} is current.`;
  const what = committed === 'absent' ? 'is not there' : 'no longer says what the descriptor says';
  return `${shortPath(file)} ${what}; write it with: npx sluice docs ${integration} --write`;
}

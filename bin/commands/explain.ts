import { Args, Flags } from '@oclif/core';
import {
  type Descriptor,
  explainMappings,
  generatedCode,
  type MappingExplanation,
  type Places,
  readDescriptor,
} from '../../engine/index.ts';
import { describeEngines } from '../print/engines.ts';
import { explain } from '../print/explanation.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Explain extends SluiceCommand {
  static override summary = 'Tell in words what an integration reads, needs and delivers.';

  static override description =
    `With --engine, tells of each mapping whether it is compiled to JavaScript or left to the interpreter, and why; both give the same records. With --generated, prints the JavaScript on standard output.`;

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

  static override flags = {
    engine: Flags.boolean({
      summary: 'How each mapping is worked out: compiled, or interpreted and why. Default: off.',
      exclusive: ['generated'],
    }),
    generated: Flags.string({
      summary: 'The JavaScript that the mapping of this stream was compiled to. Default: none.',
      helpValue: 'STREAM',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const places = this.places(flags);
    if (flags.generated !== undefined)
      return this.printGenerated(places, args.integration, flags.generated, flags.json);
    if (flags.engine) this.printEngines(await explainMappings(places, args.integration), flags.json);
    else this.printDescriptor(await readDescriptor(places, args.integration), flags.json);
  }

  private async printGenerated(places: Places, integration: string, stream: string, json: boolean): Promise<void> {
    const code = await generatedCode(places, integration, stream);
    if (json) this.printJson({ stream, code });
    else process.stdout.write(code);
  }

  private printDescriptor(descriptor: Descriptor, json: boolean): void {
    if (json) this.printJson(descriptor);
    else this.say(explain(descriptor));
  }

  private printEngines(mappings: readonly MappingExplanation[], json: boolean): void {
    if (json) this.printJson(mappings.map(withoutCode));
    else this.say(describeEngines(mappings));
  }
}

/** The program may be long, and has a flag of its own. */
function withoutCode({ engine, ...mapping }: MappingExplanation): object {
  return { ...mapping, engine: engine.kind === 'compiled' ? { kind: engine.kind } : engine };
}

import { basename, dirname } from 'node:path';
import { Args, Flags } from '@oclif/core';
import { listIntegrations, type Places, type Validation, validateIntegration } from '../../engine/index.ts';
import type { Failure } from '../failure.ts';
import { annotations } from '../print/annotations.ts';
import { type CodeEntry, readCodeEntries, repositoryUrl } from '../print/code-entries.ts';
import { describeValidations, describeVerdicts } from '../print/validations.ts';
import { SluiceCommand } from '../sluice-command.ts';

const formats = ['text', 'json', 'github', 'sarif'] as const;
type Format = (typeof formats)[number];

export default class Validate extends SluiceCommand {
  static override summary = 'Check descriptors, mappings and cases, without network.';

  static override description =
    `Tells all it finds at once, each as "file:line:column severity code message", with the line and what to write instead.
A mistake in a descriptor hides no other: what does not depend on it is checked all the same.

Exit codes: 0 nothing wrong (warnings allowed); 1 something is wrong; 2 could not run (usage, no such integration).`;

  static override examples = [
    { description: 'Every integration:', command: '$ npx sluice validate' },
    {
      description: 'One, for code scanning:',
      command: '$ npx sluice validate integrations/microsoft-entra-mfa --format sarif',
    },
  ];

  static override args = {
    path: Args.string({
      description: 'Name, folder or integration.yaml of an integration. Default: every integration.',
      multiple: true,
    }),
  };

  static override flags = {
    format: Flags.option({
      options: formats,
      description: `How to tell it: text, for people, on standard error; on standard output json (the same as --json),
github (annotations of GitHub Actions) or sarif (SARIF 2.1.0). Default: text.`,
      exclusive: ['json'],
    })(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const places = this.places(flags);
    const asked = args.path ?? (await every(places));
    const validations = await Promise.all(asked.map((path) => validateIntegration(places, folderOf(path))));
    await this.print(validations, flags.json ? 'json' : (flags.format ?? 'text'));
    const wrong = validations.some(({ issues }) => issues.some(({ severity }) => severity === 'error'));
    process.exitCode = wrong ? 1 : 0;
  }

  private async print(validations: readonly Validation[], format: Format): Promise<void> {
    const issues = validations.flatMap((validation) => validation.issues);
    switch (format) {
      case 'text':
        this.say(describeValidations(validations, this.entries()));
        break;
      case 'json':
        this.printJson(validations);
        break;
      case 'github':
        process.stdout.write(annotations(issues));
        this.say(describeVerdicts(validations));
        break;
      case 'sarif': {
        const { sarifLog } = await import('../print/sarif.ts');
        this.printJson(sarifLog(issues, this.tool()));
        this.say(describeVerdicts(validations));
        break;
      }
      default:
        format satisfies never;
    }
  }

  /** Whoever reads a format reads in it as well why there is nothing to read. */
  protected override async printFailure(failure: Failure, words: readonly string[]): Promise<void> {
    const format = words.find((word, index) => words[index - 1] === '--format' || word.startsWith('--format='));
    if (format?.endsWith('json') === true) await super.printFailure(failure, ['--json']);
    else if (format?.endsWith('github') === true)
      process.stdout.write(annotations([{ ...failure, severity: 'error' }]));
    else if (format?.endsWith('sarif') === true) {
      const { sarifFailure } = await import('../print/sarif.ts');
      this.printJson(sarifFailure(failure, this.tool()));
    } else await super.printFailure(failure, words);
  }

  private entries(): ReadonlyMap<string, CodeEntry> {
    return readCodeEntries(this.config.root, this.repository());
  }

  private tool() {
    return { version: this.config.version, homepage: this.repository(), entries: this.entries() };
  }

  private repository(): string | undefined {
    return repositoryUrl(this.config.pjson.repository);
  }
}

async function every(places: Places): Promise<string[]> {
  return (await listIntegrations(places)).map(({ folder }) => folder);
}

/** Editors and commit hooks hand over the file. */
function folderOf(path: string): string {
  return basename(path) === 'integration.yaml' ? dirname(path) : path;
}

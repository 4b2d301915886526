import { join } from 'node:path';
import { Command, Flags } from '@oclif/core';
import type { Places } from '../engine/index.ts';
import { type Failure, readFailure } from './failure.ts';
import { describeFailure } from './print/failure.ts';

/** What every command shares: where the feeds lie, `--json`, and how an error is told. */
export abstract class SluiceCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({
      summary: 'Print the result as JSON on standard output. Default: off; words for people go to standard error.',
      helpGroup: 'GLOBAL',
    }),
    integrations: Flags.string({
      summary: 'One more folder of integrations; of two with the same name the first given wins. Default: none.',
      helpValue: 'DIR',
      helpGroup: 'GLOBAL',
      multiple: true,
      multipleNonGreedy: true,
    }),
  };

  protected override init(): Promise<void> {
    // A reader that has seen enough (`| head`) is no fault of ours; oclif says the same for standard output.
    process.stderr.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
    return super.init();
  }

  protected places(flags: { integrations?: string[] | undefined }): Places {
    const { root } = this.config;
    return {
      integrationsDirs: [...(flags.integrations ?? []), join(root, 'integrations')],
      schemasDir: join(root, 'schemas'),
    };
  }

  /** For people: standard error. */
  protected say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** For machines: standard output. */
  protected printJson(data: unknown): void {
    process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
  }

  protected override async catch(error: Error): Promise<void> {
    const failure = readFailure(error, this.id ?? '', Object.keys({ ...this.ctor.flags, ...this.ctor.baseFlags }));
    this.say(describeFailure(failure));
    // Read from the words themselves, because the flags may be what could not be parsed.
    const end = this.argv.indexOf('--');
    await this.printFailure(failure, this.argv.slice(0, end === -1 ? undefined : end));
    process.exitCode = failure.exitCode;
  }

  /** For machines, where `words`, what was typed, ask for it. */
  protected printFailure(failure: Failure, words: readonly string[]): Promise<void> {
    // The exit code is told by the process itself.
    if (words.includes('--json')) this.printJson({ error: { ...failure, exitCode: undefined } });
    return Promise.resolve();
  }
}

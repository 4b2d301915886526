import { Args, Errors, Flags } from '@oclif/core';
import { recordCases } from '../../engine/index.ts';
import { connectionFlags, connectionInput } from '../connection-flags.ts';
import { interruptSignal } from '../interrupt.ts';
import { describeRecording } from '../print/recording.ts';
import { sandboxFlags, withSource } from '../sandbox-flags.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Record extends SluiceCommand {
  static override summary = 'Capture real answers as golden cases, with everything that is personal replaced.';

  static override usage =
    'record INTEGRATION (--sandbox | --set KEY=VALUE... | --connection FILE) [--stream NAME...] [FLAGS]';

  static override description =
    `Reads a page of each stream, takes the rows that show most, and replaces names, ids, addresses, domains, tokens and times by stand-ins of the same form: the same value by the same stand-in everywhere, all times by one offset. Writes nothing while there is a field that it cannot classify, or while anything of the answers would be left.

Decide on a field with --allow or --as, or for good in cases/record.yaml of the integration.

Exit codes: 0 every stream asked for is recorded; 1 nothing is written because a field is not classified or something would leak, or a stream gave no row; 2 could not run (usage, descriptor, connection, credentials refused, a case of that name exists).`;

  static override examples = [
    {
      description: 'A case of one stream, into a folder to look at first:',
      command: '$ npx sluice record microsoft-entra-mfa --stream devices --sandbox --out recorded',
    },
    {
      description: 'Every stream that is on by default, for a machine:',
      command: '$ npx sluice record microsoft-entra-mfa --sandbox --case from-the-sandbox --out recorded --json',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
  };

  static override flags = {
    ...connectionFlags,
    stream: Flags.string({
      summary: 'Only this stream. Repeats. Default: every stream that is on by default.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    case: Flags.string({
      summary: 'Name of the case, words joined by hyphens. Default: recorded-on- and the date.',
      helpValue: 'NAME',
    }),
    limit: Flags.integer({
      summary: 'Rows in a case; those that differ most in shape are taken. Default: 5.',
      helpValue: 'N',
      min: 1,
      default: 5,
      noCacheDefault: true,
    }),
    pages: Flags.integer({
      summary: 'Pages read of a stream; the rows are chosen from all of them. Default: 1.',
      helpValue: 'N',
      min: 1,
      default: 1,
      noCacheDefault: true,
    }),
    allow: Flags.string({
      summary: 'A field that is kept as it is, by name or JSON Pointer with * for each item. Repeats. Default: none.',
      helpValue: 'FIELD',
      multiple: true,
      multipleNonGreedy: true,
    }),
    as: Flags.string({
      summary: 'A field and the kind of what it holds, for example room=name. Repeats. Default: none.',
      helpValue: 'FIELD=KIND',
      multiple: true,
      multipleNonGreedy: true,
    }),
    out: Flags.string({
      summary: 'Folder to write <stream>/<case>/ into. Default: cases/ of the integration.',
      helpValue: 'DIR',
    }),
    replace: Flags.boolean({ summary: 'Write over cases of the same name. Default: off.' }),
    'no-rate-limit': Flags.boolean({
      summary: "Do not pace by the descriptor's budgets (test servers). Default: off; implied by --sandbox.",
    }),
    ...sandboxFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Record);
    const { integration } = args;
    const places = this.places(flags);
    const caseName = flags.case ?? `recorded-on-${new Date().toISOString().slice(0, 10)}`;
    if (!/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(caseName)) {
      throw new Errors.CLIError('--case wants words joined by hyphens, for example --case guests-without-methods', {
        exit: 2,
      });
    }
    const decisions = {
      ...Object.fromEntries((flags.allow ?? []).map((field) => [field, 'word'])),
      ...decided(flags.as ?? []),
    };
    const signal = interruptSignal();
    const report = await withSource(flags, { places, integration }, connectionInput(flags), (connection) =>
      recordCases({
        places,
        integration,
        connection,
        caseName,
        decisions,
        limit: flags.limit,
        pages: flags.pages,
        replace: flags.replace,
        ...(flags.stream !== undefined && { streams: flags.stream }),
        ...(flags.out !== undefined && { outDir: flags.out }),
        pace: !flags['no-rate-limit'] && !flags.sandbox,
        signal,
      }),
    );
    if (flags.json) this.printJson(report);
    else this.say(describeRecording(report));
    process.exitCode = report.written && report.notRecorded.length === 0 ? 0 : 1;
  }
}

/** At the last `=`: a kind has none. */
function decided(pairs: readonly string[]): { [field: string]: string } {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.lastIndexOf('=');
      if (equals < 1) throw new Errors.CLIError('--as wants FIELD=KIND, for example --as room=name', { exit: 2 });
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

import { basename, join } from 'node:path';
import { Args, Errors, Flags } from '@oclif/core';
import { runIntegration, type RunRequest } from '../../engine/index.ts';
import { connectionFlags, connectionInput } from '../connection-flags.ts';
import { interruptSignal } from '../interrupt.ts';
import type { Progress } from '../print/progress.ts';
import { progressLines } from '../print/progress-lines.ts';
import { progressLive } from '../print/progress-live.ts';
import { describeRun } from '../print/run-summary.ts';
import { sandboxFlags, withSource } from '../sandbox-flags.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class Run extends SluiceCommand {
  static override summary = 'Fetch, map, check and deliver the streams of an integration, once.';

  static override usage = 'run INTEGRATION (--sandbox | --set KEY=VALUE... | --connection FILE) [FLAGS]';

  static override description =
    `Writes one NDJSON file of OCSF records a stream, rejected.ndjson and report.json. With --out - the records go to standard output, and the other files lie in the default folder. An answer of 429 is obeyed also without pacing.

Exit codes: 0 every requested stream complete and no record rejected; 1 finished, but a stream was denied, failed, retired or stopped early, or a record was rejected; 2 could not run (usage, descriptor, connection, credentials refused). Ctrl-C ends the run in order, with its report and exit code 1; a second Ctrl-C ends it at once.`;

  static override examples = [
    {
      description: 'Try a feed without an account, against its own stand-in vendor:',
      command: '$ npx sluice run microsoft-entra-mfa --sandbox',
    },
    {
      description: 'One stream as NDJSON into a pipe:',
      command: '$ npx sluice run microsoft-entra-mfa --sandbox --stream devices --out - | head -n 3',
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
      exclusive: ['all-streams'],
    }),
    'all-streams': Flags.boolean({
      summary: 'Every stream, also those off by default (retired, legacy). Default: off.',
    }),
    out: Flags.string({
      summary: 'Folder for the files, or - for records as NDJSON on standard output. Default: sluice-out/INTEGRATION.',
      helpValue: 'DIR',
    }),
    state: Flags.string({
      summary:
        'Folder that keeps where runs go on. Default: .sluice; none with --limit, and with --sandbox unless given.',
      helpValue: 'DIR',
    }),
    full: Flags.boolean({
      summary: 'Read every stream anew and replace its file, whatever the state says. Default: off.',
    }),
    'changes-only': Flags.boolean({
      summary:
        'Of streams that are read whole, deliver what is new, changed or removed since the last such run. Default: off.',
      exclusive: ['limit'],
    }),
    limit: Flags.integer({
      summary: 'At most N source records a stream; a stream cut short ends as stopped. Default: no limit.',
      helpValue: 'N',
      min: 1,
    }),
    'no-rate-limit': Flags.boolean({
      summary: "Do not pace by the descriptor's budgets (test servers). Default: off; implied by --sandbox.",
    }),
    workers: Flags.string({
      summary: 'Threads that map pages; auto starts some once a source is faster than one thread. Default: auto.',
      helpValue: 'auto|N',
      default: 'auto',
    }),
    ocsf: Flags.string({
      summary: "OCSF release of the records, for example 1.5.0. Default: the descriptor's.",
      helpValue: 'VERSION',
    }),
    ...sandboxFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Run);
    const recordsOnStdout = flags.out === '-';
    if (recordsOnStdout && flags.json) throw new Errors.CLIError(bothWantStdout, { exit: 2 });
    const workers = workerCount(flags.workers);

    const { integration } = args;
    const places = this.places(flags);
    const defaultDir = join('sluice-out', basename(integration));
    const dir = recordsOnStdout ? defaultDir : (flags.out ?? defaultDir);
    const progress = await this.progress(recordsOnStdout);
    const signal = interruptSignal();
    const report = await withSource(flags, { places, integration }, connectionInput(flags), (connection) =>
      runIntegration({
        places,
        integration,
        connection,
        ...(flags.stream !== undefined && { streams: flags.stream }),
        allStreams: flags['all-streams'],
        out: { dir, ...(recordsOnStdout && { records: process.stdout }) },
        ...(flags.limit !== undefined && { limit: flags.limit }),
        ...stateSettings(flags),
        pace: !flags['no-rate-limit'] && !flags.sandbox,
        ...(flags.ocsf !== undefined && { ocsfVersion: flags.ocsf }),
        workers,
        signal,
        onEvent: (event) => progress.show(event),
      }),
    ).finally(() => progress.end());

    if (flags.json) this.printJson(report);
    this.say(describeRun(report, { dir, recordsOnStdout }));
    process.exitCode = report.exitCode;
  }

  /** A moving picture needs a terminal to itself. */
  private async progress(recordsOnStdout: boolean): Promise<Progress> {
    const alone = process.stderr.isTTY && !(recordsOnStdout && process.stdout.isTTY);
    return alone ? progressLive() : progressLines((line) => this.say(line));
  }
}

function workerCount(text: string): number | 'auto' {
  if (text === 'auto') return text;
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= mostWorkers) return count;
  throw new Errors.CLIError(`--workers is auto or a number from 0 to ${mostWorkers}, not "${text}".`, { exit: 2 });
}

/** More than any machine runs at once for one source; each takes some 60 MB. */
const mostWorkers = 64;

/** A run with a limit is a look at a sample, and one against the sandbox a trial: neither moves a cursor unasked. */
function stateSettings(flags: {
  readonly state?: string | undefined;
  readonly full: boolean;
  readonly 'changes-only': boolean;
  readonly limit?: number | undefined;
  readonly sandbox: boolean;
}): Pick<RunRequest, 'state'> {
  if (flags['changes-only'] && flags.sandbox && flags.state === undefined)
    throw new Errors.CLIError(changesWantState, { exit: 2 });
  if (flags.limit !== undefined || (flags.sandbox && flags.state === undefined)) return {};
  // The sandbox listens on another port each time, and is the same tenant all the same.
  return {
    state: {
      dir: flags.state ?? '.sluice',
      full: flags.full,
      changesOnly: flags['changes-only'],
      ...(flags.sandbox && { connection: 'sandbox' }),
    },
  };
}

const changesWantState =
  '--changes-only compares with the last run, and --sandbox keeps nothing of it by itself. Give a folder with --state.';

const bothWantStdout =
  '--out - and --json both want standard output. Give --out a folder, or leave --json out: the report is also in report.json.';

import { Args, Errors, Flags } from '@oclif/core';
import { changeState, showState } from '../../engine/index.ts';
import { describeStandings } from '../print/state.ts';
import { list } from '../print/quantities.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class State extends SluiceCommand {
  static override summary = 'Show where the next run of an integration goes on, or move it.';

  static override usage = 'state INTEGRATION [reset | rewind --to TIME] [FLAGS]';

  static override description =
    `Without an action it shows each stream's cursor in words. "reset" forgets: the next run reads the stream anew and replaces its file. "rewind" moves a cursor back to a time; what is read again is delivered again.`;

  static override examples = [
    { description: 'Where the streams stand:', command: '$ npx sluice state microsoft-entra-mfa' },
    {
      description: 'Let one stream start anew:',
      command: '$ npx sluice state microsoft-entra-mfa reset --stream devices',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
    action: Args.string({ description: 'What to do; nothing only shows.', options: ['reset', 'rewind'] }),
  };

  static override flags = {
    state: Flags.string({ summary: 'Folder of the state. Default: .sluice.', helpValue: 'DIR', default: '.sluice' }),
    stream: Flags.string({
      summary: 'Only this stream. Repeats. Default: every stream of which there is state.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
    }),
    to: Flags.string({
      summary:
        'With rewind: the time to go back to, ISO 8601, such as 2026-03-01T00:00:00Z. Default: none; rewind needs it.',
      helpValue: 'TIME',
    }),
    'connection-id': Flags.string({
      summary: 'One connection, where there is state of several. Default: all to show, the only one to change.',
      helpValue: 'ID',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(State);
    const request = {
      places: this.places(flags),
      integration: args.integration,
      dir: flags.state,
      now: new Date(),
      ...(flags.stream !== undefined && { streams: flags.stream }),
      ...(flags['connection-id'] !== undefined && { connection: flags['connection-id'] }),
    };
    if (args.action === undefined) {
      if (flags.to !== undefined) throw new Errors.CLIError('--to goes with rewind.', { exit: 2 });
      const standings = await showState(request);
      if (flags.json) this.printJson(standings);
      else this.say(describeStandings(standings, request));
      return;
    }
    const changed = await changeState(
      request,
      args.action === 'reset' ? { kind: 'reset' } : { kind: 'rewind', to: timeOf(flags.to) },
    );
    if (flags.json) this.printJson({ action: args.action, streams: changed });
    else this.say(told(args.action, changed, flags.state));
  }
}

function timeOf(text: string | undefined): Date {
  const time = new Date(text ?? '');
  if (text === undefined || Number.isNaN(time.getTime()))
    throw new Errors.CLIError('rewind wants a time: --to 2026-03-01T00:00:00Z', { exit: 2 });
  if (time.getTime() > Date.now())
    throw new Errors.CLIError('--to lies in the future, and what comes until then would be lost.', { exit: 2 });
  return time;
}

function told(action: string, streams: readonly string[], dir: string): string {
  if (streams.length === 0) return `There is nothing to ${action} in ${dir}.`;
  const next = action === 'reset' ? 'The next run reads anew' : 'The next run goes on from there with';
  return `${next}: ${list(streams)}.`;
}

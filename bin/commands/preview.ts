import { Args, Flags } from '@oclif/core';
import {
  describeAttribute,
  EngineError,
  openPreview,
  type Places,
  type Preview as OpenedPreview,
  type PreviewedRecord,
  type PreviewRequest,
  shortPath,
} from '../../engine/index.ts';
import { connectionFlags, connectionInput } from '../connection-flags.ts';
import { type Failure, readFailure } from '../failure.ts';
import { interruptSignal } from '../interrupt.ts';
import { describeFailure } from '../print/failure.ts';
import { describePreview } from '../print/preview.ts';
import { betweenDrawings, describeWatch } from '../print/redraw.ts';
import { describeWhy } from '../print/why.ts';
import { sandboxFlags, withSource } from '../sandbox-flags.ts';
import { SluiceCommand } from '../sluice-command.ts';
import { watchFiles } from '../watch-files.ts';

export default class Preview extends SluiceCommand {
  static override summary =
    'Map one page of a stream and show, for each attribute, the line and the source it comes from; deliver nothing.';

  static override usage =
    'preview INTEGRATION STREAM (--source FILE | --sandbox | --set KEY=VALUE... | --connection FILE) [FLAGS]';

  static override description =
    `Each attribute stands with its line in the mapping and the source paths that went into it, "+" marks what the engine completed, "»" what another OCSF release changed.

Exit codes: 0 every record passes, or --watch was ended; 1 a record is rejected, or the source refused; 2 could not run (usage, descriptor, connection, credentials refused).`;

  static override examples = [
    {
      description: 'The first record of a page of the stand-in vendor:',
      command: '$ npx sluice preview microsoft-entra-mfa devices --sandbox --limit 1',
    },
    {
      description: 'Why an attribute is what it is; --source FILE takes a saved answer instead of asking the source:',
      command: '$ npx sluice preview microsoft-entra-mfa devices --sandbox --why /device/type_id',
    },
  ];

  static override args = {
    integration: Args.string({ description: 'Name of the integration; "sluice list" shows them.', required: true }),
    stream: Args.string({
      description: 'Name of the stream; "sluice explain INTEGRATION" shows them.',
      required: true,
    }),
  };

  static override flags = {
    ...connectionFlags,
    source: Flags.string({
      summary: 'A saved answer of the source (JSON) to map, instead of asking the source. Default: ask.',
      helpValue: 'FILE',
      exclusive: ['set', 'connection', 'sandbox'],
    }),
    limit: Flags.integer({
      summary: 'Records shown. Default: the whole page; 1 with --why and --watch.',
      helpValue: 'N',
      min: 1,
      exclusive: ['row'],
    }),
    row: Flags.integer({
      summary: 'Show only this row of the page, counted from 1. Default: as --limit says.',
      helpValue: 'N',
      min: 1,
    }),
    why: Flags.string({
      summary: 'Explain one attribute, a JSON Pointer such as /user/uid, instead of showing all. Default: show all.',
      helpValue: 'POINTER',
    }),
    watch: Flags.boolean({
      summary:
        'Draw anew whenever the mapping, descriptor or saved answer is saved, until Ctrl-C; with --json a line each time. Default: off.',
    }),
    ocsf: Flags.string({
      summary: "OCSF release of the records, for example 1.5.0. Default: the descriptor's.",
      helpValue: 'VERSION',
    }),
    'no-rate-limit': Flags.boolean({
      summary: "Do not pace by the descriptor's budgets (test servers). Default: off; implied by --sandbox.",
    }),
    ...sandboxFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Preview);
    const { integration, stream } = args;
    const places = this.places(flags);
    const signal = interruptSignal();
    const { source, row, why } = flags;
    if (why !== undefined && why !== '' && !why.startsWith('/')) this.error(notAPointer(why));
    const limit = flags.limit ?? (row === undefined && (flags.watch || why !== undefined) ? 1 : undefined);
    const show = async (records: readonly PreviewedRecord[]) =>
      why === undefined ? describePreview(records) : explain(places, records, why);
    await withSource(flags, { places, integration }, connectionInput(flags), async (connection) => {
      const request: PreviewRequest = {
        places,
        integration,
        stream,
        ...(source === undefined ? { connection } : { sourceFile: source }),
        ...(limit !== undefined && { limit }),
        ...(row !== undefined && { row }),
        ...(flags.ocsf !== undefined && { ocsfVersion: flags.ocsf }),
        pace: !flags['no-rate-limit'] && !flags.sandbox,
        signal,
      };
      const preview = await openPreview(request);
      if (flags.watch) return this.watch(preview, signal, flags.json, show);
      const records = await preview.map();
      if (flags.json) this.printJson(why === undefined ? records : records.map((record) => only(record, why)));
      else this.say(await show(records));
      process.exitCode = records.every(({ record }) => record !== undefined) ? 0 : 1;
    });
  }

  /** With `--json` each drawing is one line of standard output. */
  private async watch(
    preview: OpenedPreview,
    signal: AbortSignal,
    json: boolean,
    show: (records: readonly PreviewedRecord[]) => Promise<string>,
  ): Promise<void> {
    let before: readonly PreviewedRecord[] | undefined;
    await watchFiles(preview.files, signal, async () => {
      const drawn = await mapped(preview);
      if (json) process.stdout.write(`${JSON.stringify(drawn)}\n`);
      const text = 'records' in drawn ? await show(drawn.records) : describeFailure(drawn.error);
      const now = 'records' in drawn ? drawn.records : undefined;
      if (!json) this.say(`${betweenDrawings()}${text}\n\n${describeWatch(before, now, preview.files.map(shortPath))}`);
      before = now ?? before;
    });
    process.exitCode = 0;
  }
}

type Mapped = { readonly records: PreviewedRecord[] } | { readonly error: Failure };

/** What is wrong with the feed at the moment is shown like a result: the next save may mend it. */
async function mapped(preview: OpenedPreview): Promise<Mapped> {
  try {
    return { records: await preview.map() };
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    return { error: readFailure(cause, 'preview', []) };
  }
}

async function explain(places: Places, records: readonly PreviewedRecord[], pointer: string): Promise<string> {
  const told = records.map(async (previewed) => {
    return describeWhy({ previewed, pointer, described: await describeAttribute(places, previewed, pointer) });
  });
  return (await Promise.all(told)).join('\n\n');
}

/** The record with what there is to say about one attribute. */
function only(previewed: PreviewedRecord, pointer: string): PreviewedRecord {
  const isAsked = (one: { readonly pointer?: string }) =>
    one.pointer === pointer || one.pointer?.startsWith(`${pointer}/`) === true;
  const { attributes, leftOut, issues } = previewed;
  return {
    ...previewed,
    attributes: attributes.filter(isAsked),
    leftOut: leftOut.filter(isAsked),
    issues: issues.filter(isAsked),
  };
}

function notAPointer(given: string): string {
  const pointer = `/${given.replaceAll('.', '/').replaceAll(/\[(\d+)\]/g, '/$1')}`;
  return `--why takes a JSON Pointer, such as ${pointer}, and not "${given}".`;
}

import { join } from 'node:path';
import { Args, Flags } from '@oclif/core';
import {
  CannotRunError,
  newIntegration,
  newIntegrationChoices,
  type NewIntegrationRequest,
} from '../../engine/index.ts';
import { type Asked, askNewIntegration } from '../ask-new-integration.ts';
import { describeNewIntegration } from '../print/new-integration.ts';
import { SluiceCommand } from '../sluice-command.ts';

export default class New extends SluiceCommand {
  static override summary = 'Write the folder of a new integration, which passes validate and test at once.';

  static override description =
    `At a terminal it asks for what no flag says; elsewhere, and with --yes, the defaults stand. What cannot be known is invented: look for ".example" and "FILL IN". Nothing is ever overwritten.

Exit codes: 0 written, and valid; 1 written, but something is wrong with it; 2 could not run (usage, a name that cannot be, a folder that is there already, Ctrl-C at a question): nothing is written.`;

  static override examples = [
    {
      description: 'A folder my-feeds/acme, with all that is asked at a terminal given beforehand:',
      command:
        '$ npx sluice new acme --dir my-feeds --auth bearer --pagination cursor --stream people --class user_inventory --yes',
    },
    {
      description: 'Another class of another release, told to a machine:',
      command:
        '$ npx sluice new acme-alerts --dir my-feeds --stream alerts --class detection_finding --ocsf 1.8.0 --json',
    },
  ];

  static override args = {
    name: Args.string({
      description: 'Name of the integration and of its folder: small letters, digits and hyphens.',
      required: true,
    }),
  };

  static override flags = {
    dir: Flags.string({
      summary:
        'Folder that gets the new folder; made if missing. Default: the first --integrations, or else ./integrations.',
      helpValue: 'DIR',
    }),
    vendor: Flags.string({ summary: 'Name of the vendor. Default: NAME in words.', helpValue: 'TEXT' }),
    product: Flags.string({ summary: 'Name of the product. Default: the vendor.', helpValue: 'TEXT' }),
    'base-url': Flags.string({
      summary: 'Address before every path, https and without a query. Default: https://api.NAME.example.',
      helpValue: 'URL',
    }),
    auth: Flags.string({
      summary:
        'How requests are authorised: a kind of auth of the descriptor, such as api-key or basic. Default: bearer.',
      helpValue: 'KIND',
    }),
    stream: Flags.string({ summary: 'Name of the first stream. Default: people.', helpValue: 'NAME' }),
    path: Flags.string({
      summary: 'Path of the first stream, after the base URL. Default: /STREAM.',
      helpValue: 'PATH',
    }),
    pagination: Flags.string({
      summary: 'How it goes from page to page: a kind of pagination, such as next-link or offset. Default: cursor.',
      helpValue: 'KIND',
    }),
    class: Flags.string({
      summary: 'OCSF class of its records. Default: user_inventory; with --openapi by the names of the lists.',
      helpValue: 'CLASS',
    }),
    ocsf: Flags.string({ summary: 'OCSF release. Default: 1.5.0.', helpValue: 'VERSION' }),
    openapi: Flags.string({
      summary:
        'OpenAPI 3.0 or 3.1 document, JSON or YAML, to propose streams, shapes, paging and auth from. Default: none.',
      helpValue: 'FILE',
      exclusive: ['stream', 'path', 'pagination'],
    }),
    operation: Flags.string({
      summary:
        'Operation of the document to read, by operationId or "GET /path". Default: all that answer lists, at most 8.',
      helpValue: 'NAME',
      multiple: true,
      multipleNonGreedy: true,
      dependsOn: ['openapi'],
    }),
    yes: Flags.boolean({ char: 'y', summary: 'Ask nothing. Default: ask, if at a terminal and without --json.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(New);
    const { schemasDir } = this.places(flags);
    const said: NewIntegrationRequest = {
      name: args.name,
      dir: flags.dir ?? flags.integrations?.[0] ?? join(process.cwd(), 'integrations'),
      schemasDir,
      ...(flags.vendor !== undefined && { vendor: flags.vendor }),
      ...(flags.product !== undefined && { product: flags.product }),
      ...(flags['base-url'] !== undefined && { baseUrl: flags['base-url'] }),
      ...(flags.auth !== undefined && { auth: flags.auth }),
      ...(flags.pagination !== undefined && { pagination: flags.pagination }),
      ...(flags.stream !== undefined && { stream: flags.stream }),
      ...(flags.path !== undefined && { path: flags.path }),
      ...(flags.class !== undefined && { ocsfClass: flags.class }),
      ...(flags.ocsf !== undefined && { ocsfVersion: flags.ocsf }),
      ...(flags.openapi !== undefined && {
        openapi: { file: flags.openapi, ...(flags.operation !== undefined && { operations: flags.operation }) },
      }),
    };
    const asks = process.stdin.isTTY && process.stderr.isTTY && !flags.yes && !flags.json;
    const asked = asks ? await this.ask(said) : {};
    if (asked === undefined) return;
    const made = await newIntegration({ ...said, ...asked });
    if (flags.json) this.printJson(made);
    else this.say(describeNewIntegration(made, join(this.config.root, 'integrations')));
    const wrong = made.issues.some(({ severity }) => severity === 'error') || made.cases.some(({ passed }) => !passed);
    process.exitCode = wrong ? 1 : 0;
  }

  /** `undefined` on Ctrl-C. */
  private async ask(said: NewIntegrationRequest): Promise<Asked | undefined> {
    const choices = await newIntegrationChoices(said);
    const check = (answer: Asked) =>
      newIntegrationChoices({ ...said, ...answer }).then(
        () => true as const,
        (cause: unknown) => {
          if (!(cause instanceof CannotRunError)) throw cause;
          return `${cause.message} ${cause.hint ?? ''}`;
        },
      );
    try {
      return await askNewIntegration(said.name, said, choices, check, { input: process.stdin, output: process.stderr });
    } catch (cause) {
      if (!(cause instanceof Error) || cause.name !== 'ExitPromptError') throw cause;
      this.say('Stopped; nothing was written.');
      process.exitCode = 2;
      return undefined;
    }
  }
}

import { checkbox, input, search, select } from '@inquirer/prompts';
import type { Choice, NewIntegrationChoices, NewIntegrationRequest } from '../engine/index.ts';

/** What `sluice new` asks where no flag has said it. */
export type Asked = Pick<
  NewIntegrationRequest,
  'vendor' | 'product' | 'baseUrl' | 'auth' | 'pagination' | 'stream' | 'path' | 'ocsfClass' | 'openapi'
>;

/** The terminal: questions are for people, so they go to standard error. */
export type Terminal = { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };

/** Says what is wrong with an answer, or `true`. */
export type CheckAnswer = (answer: Asked) => Promise<string | true>;

/** Asks for what `said` leaves open; Enter takes what is proposed. Rejects with an `ExitPromptError` on Ctrl-C. */
export async function askNewIntegration(
  name: string,
  said: Asked,
  choices: NewIntegrationChoices,
  check: CheckAnswer,
  terminal: Terminal,
): Promise<Asked> {
  if (said.openapi !== undefined) return askOperations(said.openapi, choices, terminal);
  const { auth, pagination, classes, ocsfVersion } = choices;
  const text = (message: string, proposed: string, asAnswer: (value: string) => Asked = () => ({})) =>
    input({ message, default: proposed, validate: (value) => check(asAnswer(value)) }, terminal);
  const vendor = said.vendor ?? (await text('Vendor', capitalised(name.split('-')[0] ?? name)));
  const product = said.product ?? (await text('Product', vendor));
  const baseUrl =
    said.baseUrl ?? (await text('Base URL', `https://api.${name}.example`, (value) => ({ baseUrl: value })));
  const authKind = said.auth ?? (await choose('How are requests authorised?', auth, 'bearer', terminal));
  const stream =
    said.stream ??
    (await text('First stream, the name of a list at the source', 'people', (value) => ({ stream: value })));
  const path = said.path ?? (await text('Its path after the base URL', `/${stream}`));
  const paging = said.pagination ?? (await choose('How does it go from page to page?', pagination, 'cursor', terminal));
  const ocsfClass = said.ocsfClass ?? (await chooseClass(classes, ocsfVersion, terminal));
  return { vendor, product, baseUrl, auth: authKind, stream, path, pagination: paging, ocsfClass };
}

/** A document tells the rest. */
async function askOperations(
  openapi: NonNullable<Asked['openapi']>,
  { operations }: NewIntegrationChoices,
  terminal: Terminal,
): Promise<Asked> {
  if (openapi.operations !== undefined) return {};
  const chosen = await checkbox(
    {
      message: 'Which lists are to be streams?',
      required: true,
      choices: operations.map(({ operation, stream, ocsfClass, taken }) => ({
        value: operation,
        name: `${stream}  ${operation}`,
        short: stream,
        description: `As ${ocsfClass}.`,
        checked: taken,
      })),
    },
    terminal,
  );
  return { openapi: { ...openapi, operations: chosen } };
}

function choose(message: string, choices: readonly Choice[], proposed: string, terminal: Terminal): Promise<string> {
  return select({ message, default: proposed, choices: choices.map(asChoice) }, terminal);
}

function chooseClass(classes: readonly Choice[], ocsfVersion: string, terminal: Terminal): Promise<string> {
  return search(
    {
      message: `OCSF ${ocsfVersion} class of its records (type to search)`,
      source: (term = 'user_inventory') =>
        classes
          .filter(({ name, meaning }) => `${name} ${meaning}`.toLowerCase().includes(term.toLowerCase()))
          .map(asChoice),
    },
    terminal,
  );
}

function asChoice({ name, meaning }: Choice) {
  return { value: name, name, ...(meaning !== '' && { description: meaning }) };
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

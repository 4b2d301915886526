import { resolve } from 'node:path';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { loadRelease } from '../ocsf/release.ts';
import { type Kind, kindsOf } from '../scaffold/kinds.ts';
import { writeFeed } from '../scaffold/write-feed.ts';
import {
  defaultVersion,
  draftIntegration,
  type Drafted,
  type DraftRequest,
  type Proposed,
  readSchema,
} from './draft-integration.ts';
import { checkName, type Published, publishFolder, refuseExisting } from './publish-folder.ts';
import { schemaReference } from './schema-reference.ts';

export type NewIntegrationRequest = DraftRequest & {
  /** Gets the folder `name`; made if missing. */
  readonly dir: string;
};

export type NewIntegration = Published & {
  readonly integration: string;
  readonly streams: readonly { readonly stream: string; readonly class: string; readonly case: string }[];
  /** What could not be told, or was chosen, and why. */
  readonly notes: readonly string[];
  /** What was made of an OpenAPI document. */
  readonly proposed?: Proposed;
};

/**
 * Writes the folder of a new integration and validates and tests it. It appears whole or not at all, and never in place
 * of another.
 *
 * Throws a `CannotRunError`: `new/bad-name`, `new/bad-address`, `new/exists`, `new/write-failed`, and those of
 * {@link draftIntegration}.
 */
export async function newIntegration(request: NewIntegrationRequest): Promise<NewIntegration> {
  const { name, dir, schemasDir } = request;
  const folder = resolve(dir, name);
  const { feed, proposed } = await checkedDraft(request);
  const files = writeFeed(feed, await schemaReference(folder, schemasDir));
  const published = await publishFolder(folder, feed.name, files, schemasDir);
  return {
    integration: feed.name,
    ...published,
    streams: feed.streams.map(({ name: stream, ocsfClass, caseName }) => ({
      stream,
      class: ocsfClass.shape.name,
      case: caseName,
    })),
    notes: feed.notes,
    ...(proposed !== undefined && { proposed }),
  };
}

/** What `sluice new` lets an author choose from. */
export type NewIntegrationChoices = {
  readonly auth: readonly Choice[];
  readonly pagination: readonly Choice[];
  readonly classes: readonly Choice[];
  readonly ocsfVersion: string;
  /** The lists of an OpenAPI document; `taken` are those that stand unless told. */
  readonly operations: Proposed['streams'];
};

export type Choice = { readonly name: string; readonly meaning: string };

/**
 * The kinds of the descriptor's language, and the classes of a release that OCSF has not deprecated. Throws at once what
 * {@link newIntegration} would throw of the request as far as it goes.
 */
export async function newIntegrationChoices(request: NewIntegrationRequest): Promise<NewIntegrationChoices> {
  const { proposed } = await checkedDraft(request);
  const { schemasDir, ocsfVersion = defaultVersion } = request;
  const schema = await readSchema(schemasDir);
  const { classes } = await loadRelease(schemasDir, ocsfVersion);
  const asChoice = ({ kind, meaning }: Kind): Choice => ({ name: kind, meaning });
  return {
    auth: kindsOf(schema, 'auth').map(asChoice),
    pagination: kindsOf(schema, 'pagination').map(asChoice),
    classes: Object.entries(classes)
      .filter(([, { deprecated }]) => deprecated === undefined)
      .map(([name, { caption }]) => ({ name, meaning: caption })),
    ocsfVersion,
    operations: proposed?.streams ?? [],
  };
}

async function checkedDraft(request: NewIntegrationRequest): Promise<Drafted> {
  const { name, dir, stream, baseUrl } = request;
  checkName(name, 'integration');
  if (stream !== undefined) checkName(stream, 'stream');
  if (baseUrl !== undefined) checkBaseUrl(baseUrl);
  await refuseExisting(resolve(dir, name));
  return draftIntegration(request);
}

function checkBaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.search === '' && url.hash === '' && url.username === '' && url.password === '')
    return;
  throw new CannotRunError('new/bad-address', 'The base URL is no address of a source.', {
    hint: 'Write it as https://host or https://host/path, without a query and without credentials.',
  });
}

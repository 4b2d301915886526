import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { loadRelease } from '../ocsf/release.ts';
import type { FeedDraft } from '../scaffold/feed-draft.ts';
import { type Kind, kindsOf } from '../scaffold/kinds.ts';
import { type FeedFiles, writeFeed } from '../scaffold/write-feed.ts';
import {
  defaultVersion,
  draftIntegration,
  type Drafted,
  type DraftRequest,
  type Proposed,
  readSchema,
} from './draft-integration.ts';
import { validateIntegration } from './validate-integration.ts';
import type { CaseResult } from './requests.ts';
import { readGuide } from './read-guide.ts';
import { runCases } from './run-cases.ts';
import { schemaReference } from './schema-reference.ts';

export type NewIntegrationRequest = DraftRequest & {
  /** Gets the folder `name`; made if missing. */
  readonly dir: string;
};

export type NewIntegration = {
  readonly integration: string;
  readonly folder: string;
  /** Paths inside the folder. */
  readonly files: readonly string[];
  readonly streams: readonly { readonly stream: string; readonly class: string; readonly case: string }[];
  /** What could not be told, or was chosen, and why. */
  readonly notes: readonly string[];
  /** What was made of an OpenAPI document. */
  readonly proposed?: Proposed;
  /** What `validate` says of it. */
  readonly issues: readonly Issue[];
  /** What `test` says of it. */
  readonly cases: readonly CaseResult[];
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
  return { ...(await publish(feed, files, folder, schemasDir)), ...(proposed !== undefined && { proposed }) };
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

function checkName(name: string, what: 'integration' | 'stream'): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return;
  const meant = name
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  throw new CannotRunError('new/bad-name', `"${name}" cannot name ${what === 'stream' ? 'a' : 'an'} ${what}.`, {
    hint: `A name has small letters, digits and single hyphens, and begins with a letter${meant === '' ? '.' : `: "${meant}".`}`,
  });
}

function checkBaseUrl(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.search === '' && url.hash === '' && url.username === '' && url.password === '')
    return;
  throw new CannotRunError('new/bad-address', 'The base URL is no address of a source.', {
    hint: 'Write it as https://host or https://host/path, without a query and without credentials.',
  });
}

async function refuseExisting(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  throw new CannotRunError('new/exists', `${folder} is there already, and nothing is ever overwritten.`, {
    hint: 'Take another name, give another folder with --dir, or move the old one away.',
  });
}

/** Written beside its place, so that a folder under its own name is always whole. */
async function publish(feed: FeedDraft, files: FeedFiles, folder: string, schemasDir: string): Promise<NewIntegration> {
  const dir = dirname(folder);
  try {
    await mkdir(dir, { recursive: true });
    const aside = await mkdtemp(join(dir, '.sluice-new-'));
    try {
      const draftFolder = join(aside, feed.name);
      await writeFiles(draftFolder, files);
      // The mappings say what the cases expect.
      const places = { integrationsDirs: [aside], schemasDir };
      await runCases({ places, update: true });
      const guide = await readGuide(places, feed.name);
      await writeFile(guide.file, guide.markdown);
      await refuseExisting(folder);
      await rename(draftFolder, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return await described(feed, folder, schemasDir);
  } catch (cause) {
    if (cause instanceof CannotRunError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new CannotRunError('new/write-failed', `${folder} could not be written: ${cause.message}.`, {
      hint: 'Check that the folder may be written, or give another with --dir.',
      cause,
    });
  }
}

async function writeFiles(folder: string, files: FeedFiles): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();
}

/** Checks the new folder as `validate` and `test` do. */
async function described(feed: FeedDraft, folder: string, schemasDir: string): Promise<NewIntegration> {
  const places = { integrationsDirs: [dirname(folder)], schemasDir };
  const { issues } = await validateIntegration(places, feed.name);
  return {
    integration: feed.name,
    folder,
    files: await filesIn(folder),
    streams: feed.streams.map(({ name, ocsfClass, caseName }) => ({
      stream: name,
      class: ocsfClass.shape.name,
      case: caseName,
    })),
    notes: feed.notes,
    issues,
    cases: await runCases({ places, integrations: [feed.name] }),
  };
}

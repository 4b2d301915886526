import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseYaml } from '../descriptor/yaml-file.ts';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { loadRelease } from '../ocsf/release.ts';
import type { JsonObject } from '../records.ts';
import { draftFeed, type FeedAnswers } from '../scaffold/draft-feed.ts';
import type { FeedDraft } from '../scaffold/feed-draft.ts';
import { type Kind, kindsOf } from '../scaffold/kinds.ts';
import type { LaidOutClass } from '../scaffold/laid-out-class.ts';
import { draftApi } from '../scaffold/openapi/draft-api.ts';
import { type OpenDocument, openDocument } from '../scaffold/openapi/open-document.ts';
import { type Proposals, proposeStreams, type StreamProposal } from '../scaffold/openapi/propose-streams.ts';
import { laidOutClass } from './laid-out-class.ts';

/** What a new integration is drafted from. */
export type DraftRequest = FeedAnswers & {
  readonly name: string;
  readonly schemasDir: string;
  /** A kind of auth of the descriptor's language. Default: bearer, or what the OpenAPI document names. */
  readonly auth?: string;
  /** A kind of pagination. Default: cursor. With an OpenAPI document it is found for each stream. */
  readonly pagination?: string;
  /** An OCSF class. Default: user_inventory, or by the names of the streams. */
  readonly ocsfClass?: string;
  /** An OCSF release. Default: 1.5.0. */
  readonly ocsfVersion?: string;
  /** An OpenAPI 3.0 or 3.1 document, JSON or YAML, in place of `stream`, `path` and `pagination`. */
  readonly openapi?: {
    readonly file: string;
    /** By operationId, `GET /path` or `/path`. Default: all that answer lists, at most {@link mostStreams}. */
    readonly operations?: readonly string[];
  };
};

export type Drafted = { readonly feed: FeedDraft; readonly proposed?: Proposed };

/** What was made of an OpenAPI document. */
export type Proposed = {
  readonly streams: readonly (Pick<
    StreamProposal,
    'operation' | 'operationId' | 'stream' | 'ocsfClass' | 'why' | 'unsure'
  > & {
    readonly taken: boolean;
  })[];
  readonly passedOver: Proposals['passedOver'];
};

export const defaultVersion = '1.5.0';

/** More streams than a first look can take in; the others are named, to be asked for. */
const mostStreams = 8;

/** No honest OpenAPI document is larger. */
const mostBytes = 50_000_000;

/**
 * Drafts an integration. Throws a `CannotRunError`: `new/unknown-choice`, `new/not-openapi`, `new/unknown-operation`,
 * `descriptor/unknown-class`.
 */
export async function draftIntegration(request: DraftRequest): Promise<Drafted> {
  const { schemasDir, openapi, auth, ocsfVersion = defaultVersion } = request;
  const schema = await readSchema(schemasDir);
  const [auths, paginations] = [kindsOf(schema, 'auth'), kindsOf(schema, 'pagination')];
  const chosenAuth = kindNamed(auths, auth ?? 'bearer', 'auth');
  const chosenPagination = kindNamed(paginations, request.pagination ?? 'cursor', 'pagination');
  if (openapi === undefined) {
    const ocsfClass = await laidOutClass(schemasDir, ocsfVersion, request.ocsfClass ?? 'user_inventory');
    return {
      feed: draftFeed(request.name, request, { auth: chosenAuth, pagination: chosenPagination, schema }, ocsfClass),
    };
  }
  const document = await readOpenApi(openapi.file);
  const proposals = proposeStreams(document);
  const taken = takenOf(proposals, openapi.operations, openapi.file);
  const classes = await classesOf(request, taken);
  const classOf = ({ stream }: StreamProposal) => classes.get(stream) ?? missing(stream);
  const facts = { name: request.name, answers: request, file: openapi.file, auth };
  return {
    feed: draftApi(document, facts, taken, { auth: auths, pagination: paginations, schema }, classOf),
    proposed: {
      streams: proposals.streams.map((proposal) => reportOf(proposal, taken, classes.get(proposal.stream))),
      passedOver: proposals.passedOver,
    },
  };
}

export async function readSchema(schemasDir: string): Promise<JsonObject> {
  return JSON.parse(await readFile(join(schemasDir, 'descriptor.schema.json'), 'utf8')) as JsonObject; // our own file
}

function kindNamed(kinds: readonly Kind[], name: string, what: string): Kind {
  const found = kinds.find(({ kind }) => kind === name);
  if (found !== undefined) return found;
  const names = kinds.map(({ kind }) => kind);
  throw new CannotRunError('new/unknown-choice', `There is no ${what} kind "${name}".`, {
    hint: didYouMeanHint(name, names),
  });
}

async function readOpenApi(file: string): Promise<OpenDocument> {
  return openDocument(parsed(await readDocument(file), file), file);
}

async function readDocument(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size <= mostBytes) return await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CannotRunError('new/not-openapi', `${file} cannot be read: ${why}.`, {
      hint: 'Give the path of an OpenAPI document, JSON or YAML.',
    });
  }
  throw new CannotRunError('new/not-openapi', `${file} is larger than ${mostBytes} bytes.`, {
    hint: 'Give a document with fewer operations.',
  });
}

/** JSON is YAML, too, but a large document is read much faster as what it is. */
function parsed(text: string, file: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // A flow mapping of YAML begins like JSON.
    }
  }
  const { value, issues } = parseYaml(text, file);
  const [first] = issues;
  if (first === undefined) return value;
  throw new CannotRunError('new/not-openapi', `${file} does not parse: ${first.message}`, {
    hint: 'Mend it at the line shown, or give another document.',
    at: first.at,
  });
}

function takenOf(
  { streams, passedOver }: Proposals,
  asked: readonly string[] | undefined,
  file: string,
): StreamProposal[] {
  if (streams.length === 0) {
    throw new CannotRunError('new/not-openapi', `${file} has no GET operation that answers a list which can be read.`, {
      hint:
        passedOver[0] === undefined
          ? 'Go without --openapi.'
          : `${passedOver[0].operation}: ${passedOver[0].why}. Go without --openapi.`,
    });
  }
  if (asked === undefined || asked.length === 0) return streams.slice(0, mostStreams);
  return [...new Set(asked.map((name) => operationNamed(name, { streams, passedOver })))];
}

function operationNamed(name: string, { streams, passedOver }: Proposals): StreamProposal {
  const found = streams.find(({ operation, operationId }) =>
    [operationId, operation, operation.replace('GET ', '')].includes(name),
  );
  if (found !== undefined) return found;
  const passed = passedOver.find(({ operation }) => [operation, operation.replace('GET ', '')].includes(name));
  const known = streams.map(({ operation, operationId }) => operationId ?? operation);
  throw new CannotRunError(
    'new/unknown-operation',
    passed === undefined
      ? `The document has no operation "${name}" that answers a list.`
      : `${passed.operation} cannot be read: ${passed.why}.`,
    { hint: didYouMeanHint(name, known) },
  );
}

/** By stream; a class that the release does not have yet gives way to the base event. */
async function classesOf(
  { schemasDir, ocsfClass, ocsfVersion = defaultVersion }: DraftRequest,
  taken: readonly StreamProposal[],
) {
  const release = await loadRelease(schemasDir, ocsfVersion);
  const nameOf = (guess: string) => ocsfClass ?? (Object.hasOwn(release.classes, guess) ? guess : 'base_event');
  const classes = taken.map(async ({ stream, ocsfClass: guess }) => {
    return [stream, await laidOutClass(schemasDir, ocsfVersion, nameOf(guess))] as const;
  });
  return new Map(await Promise.all(classes));
}

function reportOf(proposal: StreamProposal, taken: readonly StreamProposal[], chosen: LaidOutClass | undefined) {
  const { operation, operationId, stream, ocsfClass, why, unsure } = proposal;
  return {
    operation,
    ...(operationId !== undefined && { operationId }),
    stream,
    ocsfClass: chosen?.shape.name ?? ocsfClass,
    why,
    unsure,
    taken: taken.includes(proposal),
  };
}

function missing(stream: string): never {
  throw new Error(`The class of ${stream} was not loaded.`);
}

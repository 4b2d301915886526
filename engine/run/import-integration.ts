import { basename, dirname, extname, resolve } from 'node:path';
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import { type Format, formats } from '../import/formats.ts';
import { importFile } from '../import/import-file.ts';
import type { Imported, ImportedStream } from '../import/imported.ts';
import { pointerKeys } from '../json-pointer.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import { titleOf } from '../scaffold/draft-feed.ts';
import { answerOf } from '../scaffold/draft-paging.ts';
import type { FeedDraft, PagingDraft, PropertyDraft, SourceShape, StreamDraft } from '../scaffold/feed-draft.ts';
import { asObject, kindsOf, textsOf } from '../scaffold/kinds.ts';
import type { LaidOutClass } from '../scaffold/laid-out-class.ts';
import { sampleRows } from '../scaffold/sample-row.ts';
import { writeFeed } from '../scaffold/write-feed.ts';
import { defaultVersion, readSchema } from './draft-integration.ts';
import { laidOutClass } from './laid-out-class.ts';
import { checkName, type Published, publishFolder, refuseExisting } from './publish-folder.ts';
import { schemaReference } from './schema-reference.ts';

export type ImportRequest = {
  readonly format: Format;
  readonly file: string;
  /** Gets the folder `name`; made if missing. */
  readonly dir: string;
  readonly schemasDir: string;
  /** Default: as the file is called. */
  readonly name?: string;
  readonly vendor?: string;
  /** An OCSF class for a stream; `*` for all that are not named. Default: base_event. */
  readonly classes?: { readonly [stream: string]: string };
  /** An OCSF release. Default: 1.5.0. */
  readonly ocsfVersion?: string;
};

export type ImportReport = Published & {
  readonly integration: string;
  readonly format: Format;
  readonly file: string;
  readonly streams: readonly { readonly stream: string; readonly class: string; readonly case: string }[];
  /** In the order of the file. */
  readonly findings: readonly Issue[];
  /** Whether all that the file says was carried. */
  readonly complete: boolean;
};

/**
 * Reads a file of another tool and writes the folder of an integration from it. It appears whole or not at all, and never
 * in place of another.
 *
 * Throws a `CannotRunError`: `import/unreadable`, `import/wrong-format`, `import/nothing-to-read`, `import/unknown-stream`,
 * `descriptor/unknown-class`, `new/bad-name`, `new/exists`, `new/write-failed`.
 */
export async function importIntegration(request: ImportRequest): Promise<ImportReport> {
  const { format, file, dir, schemasDir } = request;
  const name = request.name ?? nameFrom(file);
  checkName(name, 'integration');
  const folder = resolve(dir, name);
  await refuseExisting(folder);
  const { imported, findings } = await importFile(format, file);
  const feed = await draftOf(imported, findings, name, request);
  const published = await publishFolder(
    folder,
    name,
    writeFeed(feed, await schemaReference(folder, schemasDir)),
    schemasDir,
  );
  return {
    integration: name,
    format,
    file,
    streams: feed.streams.map(({ name: stream, ocsfClass, caseName }) => ({
      stream,
      class: ocsfClass.shape.name,
      case: caseName,
    })),
    findings,
    complete: !findings.some(({ code }) => code === 'import/not-carried' || code === 'import/secret-in-clear'),
    ...published,
  };
}

/** `source-acme/manifest.yaml` → `acme`; a file with a name of its own gives that. */
function nameFrom(file: string): string {
  const own = basename(file, extname(file));
  const told = /^(manifest|collector|maintemplate|.*pollingconfig|.*_?poller_?config|template|job|config)$/i.test(own)
    ? basename(dirname(resolve(file)))
    : own;
  return told
    .replace(/^source[-_]/i, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
}

async function draftOf(
  imported: Imported,
  findings: readonly Issue[],
  name: string,
  request: ImportRequest,
): Promise<FeedDraft> {
  const { schemasDir, format, file, ocsfVersion = defaultVersion } = request;
  const schema = await readSchema(schemasDir);
  const [auths, paginations] = [kindsOf(schema, 'auth'), kindsOf(schema, 'pagination')];
  const meaningOf = (kinds: typeof auths, kind: string) => kinds.find((one) => one.kind === kind)?.meaning ?? '';
  const classes = await classesOf(imported, request);
  const vendorName = request.vendor ?? imported.vendorName ?? titleOf(name);
  const { request: settings, retry, rateLimits } = imported;
  return {
    name,
    title: imported.title ?? titleOf(name),
    summary:
      imported.summary ??
      `The ${imported.streams.map((stream) => stream.name.replaceAll('-', ' ')).join(', ')} of ${vendorName}.`,
    vendorName,
    productName: imported.title ?? vendorName,
    ocsfVersion,
    baseUrl: imported.baseUrl,
    auth: { block: imported.auth, meaning: meaningOf(auths, imported.auth.kind), properties: propertiesOf(imported) },
    permissions: {},
    blocks: withoutAbsent({ request: settings, retry, rateLimits }),
    errors: imported.errors,
    links: imported.links,
    streams: imported.streams.map((stream) =>
      streamDraft(stream, meaningOf(paginations, stream.pagination.kind), classes.get(stream.name)),
    ),
    origin: `${basename(file)} (${formats[format].replace(/^an? /, '')})`,
    notes: findings.map(({ code, message, hint, at }) => {
      const place = at === undefined ? '' : `line ${at.line}, column ${at.column}: `;
      return `${headings[code] ?? code}, ${place}${message}${hint === undefined ? '' : ` ${hint}`}`;
    }),
  };
}

const headings: { readonly [code: string]: string } = {
  'import/not-carried': '**Not carried**',
  'import/secret-in-clear': '**Secret left out**',
  'import/carried-otherwise': 'Carried otherwise',
  'import/passed-over': 'Not needed',
};

function propertiesOf({ properties }: Imported): { [name: string]: PropertyDraft } {
  return { ...properties };
}

function withoutAbsent(blocks: { readonly [key: string]: JsonObject | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(blocks).filter((entry): entry is [string, JsonObject] => entry[1] !== undefined),
  );
}

async function classesOf(
  { streams }: Imported,
  { classes = {}, schemasDir, ocsfVersion = defaultVersion }: ImportRequest,
): Promise<ReadonlyMap<string, LaidOutClass>> {
  const names = streams.map(({ name }) => name);
  for (const asked of Object.keys(classes)) {
    if (asked === '*' || names.includes(asked)) continue;
    throw new CannotRunError('import/unknown-stream', `The file has no stream "${asked}".`, {
      hint: didYouMeanHint(asked, names),
    });
  }
  const laidOut = new Map<string, LaidOutClass>();
  for (const name of names) {
    laidOut.set(name, await laidOutClass(schemasDir, ocsfVersion, classes[name] ?? classes['*'] ?? 'base_event'));
  }
  return laidOut;
}

function streamDraft(stream: ImportedStream, meaning: string, ocsfClass: LaidOutClass | undefined): StreamDraft {
  if (ocsfClass === undefined) throw new Error(`The class of ${stream.name} was not loaded.`);
  const { name, summary, path, records, pagination, primaryKey, more } = stream;
  const source = shapeOf(stream);
  const rows = sampleRows(source);
  const paging: PagingDraft = {
    block: pagination,
    meaning,
    rowsAt: typeof records === 'string' ? records : '',
    beside: besideRows(pagination, rows.length),
  };
  // What a child's case holds is rows as they are mapped: with their parent, wherever they lay in the answer.
  const answer = more.parent === undefined ? answerFor(records, rows) : rows;
  return {
    name,
    summary,
    path,
    paging,
    permissions: [],
    primaryKey,
    ocsfClass,
    source,
    rows,
    caseName: 'whole-and-sparse',
    more,
    ...(typeof records !== 'string' && { records }),
    ...(answer !== undefined && { answer }),
  };
}

/** What the file tells of a row, or, where it tells nothing, the fields that something names. */
function shapeOf({ shape, primaryKey, more, path }: ImportedStream): SourceShape {
  const told = asObject(shape);
  const field = asObject(more.cursor).field;
  const times = typeof field === 'string' && /^\/[^/]+$/.test(field) ? pointerKeys(field) : [];
  const known = asObject(told.properties);
  const named = [...primaryKey, ...Object.keys(asObject(more.drop))].filter((one) => !one.endsWith('*'));
  const text: JsonObject = { type: 'string' };
  const properties: { [name: string]: JsonObject } = {
    ...Object.fromEntries([...(Object.keys(known).length === 0 ? ['id'] : []), ...named].map((one) => [one, text])),
    ...Object.fromEntries(times.map((one) => [one, { type: 'string', format: 'date-time' }])),
    ...Object.fromEntries(Object.entries(known).map(([key, value]) => [key, asObject(value)])),
    ...(more.parent === undefined ? {} : { parent: parentShape(JSON.stringify([path, more])) }),
  };
  const required = [
    ...new Set([...textsOf(told.required), ...primaryKey, ...(shape === undefined ? Object.keys(properties) : [])]),
  ];
  return { type: 'object', properties, required: required.filter((one) => one in properties) };
}

/** The fields of the parent that a request names. */
function parentShape(request: string): JsonObject {
  const fields = [...request.matchAll(/\{parent\.(\w+)/g)].map(([, field = '']) => field);
  const properties = Object.fromEntries(fields.map((field) => [field, { type: 'string' }]));
  return { type: 'object', properties, additionalProperties: true };
}

/** What an answer of one page holds beside its rows. */
function besideRows(block: JsonObject, rows: number): { [pointer: string]: JsonValue } {
  const beside: { [pointer: string]: JsonValue } = {};
  const put = (pointer: JsonValue | undefined, value: JsonValue) => {
    if (typeof pointer === 'string' && pointer !== '' && !/\/\d+(\/|$)/.test(pointer)) beside[pointer] = value;
  };
  if (block.kind === 'next-link' || block.kind === 'cursor') put(block.pointer, null);
  put(block.morePointer, false);
  put(block.totalPointer, rows);
  put(block.lastPagePointer, 1);
  return beside;
}

/** Rows that lie in a list inside another. */
function answerFor(records: ImportedStream['records'], rows: JsonObject[]): JsonValue | undefined {
  if (typeof records === 'string') return undefined;
  const at = (pointer: JsonValue | undefined, inner: readonly JsonObject[]) =>
    answerOf(
      { block: { kind: 'single-page' }, meaning: '', rowsAt: typeof pointer === 'string' ? pointer : '', beside: {} },
      inner,
    );
  const parent = at(records.items, rows);
  if (records.pointer === undefined || Array.isArray(parent)) return parent;
  return at(records.pointer, [asObject(parent)]);
}

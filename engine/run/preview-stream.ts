import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { resolveConnection } from '../descriptor/resolve-connection.ts';
import type { Stream } from '../descriptor/descriptor.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import { newTally } from '../fetch/ask-source.ts';
import { systemClock } from '../fetch/clock.ts';
import { readPages } from '../fetch/read-pages.ts';
import { splitRows } from '../fetch/split-rows.ts';
import { readTraceable, type TraceableMapping, traceMapping } from '../mapping/trace/trace-mapping.ts';
import { isJsonObject, type JsonValue, type Origin } from '../records.ts';
import { answerRecords } from './answer-records.ts';
import { originsOf } from './attribute-origins.ts';
import { classOf, variantsOf } from './dispatch.ts';
import { fieldDropper } from './drop-fields.ts';
import { findIntegration, type Integration, loadIntegration, streamNamed } from './integrations.ts';
import { readStreamMapping } from './read-stream-mapping.ts';
import { createRowMapper, type PageFacts, type RowMapper, type RunFacts } from './map-row.ts';
import { needingMapping } from './needing-mapping.ts';
import { openSource } from './open-source.ts';
import type { Preview, PreviewedRecord, PreviewRequest } from './requests.ts';
import { notAnObject } from './row-not-object.ts';
import { standInConnection } from './stand-in-connection.ts';

/** Maps one page of a stream, from the source or from a saved answer, and delivers nothing. */
export async function previewStream(request: PreviewRequest): Promise<PreviewedRecord[]> {
  return (await openPreview(request)).map();
}

/**
 * One page of a stream, to be mapped again and again while its descriptor and mapping change.
 *
 * With a connection the page is fetched here, once; a saved answer is read anew each time. A descriptor or mapping that
 * is unsound at the moment is thrown by `map` as a `CannotRunError` with its issues, and the next `map` may well work.
 */
export async function openPreview(request: PreviewRequest): Promise<Preview> {
  const folder = resolve(await findIntegration(request.places, request.integration));
  const facts = { runId: randomUUID(), startedAt: systemClock.now(), now: () => systemClock.now() };
  const { sourceFile, ocsfVersion } = request;
  const fetched = sourceFile === undefined ? await fetchPage(request) : undefined;
  return {
    files: sourceFile === undefined ? [folder] : [folder, resolve(sourceFile)],
    async map() {
      const integration = await loadIntegration(request.places, request.integration);
      const stream = streamNamed(integration.descriptor, request.stream);
      const page = fetched ?? (await savedPage(sourceFile ?? '', integration));
      const run: RunFacts = { ...facts, ...page.connection, ocsfVersion };
      return needingMapping(() => mapPage(integration, stream, page, run, request));
    },
  };
}

/** An answer as it came, and what a mapping sees of the connection. */
type AnsweredPage = PageFacts & {
  readonly body: JsonValue;
  readonly number: number;
  readonly requestId?: string;
  readonly connection: Pick<RunFacts, 'tenantUid' | 'connection'>;
};

async function fetchPage(request: PreviewRequest): Promise<AnsweredPage> {
  const { descriptor } = await loadIntegration(request.places, request.integration);
  const stream = streamNamed(descriptor, request.stream);
  const connection = await resolveConnection(descriptor, request.connection ?? { set: {}, env: {} });
  const source = openSource(descriptor, connection, { pace: request.pace, signal: request.signal });
  try {
    const pages = readPages(source.reading(stream, { tally: newTally(), signal: request.signal }));
    const { value: page } = await pages.next();
    await pages.return();
    // There is always a first page; what keeps it from coming is thrown.
    if (page === undefined) throw new Error('The source gave no page.');
    return { ...page, connection: { tenantUid: source.tenantUid, connection: connection.shown } };
  } finally {
    source.close();
  }
}

async function savedPage(path: string, { descriptor }: Integration): Promise<AnsweredPage> {
  return {
    body: await readAnswer(path),
    number: 1,
    receivedAt: systemClock.now(),
    url: '',
    connection: standInConnection(descriptor),
  };
}

async function mapPage(
  integration: Integration,
  stream: Stream,
  page: AnsweredPage,
  run: RunFacts,
  request: PreviewRequest,
): Promise<PreviewedRecord[]> {
  const variants = await loadVariants(integration, stream, request.places.schemasDir, run);
  const rows = chosenRows(splitRows(answerRecords(stream), page.body), request);
  const previewed: PreviewedRecord[] = [];
  for (const { source, row } of rows) {
    const origin = { integration: integration.descriptor.name, stream: stream.name, page: page.number, row };
    const { className, outcome } = await previewDispatched(source, origin, stream, variants, page);
    previewed.push({
      page: page.number,
      row,
      ...(page.requestId !== undefined && { requestId: page.requestId }),
      source,
      ...outcome,
      dropped: droppedFrom(source, stream.drop),
      ocsf: { version: run.ocsfVersion ?? stream.ocsf.version, class: className },
    });
  }
  return previewed;
}

type Variant = { readonly mapping: TraceableMapping; readonly mapper: RowMapper };

/** A stream's mapping and class; of one with several classes, each of them by its name. */
async function loadVariants(
  integration: Integration,
  stream: Stream,
  schemasDir: string,
  run: RunFacts,
): Promise<ReadonlyMap<string, Variant>> {
  const variants = new Map<string, Variant>();
  for (const variant of variantsOf(stream)) {
    const mapper = await createRowMapper(integration, variant, schemasDir, run);
    const { text, file } = await readStreamMapping(integration.folder, variant);
    variants.set(variant.ocsf.class, { mapper, mapping: readTraceable(text, file) });
  }
  return variants;
}

/** A mapping that gives nothing declines the row, as in a run. */
async function previewDispatched(
  source: JsonValue,
  origin: Origin,
  { dispatch, ocsf }: Stream,
  variants: ReadonlyMap<string, Variant>,
  page: PageFacts,
): Promise<{ readonly className: string; readonly outcome: Previewed }> {
  const named = dispatch === undefined || !isJsonObject(source) ? ocsf.class : classOf(dispatch, source);
  for (const className of new Set([named, ocsf.class])) {
    const variant = variants.get(className);
    if (variant === undefined) continue;
    const outcome = await previewRow(source, origin, variant.mapping, variant.mapper, page);
    const declined = outcome.issues.some(({ code }) => code === 'mapping/no-record');
    if (!declined || className === ocsf.class) return { className, outcome };
  }
  throw new Error(`The stream has no mapping for the class ${ocsf.class}.`);
}

type Row = { readonly source: JsonValue; readonly row: number };

function chosenRows(rows: readonly JsonValue[], { row, limit }: PreviewRequest): Row[] {
  const numbered = rows.map((source, index) => ({ source, row: index + 1 }));
  if (row === undefined) return numbered.slice(0, limit);
  const chosen = numbered.filter((each) => each.row === row);
  if (chosen.length > 0) return chosen;
  throw new CannotRunError('run/usage', `The page has no row ${row}; it has ${rows.length}.`, {
    hint: 'Rows are counted from 1.',
  });
}

type Previewed = Pick<PreviewedRecord, 'record' | 'draft' | 'issues' | 'attributes' | 'leftOut' | 'sharedFile'>;

async function previewRow(
  source: unknown,
  origin: Origin,
  mapping: TraceableMapping,
  mapper: RowMapper,
  page: PageFacts,
): Promise<Previewed> {
  const body = mapper.clean(source);
  if (body === undefined) return { issues: notAnObject(source, origin).issues, attributes: [], leftOut: [] };
  const trace = await traceMapping(
    mapping,
    body,
    mapper.bindings(origin, { ...page, removed: mapper.isRemoved(source) }),
  );
  if (trace.failure !== undefined) return { issues: [trace.failure.issue], attributes: [], leftOut: [] };
  const examination = mapper.examine(trace.value, body, origin, page);
  const { record, attributes, leftOut } = originsOf(trace, examination);
  const { file } = mapping;
  const told = {
    attributes,
    leftOut,
    ...(typeof file !== 'string' && file.startsAt > 0 && { sharedFile: file.shared }),
  };
  const { outcome } = examination;
  if (outcome.kind === 'accepted') return { record: outcome.record, issues: outcome.warnings, ...told };
  return { ...(record !== undefined && { draft: record }), issues: outcome.issues, ...told };
}

function droppedFrom(source: JsonValue, drop: Stream['drop']): { readonly [field: string]: string } {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return {};
  const kept = fieldDropper(drop)(source);
  const dropped = Object.keys(source).filter((field) => !Object.hasOwn(kept, field));
  return Object.fromEntries(dropped.map((field) => [field, reasonFor(field, drop)]));
}

/** A key of `drop` may end in a star. */
function reasonFor(field: string, drop: Stream['drop']): string {
  const fitting = Object.keys(drop).find((key) => key.endsWith('*') && field.startsWith(key.slice(0, -1)));
  return drop[field] ?? (fitting === undefined ? '' : (drop[fitting] ?? ''));
}

async function readAnswer(path: string): Promise<JsonValue> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JsonValue; // what JSON.parse gives is JSON
  } catch (cause) {
    throw new CannotRunError(
      'fetch/not-json',
      `${path} is no readable JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        hint: 'Give an answer of the vendor, saved as it was sent.',
      },
    );
  }
}

import type { Stream } from '../descriptor/descriptor.ts';
import { atPointer } from '../json-pointer.ts';
import type { Bindings, Mapping } from '../mapping/load-mapping.ts';
import { MappingFailure } from '../mapping/mapping-failure.ts';
import { createRecordChecker, type Examination } from '../ocsf/check-record.ts';
import type { RecordContext } from '../ocsf/complete-record.ts';
import { isJsonObject, type JsonObject, type Origin, type Outcome } from '../records.ts';
import { prepareClass } from '../ocsf/prepare-class.ts';
import { classOf, variantsOf } from './dispatch.ts';
import { fieldDropper } from './drop-fields.ts';
import type { Integration } from './integrations.ts';
import { loadStreamMapping } from './load-stream-mapping.ts';
import { recordUid, rowKey } from './record-identity.ts';
import { keyHash } from './seen-keys.ts';

/** Turns the rows of one stream into outcomes, one at a time. */
export type RowMapper = {
  /** The row without the fields the stream drops; `undefined` for what is no JSON object. */
  clean(row: unknown): JsonObject | undefined;
  /** The hash of what tells the cleaned row from the others of the stream. */
  key(body: JsonObject): bigint;
  /** Whether the row, as sent, says that its entity is gone. */
  isRemoved(row: unknown): boolean;
  /** Maps, completes and checks a cleaned row. Never throws for what is wrong with the row. */
  map(body: JsonObject, origin: Origin, page: RowFacts): Promise<Outcome>;
  /** What the mapping sees beside the row. */
  bindings(origin: Origin, page: RowFacts): Bindings;
  /** Completes and checks what a mapping gave for a cleaned row, and tells how the record came about. */
  examine(candidate: unknown, body: JsonObject, origin: Origin, page: PageFacts): Examination;
};

export type PageFacts = { readonly receivedAt: Date; readonly url: string };

/** What is told of a row beside its content. */
export type RowFacts = PageFacts & { readonly removed?: boolean };

/** What is the same for all records of a run. */
export type RunFacts = {
  readonly runId: string;
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly tenantUid: string | undefined;
  /** The operator's connection, without secrets. */
  readonly connection: { readonly [property: string]: string | number | boolean };
  readonly ocsfVersion?: string | undefined;
};

/** Loads the stream's mapping and class (of each class that it gives); mistakes in them are thrown before any row is read. */
export async function createRowMapper(
  integration: Integration,
  stream: Stream,
  schemasDir: string,
  run: RunFacts,
): Promise<RowMapper> {
  const { dispatch } = stream;
  if (dispatch === undefined) return mapperOf(integration, stream, schemasDir, run);
  const mappers = new Map<string, RowMapper>();
  for (const variant of variantsOf(stream))
    mappers.set(variant.ocsf.class, await mapperOf(integration, variant, schemasDir, run));
  const otherwise = mappers.get(dispatch.otherwise) ?? (await mapperOf(integration, stream, schemasDir, run));
  return {
    ...otherwise,
    async map(body, origin, page) {
      const chosen = mappers.get(classOf(dispatch, body)) ?? otherwise;
      const outcome = await chosen.map(body, origin, page);
      return chosen !== otherwise && isDeclined(outcome) ? otherwise.map(body, origin, page) : outcome;
    },
  };
}

/** A mapping that gives nothing for a row says that the row is not of its class. */
function isDeclined(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && outcome.issues.some(({ code }) => code === 'mapping/no-record');
}

async function mapperOf(
  integration: Integration,
  stream: Stream,
  schemasDir: string,
  run: RunFacts,
): Promise<RowMapper> {
  const { descriptor, folder } = integration;
  const mapping = await loadStreamMapping(folder, stream);
  const checker = await createRecordChecker({
    schemasDir,
    nativeVersion: stream.ocsf.version,
    targetVersion: run.ocsfVersion ?? stream.ocsf.version,
    className: stream.ocsf.class,
    profiles: stream.ocsf.profiles,
  });
  const { plan } = await prepareClass(schemasDir, stream.ocsf.version, stream.ocsf.class, stream.ocsf.profiles);
  const isDiscovery = plan.facts.category_uid === 5;
  const drop = fieldDropper(stream.drop);
  const { logProvider, ...product } = descriptor.product;
  const defaultTimeMs = run.startedAt.getTime();
  const ofStream = { ...product, version: stream.apiVersion, feature: stream.feature };
  const collection = logName(stream);
  // Written out: an object with others spread into it takes V8 a hundred times as long, which at one a record tells.
  const context = (body: JsonObject, origin: Origin, page: PageFacts): RecordContext => ({
    origin,
    uid: recordUid(descriptor.name, run.tenantUid, stream.name, body),
    defaultTimeMs,
    loggedTimeMs: page.receivedAt.getTime(),
    processedTimeMs: run.now().getTime(),
    correlationUid: run.runId,
    tenantUid: run.tenantUid,
    product: ofStream,
    logProvider,
    logName: collection,
    logVersion: stream.apiVersion,
    eventCode: stream.eventCode,
    labels: origin.derivedFrom === undefined ? noLabels : ['derived'],
  });
  return {
    clean: (row) => (isJsonObject(row) ? drop(row) : undefined),
    isRemoved: (row) => marksRemoved(stream, row),
    // With a cursor a row that comes again is known by its content: unchanged it is a duplicate, changed it is news.
    key: (body) => keyHash(rowKey(stream.cursor === undefined ? stream.primaryKey : [], body)),
    async map(body, origin, page) {
      const candidate = await mapped(mapping, body, bindingsOf(stream, origin, page, run));
      if (candidate instanceof MappingFailure) return { kind: 'rejected', origin, issues: [candidate.issue] };
      return checker.check(
        page.removed === true && isDiscovery ? asRemoved(candidate) : candidate,
        context(body, origin, page),
      );
    },
    bindings: (origin, page) => bindingsOf(stream, origin, page, run),
    examine: (candidate, body, origin, page) => checker.examine(candidate, context(body, origin, page)),
  };
}

const noLabels: readonly string[] = [];

async function mapped(mapping: Mapping, body: JsonObject, bindings: Bindings): Promise<unknown> {
  try {
    return await mapping.evaluate(body, bindings);
  } catch (cause) {
    if (cause instanceof MappingFailure) return cause;
    throw cause;
  }
}

/** What a mapping sees beside its row; `integrations/README.md` lists it for authors. */
function bindingsOf(stream: Stream, origin: Origin, page: RowFacts, run: RunFacts): Bindings {
  return {
    connection: run.connection,
    stream: {
      name: stream.name,
      path: logName(stream),
      apiVersion: stream.apiVersion,
      url: page.url,
      derived: origin.derivedFrom !== undefined,
      removed: page.removed ?? false,
    },
    ingestedAt: page.receivedAt.getTime(),
    runStartedAt: run.startedAt.getTime(),
  };
}

/** OCSF's discovery classes have no activity for an entity that is gone: it is told as Other, in our word. */
function asRemoved(candidate: unknown): unknown {
  if (!isJsonObject(candidate) || candidate['activity_id'] !== collect) return candidate;
  return { ...candidate, activity_id: 99, activity_name: 'Removed' };
}

/** The activity Collect of every discovery class; what a mapping says of removal in other words stays. */
const collect = 2;

function marksRemoved({ cursor }: Stream, row: unknown): boolean {
  if (cursor?.kind !== 'delta-link' || cursor.removed === undefined || !isJsonObject(row)) return false;
  return atPointer(row, cursor.removed) !== undefined;
}

/** The collection read: the path without its leading slash and without function parameters. */
function logName({ request, name }: Stream): string {
  return request === undefined ? name : request.path.replace(/^\//, '').replace(/\([^)]*\)$/, '');
}

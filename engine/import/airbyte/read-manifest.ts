import type { YamlFile } from '../../descriptor/yaml-file.ts';
import { pointerKeys, withValueAt } from '../../json-pointer.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import type { Found } from '../assemble.ts';
import { type Connection, gatherConnection } from '../connection.ts';
import { type AddressedStream, type AuthBlock, filled, type Sent } from '../imported.ts';
import { inside, isThere, itemsOf, lost, needless, numberOf, pass, type Place, textOf } from '../place.ts';
import { streamNamer } from '../stream-names.ts';
import type { Scope } from './jinja.ts';
import { readAuth } from './read-auth.ts';
import { type Budgets, readBudget } from './read-budget.ts';
import { readIncremental } from './read-cursor.ts';
import { emptyErrorBook, type ErrorBook, readErrorHandler } from './read-errors.ts';
import { readJob } from './read-job.ts';
import { readPaging } from './read-paging.ts';
import { type Partition, readPartitions } from './read-partitions.ts';
import { readDecoders, readPrimaryKey, readRecords, readTransformations } from './read-records.ts';
import { readRequester } from './read-requester.ts';
import { readSchema } from './read-schema.ts';
import { readSpec } from './read-spec.ts';
import { resolveManifest } from './resolve-manifest.ts';

/**
 * An Airbyte low-code manifest: a declarative source of streams, each with a retriever.
 *
 * @see airbytehq/airbyte-python-cdk, airbyte_cdk/sources/declarative/declarative_component_schema.yaml
 */
export function readManifest(file: YamlFile): Found {
  const root = resolveManifest(file);
  const connection = gatherConnection();
  const { links } = readSpec(inside(root, 'spec'), connection);
  passOver(root);
  const level = inside(root, 'concurrency_level');
  const concurrency = numberOf(inside(level, 'default_concurrency'));
  if (isThere(level)) pass(level);
  const budgets = readBudget(inside(root, 'api_budget'), concurrency);
  if (concurrency !== undefined && Object.keys(budgets.limits).length === 0) {
    needless(level, 'Without a budget the engine decides how many streams it reads at once.');
  }
  const errors = emptyErrorBook();
  for (const status of budgets.throttling) {
    errors.rules.push({
      status: [status],
      means: 'throttled',
      message: 'The budget of requests is used up.',
      hint: 'Ask for less at once, or for a larger budget at the vendor.',
    });
  }
  const work: Work = { root, connection, budgets, errors, auths: [], namer: streamNamer(), streams: new Map() };
  const listed = streamsOf(root);
  for (const stream of listed) addStream(stream, work);
  const streams = [...work.streams.values()].flatMap(({ made }) => made);
  const auth = oneAuth(work);
  return {
    about: {
      ...aboutText(root),
      links,
    },
    connection,
    ...(auth !== undefined && { auth }),
    ...(Object.keys(budgets.limits).length > 0 && { rateLimits: budgets.limits }),
    ...retryOf(errors),
    errors: { code: errors.codePointers, message: [], rules: errors.rules },
    streams,
    root,
  };
}

function aboutText(root: Place): { summary?: string } {
  const description = textOf(inside(root, 'description'))?.replace(/\s+/g, ' ').trim();
  return description === undefined || description === '' ? {} : { summary: description };
}

/** What a manifest holds that is not about reading a source. */
function passOver(root: Place): void {
  pass(root, 'type', 'version', 'definitions', 'schemas', 'metadata', 'description', 'max_concurrent_async_job_count');
  const check = inside(root, 'check');
  if (isThere(check)) needless(check, '"check" is not needed: sluice check probes every stream.');
  for (const stream of itemsOf(inside(root, 'dynamic_streams'))) {
    lost(stream, 'Streams that are only known at run time have no equivalent.', 'Write each of them as a stream.');
  }
}

function streamsOf(root: Place): Place[] {
  return itemsOf(inside(root, 'streams')).flatMap((stream) => {
    const type = textOf(inside(stream, 'type'));
    if (type === 'StateDelegatingStream') {
      lost(
        inside(stream, 'full_refresh_stream'),
        'Another request for the first run has no equivalent; only the incremental stream is carried.',
      );
      pass(stream, 'name');
      return [inside(stream, 'incremental_stream')];
    }
    if (type !== 'ConditionalStreams') return [stream];
    lost(
      inside(stream, 'condition'),
      'A condition for streams has no equivalent; they are always there.',
      'A run takes --stream; "default: off" leaves one out.',
    );
    return itemsOf(inside(stream, 'streams'));
  });
}

type Work = {
  readonly root: Place;
  readonly connection: Connection;
  readonly budgets: Budgets;
  readonly errors: ErrorBook;
  readonly auths: { readonly place: Place; readonly block: AuthBlock | undefined }[];
  readonly namer: (name: string) => string;
  /** By the manifest's own name. */
  readonly streams: Map<string, { readonly name: string; readonly made: AddressedStream[] }>;
};

/** The name that other streams know it by. */
function addStream(place: Place, work: Work): string {
  const own = textOf(inside(place, 'name')) ?? 'stream';
  const known = work.streams.get(own);
  if (known !== undefined) {
    pass(place);
    return known.name;
  }
  const entry = { name: work.namer(own), made: [] as AddressedStream[] };
  work.streams.set(own, entry);
  const retriever = inside(place, 'retriever');
  const partitions = readPartitions(inside(retriever, 'partition_router'));
  partitions.forEach((partition) => {
    const name = partition.suffix === undefined ? entry.name : work.namer(`${entry.name}-${partition.suffix}`);
    entry.made.push(makeStream(place, retriever, name, partition, work));
  });
  passStreamKeys(place, retriever);
  return entry.name;
}

function passStreamKeys(place: Place, retriever: Place): void {
  const migrations = inside(place, 'state_migrations');
  if (isThere(migrations)) needless(migrations, 'State of the other tool is not taken over.');
  const uploader = inside(place, 'file_uploader');
  if (isThere(uploader)) lost(uploader, 'Files beside the rows have no equivalent.');
  pass(retriever, 'ignore_stream_slicer_parameters_on_paginated_requests');
  const reset = inside(retriever, 'pagination_reset');
  if (isThere(reset))
    lost(
      reset,
      'Paging that begins anew after so many rows has no equivalent.',
      '"ceiling" of a time cursor halves a span that gives too many rows.',
    );
}

function makeStream(place: Place, retriever: Place, name: string, partition: Partition, work: Work): AddressedStream {
  const type = textOf(inside(retriever, 'type')) ?? 'SimpleRetriever';
  const isJob = type === 'AsyncRetriever';
  if (type !== 'SimpleRetriever' && !isJob) {
    lost(
      retriever,
      `The retriever ${type} is code of its own and has no equivalent.`,
      'Give the stream its path and paging yourself.',
    );
  }
  const requester = inside(retriever, isJob ? 'creation_requester' : 'requester');
  const incremental = readIncremental(inside(place, 'incremental_sync'), usesInterval(requester), work.connection);
  const scope: Scope = { connection: work.connection, interval: incremental.interval, partition: partition.values };
  const request = readRequester(requester, scope);
  work.auths.push({
    place: inside(requester, 'authenticator'),
    block: readAuth(inside(requester, 'authenticator'), scope),
  });
  readErrorHandler(inside(requester, 'error_handler'), work.errors);
  const paging = isJob ? undefined : readPaging(inside(retriever, 'paginator'), request);
  const decode = readDecoders(inside(retriever, isJob ? 'download_decoder' : 'decoder'));
  if (isJob) pass(retriever, 'decoder', 'download_extractor');
  const records = readRecords(inside(retriever, 'record_selector'));
  const drop = readTransformations(inside(place, 'transformations'));
  const added = { ...partition.body, ...incremental.body, ...paging?.body };
  const body = withFields(request.body, added, requester);
  const rateLimit = work.budgets.nameFor(request.method ?? 'GET', request.address);
  const parent =
    partition.parent === undefined
      ? undefined
      : { stream: addStream(partition.parent.place, work), ...partition.parent.block };
  const shape = readSchema(inside(place, 'schema_loader'));
  return {
    name,
    summary: `One row of ${name.replaceAll('-', ' ')}.`,
    address: request.address,
    addressPlace: request.addressPlace,
    query: { ...request.query, ...sentFrom({ ...partition.query, ...paging?.query }, requester) },
    headers: request.headers,
    ...(body !== undefined && { body }),
    records,
    pagination: isJob ? readJob(retriever, scope) : (paging?.block ?? { kind: 'single-page' }),
    primaryKey: readPrimaryKey(inside(place, 'primary_key')),
    more: filled({
      method: request.method,
      decode: decode.length > 0 ? decode : undefined,
      cursor: withQuery(incremental.cursor, incremental.query),
      parent,
      rateLimit,
      drop: Object.keys(drop).length > 0 ? drop : undefined,
    }),
    ...(shape !== undefined && { shape }),
  };
}

/** Whether a request asks for the span of time by an expression of its own. */
function usesInterval({ value }: Place): boolean {
  return /stream_interval|stream_(slice|partition)(\.|\[\s*\\?['"])(start|end)/.test(JSON.stringify(value ?? ''));
}

function withQuery(cursor: JsonObject | undefined, query: { readonly [name: string]: string }): JsonObject | undefined {
  if (cursor === undefined || Object.keys(query).length === 0) return cursor;
  const { kind, lookback, ...rest } = cursor;
  return filled({ kind, lookback, query: { ...query }, ...rest });
}

function sentFrom(query: { readonly [name: string]: string }, place: Place): Sent {
  return Object.fromEntries(Object.entries(query).map(([name, text]) => [name, { text, place }]));
}

/** Fields that something beside the requester puts into its body, by JSON Pointer. */
function withFields(
  body: AddressedStream['body'],
  fields: { readonly [pointer: string]: string | number },
  place: Place,
): AddressedStream['body'] {
  if (Object.keys(fields).length === 0) return body;
  const form = body?.block.form;
  if (isJsonObject(form)) {
    const named = Object.entries(fields).map(([pointer, value]): [string, string] => [
      pointer.replace(/^\//, ''),
      String(value),
    ]);
    return { block: { form: { ...form, ...Object.fromEntries(named) } }, place };
  }
  let json: JsonValue = isJsonObject(body?.block.json) ? body.block.json : {};
  for (const [pointer, value] of Object.entries(fields)) json = withValueAt(json, pointerKeys(pointer), value);
  return { block: { json }, place: body?.place ?? place };
}

function oneAuth({ auths }: Work): AuthBlock | undefined {
  const [first] = auths;
  for (const { place, block } of auths.slice(1)) {
    if (JSON.stringify(block) === JSON.stringify(first?.block)) continue;
    lost(
      place,
      'This stream authorises itself in another way than the first, which is not carried.',
      'An integration has one auth: give the stream an integration of its own.',
    );
  }
  return first?.block;
}

function retryOf({ maxTries, baseDelayMs, maxDelayMs, statuses, after }: ErrorBook): { retry?: JsonObject } {
  const usual = [408, 429, 500, 502, 503, 504, 509];
  const further = [...statuses].filter((status) => !usual.includes(status));
  const retry = filled({
    maxTries,
    baseDelayMs,
    maxDelayMs,
    statuses: further.length > 0 ? [...usual, ...further].sort((one, other) => one - other) : undefined,
    after: after.length > 0 ? after : undefined,
  });
  return Object.keys(retry).length === 0 ? {} : { retry };
}

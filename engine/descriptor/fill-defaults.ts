import type {
  Auth,
  Batch,
  ConnectionProperty,
  Cursor,
  Decoder,
  Derive,
  Dispatch,
  Descriptor,
  ErrorCatalogue,
  ErrorReading,
  ErrorRule,
  Hydrate,
  Job,
  Pagination,
  Parent,
  Permission,
  RateLimit,
  Records,
  RequestBody,
  Setup,
  Stream,
  StreamRequest,
  UsualMistake,
} from './descriptor.ts';
import type { JsonObject, JsonValue } from '../records.ts';
import { parseDuration } from './duration.ts';

/** What fits no class is told all the same. */
const defaultClass = 'base_event';

/** Seconds a token lives where nobody says. */
const usualTokenLifetimeSeconds = 3600;

/** The shape of a descriptor file that passed `schemas/descriptor.schema.json`: what an author may leave out is optional. */
export type RawDescriptor = Pick<
  Descriptor,
  'formatVersion' | 'name' | 'title' | 'summary' | 'product' | 'tenantUid' | 'baseUrl'
> & {
  links?: Descriptor['links'];
  ocsf: { version: string; profiles?: string[] };
  connection: {
    required?: string[];
    anyOf?: { required: string[] }[];
    properties: { [name: string]: RawProperty };
  };
  auth: RawAuth | RawAuth[];
  request?: Partial<Descriptor['request']>;
  rateLimits?: { [name: string]: Omit<RateLimit, 'concurrency'> & { concurrency?: number } };
  retry?: Partial<Descriptor['retry']>;
  vendorCatalogue?: string;
  permissions?: { [name: string]: Partial<Permission> & { why: string } };
  cases?: Descriptor['cases'];
  defaults?: RawStreamDefaults;
  streams: { [name: string]: RawStream };
};

type RawAuth = { kind: Auth['kind'] } & { [key: string]: unknown };

type RawProperty = Omit<Partial<ConnectionProperty>, 'choices'> & {
  title: string;
  choices?: { [value: string]: { title: string; sets?: { [property: string]: string } } };
};

type RawStreamDefaults = Partial<
  Pick<
    Stream,
    | 'apiVersion'
    | 'rateLimit'
    | 'feature'
    | 'licence'
    | 'permissions'
    | 'primaryKey'
    | 'drop'
    | 'availableWhen'
    | 'grant'
    | 'shared'
  >
> & {
  records?: Records;
  pagination?: RawPagination;
  probe?: RawProbe;
  headers?: StreamRequest['headers'];
  query?: StreamRequest['query'];
  method?: StreamRequest['method'];
  body?: RawBody;
  decode?: readonly Decoder[];
  class?: string;
};

type RawBody = {
  json?: JsonValue;
  form?: { [name: string]: string };
  graphql?: { query: string; variables?: JsonObject };
};

type RawRequest = {
  path: string;
  method?: StreamRequest['method'];
  query?: StreamRequest['query'];
  headers?: StreamRequest['headers'];
  body?: RawBody;
};

type RawProbe = Partial<Pick<RawRequest, 'path' | 'method' | 'query'>>;

type RawHydrate = RawRequest & { batch?: number; id?: string; records?: Records };

type RawParent = { stream: string } & Partial<Omit<Parent, 'batch'>> & {
    batch?: RawRequest & Partial<Omit<Batch, 'request'>>;
  };

type RawJob = {
  create: Job['create'];
  status: RawRequest & Omit<Job['status'], 'request' | 'failed'> & { failed?: string[] };
  chunk: RawRequest;
  cancel?: RawRequest;
  parallel?: number;
  poll?: Partial<Job['poll']>;
};

export type RawStream = RawStreamDefaults &
  Partial<Pick<Stream, 'title' | 'eventCode' | 'default' | 'permissionsUrl' | 'deprecation' | 'mapping' | 'source'>> & {
    summary: string;
    path?: string;
    cursor?: RawCursor;
    hydrate?: RawHydrate;
    parent?: RawParent;
    dispatch?: { field: string; otherwise?: string };
    ocsfVersion?: string;
    profiles?: string[];
    derive?: { kind: Derive['kind']; from: string } & { [key: string]: unknown };
  };

type RawCursor = { kind: Cursor['kind'] } & { [key: string]: unknown };

type RawPagination = { kind: Pagination['kind'] } & { [key: string]: unknown };

export type RawErrors = {
  connection?: UsualMistake[];
  token?: RawReading;
  source?: RawReading;
};

type RawReading = {
  failedWhen?: ErrorReading['failedWhen'];
  code?: string[];
  message?: string[];
  requestId?: string[];
  rules?: (Omit<ErrorRule, 'code' | 'means'> & { code?: (string | number)[]; means?: ErrorRule['means'] })[];
};

/** `dispatch/<stream>.yaml`. */
export type RawDispatchTable = { [className: string]: string[] };

/** `derivations` maps a stream's name to the text of its `derivations/<stream>.jsonata`, `tables` to its dispatch table, where there is one. */
export function fillDefaults(
  raw: RawDescriptor,
  errors: RawErrors,
  derivations: ReadonlyMap<string, string>,
  setup: Partial<Setup> = {},
  tables: ReadonlyMap<string, RawDispatchTable> = new Map(),
): Descriptor {
  return {
    formatVersion: raw.formatVersion,
    name: raw.name,
    title: raw.title,
    summary: raw.summary,
    links: raw.links ?? [],
    product: raw.product,
    ...optional('tenantUid', raw.tenantUid),
    ocsf: { version: raw.ocsf.version, profiles: raw.ocsf.profiles ?? [] },
    connection: {
      required: raw.connection.required ?? [],
      anyOf: raw.connection.anyOf ?? [],
      properties: mapValues(raw.connection.properties, fillProperty),
    },
    baseUrl: raw.baseUrl,
    auth: [raw.auth].flat().map(fillAuth),
    request: {
      connectTimeoutMs: 10_000,
      responseTimeoutMs: 60_000,
      bodyTimeoutMs: 120_000,
      maxPageBytes: 64 * 1024 * 1024,
      ...raw.request,
      headers: raw.request?.headers ?? {},
    },
    rateLimits: mapValues(raw.rateLimits ?? {}, (limit) => ({ concurrency: 1, ...limit })),
    retry: {
      maxTries: 8,
      budgetSeconds: 600,
      baseDelayMs: 500,
      maxDelayMs: 30_000,
      statuses: [408, 429, 500, 502, 503, 504, 509],
      after: [],
      ...raw.retry,
    },
    errors: fillErrors(errors),
    ...optional('vendorCatalogue', raw.vendorCatalogue),
    permissions: mapValues(raw.permissions ?? {}, (permission) => ({ grant: 'application', ...permission })),
    cases: raw.cases ?? {},
    streams: Object.entries(raw.streams).map(([name, stream]) =>
      fillStream(name, stream, raw, derivations.get(name), tables.get(name)),
    ),
    setup: { prerequisites: [], steps: [], gaps: [], ...setup },
  };
}

function fillProperty(property: RawProperty): ConnectionProperty {
  const { choices, ...rest } = property;
  return {
    type: 'string',
    secret: false,
    ...rest,
    ...(choices === undefined
      ? {}
      : { choices: mapValues(choices, (choice) => ({ title: choice.title, sets: choice.sets ?? {} })) }),
  };
}

function fillAuth(auth: RawAuth): Auth {
  // The schema has checked the keys of each kind; only the defaults are missing.
  return { ...authDefaults[auth.kind], ...withAnswerDefaults(auth) } as unknown as Auth;
}

const authDefaults: { readonly [Kind in Auth['kind']]?: object } = {
  'oauth2-client-credentials': { sendSecret: 'post', parameters: {}, algorithm: 'RS256' },
  'oauth2-jwt-bearer': { algorithm: 'RS256', claims: {}, lifetimeSeconds: 300, parameters: {} },
  'oauth2-refresh-token': { sendSecret: 'post', parameters: {} },
  session: {
    headers: {},
    send: 'json',
    header: { name: 'Authorization', value: 'Bearer {token}' },
    lifetimeSeconds: usualTokenLifetimeSeconds,
  },
  'signed-request': {
    encoding: 'hex',
    date: { header: 'Date', format: 'rfc2822' },
    signedHeaders: [],
  },
};

/** A token answer that names no life. */
function withAnswerDefaults(auth: RawAuth): RawAuth {
  const filled = Object.entries(auth).map(([key, value]) =>
    (key === 'exchange' || key === 'answer') && typeof value === 'object'
      ? [key, { lifetimeSeconds: usualTokenLifetimeSeconds, ...value }]
      : key === 'date' && typeof value === 'object'
        ? [key, { format: 'rfc2822', ...value }]
        : [key, value],
  );
  return Object.fromEntries(filled) as RawAuth;
}

function fillErrors(errors: RawErrors): ErrorCatalogue {
  return { connection: errors.connection ?? [], token: fillReading(errors.token), source: fillReading(errors.source) };
}

function fillReading(reading: RawReading = {}): ErrorReading {
  return {
    codePointers: reading.code ?? [],
    messagePointers: reading.message ?? [],
    requestIdPointers: reading.requestId ?? [],
    failedWhen: reading.failedWhen ?? [],
    rules: (reading.rules ?? []).map(({ code, means, ...rule }) => ({
      ...rule,
      ...(code === undefined ? {} : { code: code.map(String) }),
      means: means ?? 'failed',
    })),
  };
}

function fillStream(
  name: string,
  own: RawStream,
  raw: RawDescriptor,
  derivation: string | undefined,
  words: RawDispatchTable = {},
): Stream {
  const stream = { ...raw.defaults, ...own };
  const profiles = raw.ocsf.profiles ?? [];
  const records = stream.records ?? { kind: 'rows', pointer: '' };
  const pagination =
    own.pagination ??
    (records.kind === 'body' ? { kind: 'single-page' } : (stream.pagination ?? { kind: 'single-page' }));
  return {
    name,
    title: stream.title ?? sentenceCase(name),
    summary: stream.summary,
    default: stream.default ?? 'on',
    eventCode: stream.eventCode ?? camelCase(name),
    ...optional('feature', stream.feature),
    ...optional('apiVersion', stream.apiVersion),
    ...(own.path === undefined ? {} : { request: fillRequest({ ...stream, path: own.path }) }),
    records,
    pagination: fillPagination(pagination, stream.headers),
    ...(own.hydrate === undefined ? {} : { hydrate: fillHydrate(own.hydrate, stream, records) }),
    ...(own.parent === undefined ? {} : { parent: fillParent(own.parent) }),
    ...optional('decode', stream.decode),
    ...(own.cursor === undefined ? {} : { cursor: fillCursor(own.cursor) }),
    ...(stream.probe === undefined ? {} : { probe: fillProbe(stream.probe, own.path ?? '', stream.headers) }),
    ...optional('rateLimit', stream.rateLimit),
    permissions: stream.permissions ?? [],
    ...optional('permissionsUrl', own.permissionsUrl),
    grant: stream.grant ?? 'application',
    ...(stream.licence === undefined || stream.licence === 'none' ? {} : { licence: stream.licence }),
    availableWhen: stream.availableWhen ?? {},
    ...optional('deprecation', stream.deprecation),
    primaryKey: stream.primaryKey ?? [],
    drop: stream.drop ?? {},
    mapping: stream.mapping ?? `${name}.jsonata`,
    ...optional('shared', stream.shared),
    ...optional('source', own.source),
    ocsf: {
      version: stream.ocsfVersion ?? raw.ocsf.version,
      class: own.dispatch === undefined ? (stream.class ?? '') : (own.dispatch.otherwise ?? defaultClass),
      profiles: stream.profiles ?? profiles,
    },
    ...(own.dispatch === undefined ? {} : { dispatch: fillDispatch(own.dispatch, words) }),
    ...(own.derive === undefined ? {} : { derive: fillDerive(own.derive, derivation) }),
  };
}

/** The query may stand in the path, as one types an address; each parameter is kept as written. */
function fillRequest(raw: RawRequest): StreamRequest {
  const [address = '', search] = raw.path.split('?', 2);
  const inPath = (search ?? '')
    .split('&')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const equals = part.indexOf('=');
      return equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    });
  return {
    method: raw.method ?? (raw.body === undefined ? 'GET' : 'POST'),
    path: address,
    query: { ...Object.fromEntries(inPath), ...raw.query },
    headers: raw.headers ?? {},
    ...(raw.body === undefined ? {} : { body: fillBodyKind(raw.body) }),
  };
}

function fillBodyKind({ json, form, graphql }: RawBody): RequestBody {
  if (form !== undefined) return { kind: 'form', fields: form };
  if (graphql !== undefined) return { kind: 'graphql', value: { variables: {}, ...graphql } };
  return { kind: 'json', value: json ?? {} };
}

function fillProbe(
  { path, method, query = {} }: RawProbe,
  ownPath: string,
  headers: RawRequest['headers'],
): NonNullable<Stream['probe']> {
  if (path === undefined && method === undefined) return { query };
  return {
    request: fillRequest({
      path: path ?? ownPath,
      query,
      ...optional('method', method),
      ...optional('headers', headers),
    }),
  };
}

function fillDispatch(dispatch: NonNullable<RawStream['dispatch']>, words: RawDispatchTable): Dispatch {
  const table = Object.entries(words).map(([name, all]) => ({ class: name, words: all }));
  return { otherwise: defaultClass, ...dispatch, table };
}

function fillHydrate(hydrate: RawHydrate, stream: RawStream, listed: Records): Hydrate {
  const { batch, id, records, ...request } = hydrate;
  return {
    request: fillRequest({ ...optional('headers', stream.headers), ...request }),
    batch: batch ?? 100,
    id: id ?? '',
    records: records ?? listed,
  };
}

function fillParent({ batch, ...parent }: RawParent): Parent {
  const { size, idKey, responses, ...request } = batch ?? {};
  return {
    unless: {},
    concurrency: 4,
    ...parent,
    ...(batch === undefined
      ? {}
      : {
          batch: {
            request: fillRequest({ body: { json: { requests: '{requests}' } }, ...request, path: batch.path }),
            size: size ?? 20,
            idKey: idKey ?? 'id',
            responses: responses ?? '/responses',
          },
        }),
  };
}

function fillJob(job: RawJob, headers: RawRequest['headers']): Job {
  const asked = (request: RawRequest) => fillRequest({ ...optional('headers', headers), ...request });
  const { create, status, chunk, cancel, parallel, poll } = job;
  const { path, query, method, body, ...read } = status;
  return {
    kind: 'job',
    create,
    status: {
      request: asked({ path, ...optional('query', query), ...optional('method', method), ...optional('body', body) }),
      ...read,
      failed: read.failed ?? [],
    },
    chunk: asked(chunk),
    ...(cancel === undefined ? {} : { cancel: asked({ method: 'POST', ...cancel }) }),
    parallel: parallel ?? 1,
    poll: { firstSeconds: 2, longestSeconds: 30, giveUpAfterSeconds: 3600, ...poll },
  };
}

function fillPagination(pagination: RawPagination, headers: RawRequest['headers']): Pagination {
  // The schema has checked the keys of each kind; only the defaults are missing.
  switch (pagination.kind) {
    case 'link-header':
      return { rel: 'next', ...pagination } as Pagination;
    case 'offset':
      return { firstOffset: 0, ...pagination } as Pagination;
    case 'page-number':
      return { firstPage: 1, ...pagination } as Pagination;
    case 'job':
      return fillJob(pagination as unknown as RawJob, headers);
    case 'single-page':
    case 'next-link':
    case 'cursor':
      return pagination as Pagination;
  }
}

/** Durations become milliseconds; the schema has checked their form, and the keys of each kind. */
function fillCursor({ step, overlap, lateness, ...cursor }: RawCursor): Cursor {
  const ms = (duration: unknown) => (typeof duration === 'string' ? parseDuration(duration) : undefined);
  switch (cursor.kind) {
    case 'time': {
      const spans = { ...optional('stepMs', ms(step)), overlapMs: ms(overlap) ?? 0, latenessMs: ms(lateness) ?? 0 };
      return { query: {}, bounds: 'inclusive', ...cursor, ...spans } as Cursor;
    }
    case 'next-link':
      return { query: {}, ...cursor, overlapMs: ms(overlap) ?? 600_000 } as Cursor;
    case 'delta-link':
      return cursor as Cursor;
  }
}

function fillDerive(derive: NonNullable<RawStream['derive']>, record: string | undefined): Derive {
  // The schema has checked the keys of each kind; only the defaults are missing.
  const counted = derive.kind === 'count' ? { groupBy: [], counters: {}, tallies: {} } : {};
  return { where: {}, ...counted, ...derive, ...optional('record', record) } as Derive;
}

/** user-registration-details → User registration details */
function sentenceCase(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** user-registration-details → userRegistrationDetails */
function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function mapValues<Value, Result>(
  object: { readonly [key: string]: Value },
  change: (value: Value) => Result,
): { [key: string]: Result } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** `{ key: value }`, or nothing: an absent key stays absent, as `exactOptionalPropertyTypes` asks. */
function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  // TypeScript widens a computed key to string.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}

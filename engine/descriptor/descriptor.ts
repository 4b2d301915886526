import type { JsonObject, JsonValue } from '../records.ts';

/**
 * What one `integration.yaml` says, checked, with its defaults filled in. Each key is explained to authors in
 * `schemas/descriptor.schema.json`, from which `integrations/REFERENCE.md` is generated; the word of a `kind` is the
 * word the author writes.
 */
export type Descriptor = {
  readonly formatVersion: 1;
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly links: readonly Link[];
  /** The source product, for `metadata.product`; not the collector. */
  readonly product: { readonly vendorName: string; readonly name: string; readonly logProvider?: string };
  /** The tenant at the source, for `metadata.tenant_uid` and as part of every `metadata.uid`. */
  readonly tenantUid?: Template;
  readonly ocsf: { readonly version: string; readonly profiles: readonly string[] };
  readonly connection: ConnectionSchema;
  /** Every stream's path is appended to this. `{apiVersion}` stands for the stream's own. */
  readonly baseUrl: Template;
  /** Ways to authorise requests; the first whose connection properties are given is taken. */
  readonly auth: readonly Auth[];
  readonly request: RequestSettings;
  readonly rateLimits: { readonly [name: string]: RateLimit };
  readonly retry: Retry;
  readonly errors: ErrorCatalogue;
  /** Folder under `schemas/vendors/` with the vendor's own list of which permission opens which path. */
  readonly vendorCatalogue?: string;
  readonly permissions: { readonly [name: string]: Permission };
  /** What is asked of the golden cases: of all that a mapping has to exercise, at least so many percent. */
  readonly cases: { readonly coverage?: number };
  /** In the order of the file. */
  readonly streams: readonly Stream[];
  readonly setup: Setup;
};

/** What an operator does at the vendor before the first run, in Markdown. Kept beside the descriptor in its own file. */
export type Setup = {
  readonly prerequisites: readonly string[];
  readonly steps: readonly { readonly title: string; readonly text: Template; readonly table?: 'permissions' }[];
  /** What the feed does not tell, beside what the descriptor states itself. */
  readonly gaps: readonly string[];
};

/** Text with `{connectionProperty}` placeholders. */
export type Template = string;

export type Link = { readonly title: string; readonly url: string };

/** A JSON Schema of type object; its property schemas carry the extra keywords of {@link ConnectionProperty}. */
export type ConnectionSchema = {
  readonly required: readonly string[];
  /** At least one of the lists must be given whole, for example a secret or a certificate. */
  readonly anyOf: readonly { readonly required: readonly string[] }[];
  readonly properties: { readonly [name: string]: ConnectionProperty };
};

export type ConnectionProperty = {
  /** A list is a text of items between commas: `listItems` gives them. */
  readonly type: 'string' | 'integer' | 'boolean' | 'list';
  readonly title: string;
  readonly help?: string;
  readonly secret: boolean;
  readonly default?: JsonValue;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** `base-url`: https, or http on loopback only, without a query; a bare host name means https. `pem`: a certificate with its private key. */
  readonly format?: 'base-url' | 'pem' | 'private-key';
  /** The allowed values, each with the other properties it sets where the operator does not. */
  readonly choices?: {
    readonly [value: string]: { readonly title: string; readonly sets: { readonly [property: string]: string } };
  };
};

export type Auth =
  | { readonly kind: 'none' }
  | { readonly kind: 'api-key'; readonly in: 'header' | 'query'; readonly name: string; readonly value: Template }
  | { readonly kind: 'bearer'; readonly token: Template }
  | { readonly kind: 'basic'; readonly username: Template; readonly password: Template }
  | ClientCredentials
  | JwtBearer
  | RefreshToken
  | SessionLogin
  | SignedRequest;

/**
 * RFC 6749 §4.4. A secret, a certificate that signs an assertion (RFC 7523, PS256, `x5t#S256`), or a private key that
 * signs one (RFC 7523, the key named by `keyId`).
 */
export type ClientCredentials = {
  readonly kind: 'oauth2-client-credentials';
  readonly tokenUrl: Template;
  readonly clientId: Template;
  readonly clientSecret?: Template;
  readonly clientCertificate?: Template;
  /** PEM (PKCS#8, PKCS#1 or SEC 1) or JWK. */
  readonly privateKey?: Template;
  readonly keyId?: Template;
  readonly algorithm: JwtAlgorithm;
  /** How the secret travels: as form fields, or as HTTP Basic. */
  readonly sendSecret: 'post' | 'basic';
  readonly scope?: Template;
  /** Further form fields, for example `audience`. */
  readonly parameters: { readonly [name: string]: Template };
  /** The claim of the access token that lists what was granted; read for diagnosis only. */
  readonly grantedClaim?: string;
  /** Where an administrator grants consent. */
  readonly consentUrl?: Template;
};

export type JwtAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'ES256' | 'ES384' | 'ES512';

/**
 * A signed JWT in exchange for a token: as the grant of RFC 7523 §2.1, or, with `exchange`, as the bearer of a POST
 * whose answer holds the token.
 */
export type JwtBearer = {
  readonly kind: 'oauth2-jwt-bearer';
  readonly tokenUrl: Template;
  readonly privateKey: Template;
  readonly keyId?: Template;
  readonly algorithm: JwtAlgorithm;
  /** `iat`, `exp` and `jti` are added; `aud` is the token address unless given. */
  readonly claims: { readonly [name: string]: Template };
  /** How long the JWT is good for. */
  readonly lifetimeSeconds: number;
  /** Further form fields of the grant. */
  readonly parameters: { readonly [name: string]: Template };
  readonly exchange?: TokenAnswer;
};

/** Where an answer that is not of RFC 6749 holds its token. */
export type TokenAnswer = {
  /** JSON Pointer. */
  readonly token: string;
  /** JSON Pointer to seconds of life, or to an instant (ISO 8601). Without it a token lives `lifetimeSeconds`. */
  readonly expires?: string;
  readonly lifetimeSeconds: number;
};

/** RFC 6749 §6: an operator's refresh token, obtained once in a browser. */
export type RefreshToken = {
  readonly kind: 'oauth2-refresh-token';
  readonly tokenUrl: Template;
  readonly clientId: Template;
  readonly clientSecret?: Template;
  readonly sendSecret: 'post' | 'basic';
  readonly refreshToken: Template;
  readonly scope?: Template;
  readonly parameters: { readonly [name: string]: Template };
};

/** A login whose answer holds a token or sets a cookie that opens what follows. */
export type SessionLogin = {
  readonly kind: 'session';
  readonly loginUrl: Template;
  readonly headers: { readonly [name: string]: Template };
  /** The fields of the login, sent as JSON or as a form. */
  readonly fields: { readonly [name: string]: Template };
  readonly send: 'json' | 'form';
  /** Where the answer holds the token… */
  readonly answer?: TokenAnswer;
  /** …or the name of the cookie it sets. */
  readonly cookie?: string;
  /** The header of what follows; `{token}` stands for the token. Not with a cookie. */
  readonly header: { readonly name: string; readonly value: Template };
  /** Of a cookie's session. */
  readonly lifetimeSeconds: number;
};

/** An HMAC over a canonical text of the request, made anew for every try. */
export type SignedRequest = {
  readonly kind: 'signed-request';
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly key: Template;
  readonly encoding: 'hex' | 'base64';
  /**
   * The parts of the text that is signed, joined by line feeds. Beside connection properties: `{date}` `{method}` `{host}`
   * `{path}` `{query}` `{body}` `{headers}`, and `{sha256:body}` and the like for the hex digest of one of them.
   */
  readonly sign: readonly Template[];
  /** The header that carries the time of the request, and how it is written. */
  readonly date: { readonly header: string; readonly format: 'rfc2822' | 'iso' | 'epoch-s' | 'epoch-ms' };
  /** Names of headers that `{headers}` covers: in lower case, sorted, names and values joined by NUL. */
  readonly signedHeaders: readonly string[];
  /** The header of the signature: `{signature}` stands for it. A pair is sent as HTTP Basic. */
  readonly header: { readonly name: string; readonly value: Template | readonly [Template, Template] };
};

export type RequestSettings = {
  readonly headers: { readonly [name: string]: Template };
  /** A header that gets a fresh UUID for every request. */
  readonly clientRequestIdHeader?: string;
  /** The header of an answer that holds the vendor's own id of the request. */
  readonly requestIdHeader?: string;
  readonly connectTimeoutMs: number;
  /** From the request's last byte to the answer's first. */
  readonly responseTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxPageBytes: number;
};

/** A token bucket that every stream naming it shares: `requests` in any `perSeconds`, at most `concurrency` at once. */
export type RateLimit = {
  readonly requests: number;
  readonly perSeconds: number;
  readonly concurrency: number;
  readonly quota?: Quota;
};

/** Headers in which the source says what is left of its own budget; we pause before the wall. */
export type Quota = {
  readonly remaining: string;
  readonly reset: string;
  readonly resetIn: TimeUnit;
  /** Pause until the reset where no more than so many requests remain. */
  readonly pauseBelow: number;
};

/** Seconds from now, or an instant by the source's clock; `epoch-auto` tells seconds from milliseconds by their size. */
export type TimeUnit = 'seconds' | 'epoch-seconds' | 'epoch-ms' | 'epoch-auto';

export type Retry = {
  /** Tries of one request, the first included. */
  readonly maxTries: number;
  /** Most seconds one stream may spend waiting for retries. */
  readonly budgetSeconds: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly statuses: readonly number[];
  /** Headers that say when to try again, where the source sends another than `Retry-After`; the first there is counts. */
  readonly after: readonly { readonly header: string; readonly unit: TimeUnit }[];
};

/** How to read the vendor's error bodies, and what its errors mean. Kept beside the descriptor in its own file. */
export type ErrorCatalogue = {
  readonly connection: readonly UsualMistake[];
  readonly token: ErrorReading;
  readonly source: ErrorReading;
};

/** A usual mistake in the connection, recognised before anything is sent: a pattern, or the same value as another property. */
export type UsualMistake = {
  readonly property: string;
  readonly pattern?: string;
  readonly equals?: string;
  readonly message: string;
  readonly hint: string;
};

export type ErrorReading = {
  /** JSON Pointers to the error code, the most telling first. `*` walks into a nested object as deep as it goes. */
  readonly codePointers: readonly string[];
  readonly messagePointers: readonly string[];
  readonly requestIdPointers: readonly string[];
  /** What makes an answer with the status of a success an error all the same. */
  readonly failedWhen: readonly FailedWhen[];
  /** The first rule that fits decides. */
  readonly rules: readonly ErrorRule[];
};

/** A list that is not empty, or a value that is there and none of the good ones. */
export type FailedWhen = { readonly pointer: string; readonly not?: readonly JsonValue[] };

/** Fits when every one of `status`, `code` and `messagePattern` that is given fits. Texts may hold placeholders. */
export type ErrorRule = {
  readonly status?: readonly number[];
  readonly code?: readonly string[];
  readonly messagePattern?: string;
  /**
   * What it means. No endings but orders: `retry`, `throttled` (retry, and slow down all that share the budget),
   * `expired-page-token` (read the list anew), `resync` (forget the cursor), `ignore` (of an error inside a success).
   */
  readonly means:
    | ('denied' | 'unlicensed' | 'retired' | 'failed')
    | ('retry' | 'throttled' | 'expired-page-token' | 'resync' | 'ignore');
  readonly message: string;
  readonly hint: string;
};

export type Permission = {
  /** Whether an application may hold it by itself, or only on behalf of a signed-in user. */
  readonly grant: 'application' | 'delegated';
  readonly why: string;
  /** The vendor's id of the permission. */
  readonly id?: string;
  readonly url?: string;
};

export type Stream = {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly default: 'on' | 'off';
  /** `metadata.event_code`. */
  readonly eventCode: string;
  /** `metadata.product.feature.name`. */
  readonly feature?: string;
  readonly apiVersion?: string;
  /** Absent on a stream that is only derived. */
  readonly request?: StreamRequest;
  readonly records: Records;
  readonly pagination: Pagination;
  /** The list gives ids; these requests give their records. */
  readonly hydrate?: Hydrate;
  /** The stream asks about each row of another one. */
  readonly parent?: Parent;
  /** How the bytes of an answer become JSON, first to last; absent: as the content type says. */
  readonly decode?: readonly Decoder[];
  /** Absent: every run reads the stream whole. */
  readonly cursor?: Cursor;
  readonly probe?: Probe;
  readonly rateLimit?: string;
  readonly permissions: readonly string[];
  /** The vendor's page that tells them, where the vendor catalogue does not list the path or all that it needs. */
  readonly permissionsUrl?: string;
  /** `delegated`: the vendor refuses app-only tokens; the call is tried all the same, then derived. */
  readonly grant: 'application' | 'delegated';
  /** In words: what the tenant must have bought. */
  readonly licence?: string;
  /** Connection property → the values for which the vendor offers this stream. */
  readonly availableWhen: { readonly [property: string]: readonly string[] };
  readonly deprecation?: Deprecation;
  /** Top-level fields that make a row unique. A row that lacks one of them is known by its whole content. */
  readonly primaryKey: readonly string[];
  /** Top-level fields (a trailing `*` fits any ending) taken out before mapping, each with the reason why. */
  readonly drop: { readonly [field: string]: string };
  /** File name under `mappings/`. */
  readonly mapping: string;
  /** File name under `mappings/`: what it binds, the mapping sees. */
  readonly shared?: string;
  /**
   * The shape of a row as JSON Schema, or the file under `sources/` that holds it; default `<stream>.schema.json`, or
   * the one named like the mapping, where there is one. The mapping is checked against it; rows themselves are not. `readSourceShape` gives it.
   */
  readonly source?: JsonObject | string;
  /** With `dispatch`, the class is that of rows that fit no other. */
  readonly ocsf: { readonly version: string; readonly class: string; readonly profiles: readonly string[] };
  /** One stream, several classes: a table from a word of the row to its class and mapping. */
  readonly dispatch?: Dispatch;
  readonly derive?: Derive;
};

/** With what a check asks for as little as can be: parameters in place of the stream's own, or another request altogether. */
export type Probe = { readonly query: StreamRequest['query'] } | { readonly request: StreamRequest };

export type StreamRequest = {
  readonly method: 'GET' | 'POST';
  readonly path: Template;
  readonly query: { readonly [name: string]: Template };
  readonly headers: { readonly [name: string]: Template };
  readonly body?: RequestBody;
};

/** What a request carries; texts in it may hold placeholders, but for the text of a GraphQL query, whose braces are its own. */
export type RequestBody =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'graphql'; readonly value: { readonly query: string; readonly variables: JsonObject } }
  | { readonly kind: 'form'; readonly fields: { readonly [name: string]: Template } };

export type Deprecation = {
  readonly since?: string;
  /** From this date on (ISO) an empty answer means retired, not "nothing happened". */
  readonly retiredOn?: string;
  readonly successor?: string;
  readonly note: string;
};

/** How a page's body becomes rows. */
export type Records =
  | { readonly kind: 'rows'; readonly pointer: string; readonly nullIsEmpty?: boolean }
  | { readonly kind: 'body' }
  /** Each item of the array at `items` (pointer inside a row at `pointer`, or the body) with the parent's `carry` fields. */
  | { readonly kind: 'explode'; readonly pointer?: string; readonly items: string; readonly carry: readonly string[] };

export type Decoder = 'gzip' | 'zip' | 'json' | 'ndjson' | 'csv';

/** Details for ids, so many at a time; `{ids}` stands for them, joined by commas, or as a list where it stands alone in a body. */
export type Hydrate = {
  readonly request: StreamRequest;
  readonly batch: number;
  /** JSON Pointer to the id in an item of the list; empty where the item is the id. */
  readonly id: string;
  readonly records: Records;
};

/**
 * Which class a row becomes. The mapping of a class is `<stream>.<class>.jsonata`; one that gives nothing for a row declines
 * it, and the row becomes what `otherwise` says.
 */
export type Dispatch = {
  /** JSON Pointer to the word in the row. */
  readonly field: string;
  /** From `dispatch/<stream>.yaml`. A word that ends in `*` stands for all that begin so. */
  readonly table: readonly { readonly class: string; readonly words: readonly string[] }[];
  readonly otherwise: string;
};

/** One request for each row of another stream; `{parent.FIELD}` stands for a field of it, `{parent.a.b}` for a nested one. */
export type Parent = {
  /** Its list is read for this stream, with this stream's cursor where it has one. */
  readonly stream: string;
  /** Top-level fields that go along; absent: all. */
  readonly carry?: readonly string[];
  /** One row a parent, with its children under this name; absent: one row a child, with the parent under `parent`. */
  readonly gather?: string;
  /** Top-level field → the values for which nothing is asked: the children are not known then. */
  readonly unless: { readonly [field: string]: readonly JsonValue[] };
  /** Parents asked about at once. */
  readonly concurrency: number;
  readonly batch?: Batch;
};

/** Several requests in one: `{requests}` stands for their list, each `{ <idKey>, method, url }` with an address below the base. */
export type Batch = {
  readonly request: StreamRequest;
  readonly size: number;
  readonly idKey: string;
  /** JSON Pointer to the answers, each with `<idKey>`, `status`, `headers` and `body`. */
  readonly responses: string;
};

/** What a job is asked beside the call that creates it; `{job}` and `{chunk}` stand for their ids. */
export type Job = {
  readonly kind: 'job';
  /** The stream's own request creates the job; these are JSON Pointers into its answer. */
  readonly create: {
    readonly id: string;
    /** The status that says such a job is under way, and where the answer names it. */
    readonly adopt?: { readonly status: number; readonly id: string };
  };
  readonly status: {
    readonly request: StreamRequest;
    readonly state: string;
    readonly done: readonly string[];
    readonly failed: readonly string[];
    /** JSON Pointer to the ids of the chunks that can be fetched. */
    readonly chunks: string;
    readonly failedChunks?: string;
    readonly reason?: string;
  };
  readonly chunk: StreamRequest;
  readonly cancel?: StreamRequest;
  /** Chunks fetched at once. */
  readonly parallel: number;
  readonly poll: {
    readonly firstSeconds: number;
    readonly longestSeconds: number;
    /** Without a new chunk or another state. */
    readonly giveUpAfterSeconds: number;
  };
};

/** In the query by name, or in the body by JSON Pointer (in a form by name). */
export type ParameterIn = 'query' | 'body';

/** How a stream walks from one page to the next. */
export type Pagination =
  | { readonly kind: 'single-page' }
  | Job
  | { readonly kind: 'next-link'; readonly pointer: string }
  /** RFC 8288. */
  | { readonly kind: 'link-header'; readonly rel: string }
  /** The body's cursor goes into a query parameter of the same address. */
  | {
      readonly kind: 'cursor';
      readonly pointer: string;
      readonly parameter: string;
      /** Absent: in the query. */
      readonly in?: ParameterIn;
      readonly morePointer?: string;
      /** Some sources go on handing out a cursor after the last rows. */
      readonly emptyPageEnds?: boolean;
    }
  | {
      readonly kind: 'offset';
      readonly parameter: string;
      /** Absent: in the query. */
      readonly in?: ParameterIn;
      readonly firstOffset: number;
      readonly pageSize: number;
      readonly sizeParameter?: string;
      readonly totalPointer?: string;
    }
  | {
      readonly kind: 'page-number';
      readonly parameter: string;
      /** Absent: in the query. */
      readonly in?: ParameterIn;
      readonly firstPage: number;
      readonly pageSize?: number;
      readonly sizeParameter?: string;
      readonly lastPagePointer?: string;
    };

/** How a run goes on where the last one stopped. */
export type Cursor = TimeCursor | NextLinkCursor | DeltaLinkCursor;

/** The source is asked for a span of time; `{from.iso}`, `{to.ms}` and the like in path, query or body stand for its ends. */
export type TimeCursor = {
  readonly kind: 'time';
  /** How far back the first run reads: a duration such as `30d`, or a connection property that holds one. */
  readonly lookback: Template;
  /** Query parameters beside the stream's own. */
  readonly query: StreamRequest['query'];
  /** Longest window of one walk; absent: one window to the end. */
  readonly stepMs?: number;
  /** Read again before the cursor; rows that were delivered are dropped by content. */
  readonly overlapMs: number;
  /** Windows end this long before now, as the source is not sure of what is younger. */
  readonly latenessMs: number;
  /** Rows that the source gives of one window at most; one that reaches it is halved and read anew. */
  readonly ceiling?: number;
  /** JSON Pointer inside a row to the time whose largest value becomes the cursor, instead of the window's end. */
  readonly field?: string;
  /** Which ends of a window the source counts in. */
  readonly bounds: 'inclusive' | 'start-inclusive' | 'end-inclusive' | 'exclusive';
};

/** The list has no end: the link to its next page is kept from run to run, and a page without rows ends the run. */
export type NextLinkCursor = {
  readonly kind: 'next-link';
  /** As of a time cursor; the first run only. */
  readonly lookback: Template;
  /** Query parameters of the first run, and of one whose link the source refuses. */
  readonly query: StreamRequest['query'];
  /** How far before the last known time such a run begins. */
  readonly overlapMs: number;
  /** JSON Pointer inside a row to that time; absent: when the page came. */
  readonly field?: string;
};

/** The last page holds a link to what will have changed since. */
export type DeltaLinkCursor = {
  readonly kind: 'delta-link';
  /** JSON Pointer to the link, in the body of the last page. */
  readonly pointer: string;
  /** JSON Pointer inside a row to what marks it as removed. */
  readonly removed?: string;
};

/** A stream computed from the rows of another stream of the same run, in bounded memory. */
export type Derive = (DeriveCount | DeriveFold) & {
  readonly from: string;
  /** Connection property → the operator's choice → what a row must hold to be kept. A choice not listed cannot be computed. */
  readonly where: { readonly [property: string]: { readonly [choice: string]: JsonObject } };
  /** Rows are kept whose time `field` lies within the days listed under the operator's choice, counted back from the run's start. */
  readonly window?: {
    readonly field: string;
    readonly property: string;
    readonly days: { readonly [choice: string]: number };
  };
  /**
   * JSONata (from `derivations/<stream>.jsonata`) that gives one record, or an array of them, of the vendor's own shape.
   * Without it a count gives one record a group: the group's fields, then the counters.
   */
  readonly record?: string;
};

/**
 * Counting without code. A counter counts the rows whose fields equal the given values; a tally counts each value of a
 * field (each item, if it is an array). `record` sees `{ rows, counters, tallies, group }`, once for each group of equal
 * `groupBy` fields; without `groupBy` there is one group, also of no rows.
 */
export type DeriveCount = {
  readonly kind: 'count';
  readonly groupBy: readonly string[];
  readonly counters: { readonly [name: string]: JsonObject };
  readonly tallies: { readonly [name: string]: string };
};

/** `step` is JSONata over a row, sees `$state`, and gives the next state; `record` sees the last state. */
export type DeriveFold = { readonly kind: 'fold'; readonly initial: JsonValue; readonly step: string };

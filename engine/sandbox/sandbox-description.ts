import type { JsonObject, JsonValue } from '../records.ts';

/**
 * What one `sandbox.yaml` says: a vendor's documented behaviour and invented data, for a stand-in on loopback. Each
 * key is explained to authors in `schemas/sandbox.schema.json`. Texts may hold `{placeholders}`; a text that is nothing
 * but one placeholder takes the type of its value, and a key whose placeholder has no value is left out.
 */
export type SandboxDescription = {
  readonly formatVersion: 1;
  /** How many records a collection of `ratio` 1 has by default. */
  readonly scale: number;
  /** Invented ids and secrets, each usable as a placeholder everywhere. */
  readonly values: { readonly [name: string]: string };
  /** The connection properties that make the feed talk to the stand-in. */
  readonly connection: { readonly [property: string]: Template };
  /** What the invented application holds unless told otherwise. */
  readonly granted: readonly string[];
  /** What opens the routes; any one is enough. Without it: a token of `token`, if there is one. */
  readonly auth: readonly AuthDescription[];
  readonly token?: TokenDescription;
  /** On every answer. */
  readonly headers: { readonly [name: string]: Template };
  /** The request's own id, echoed as `{clientRequestId}`. */
  readonly clientRequestIdHeader?: string;
  readonly paging: PagingDescription;
  readonly errors: ErrorsDescription;
  readonly families: { readonly [name: string]: FamilyDescription };
  readonly routes: { readonly [name: string]: RouteDescription };
  /** Word lists that `pick` may name. */
  readonly lists: { readonly [name: string]: readonly string[] };
  readonly collections: { readonly [name: string]: CollectionDescription };
  /** What may happen at the vendor between two runs, by name. */
  readonly changes: { readonly [name: string]: readonly Change[] };
};

export type Template = string;

/** How a request proves who asks. Texts are the right ones; `{placeholders}` are those of the description. */
export type AuthDescription =
  /** A token that the token endpoint gave: after a word in `Authorization`, in a header of its own, or in a cookie. */
  | { readonly kind: 'token'; readonly scheme: string; readonly header?: string; readonly cookie?: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: Template }
  | { readonly kind: 'query'; readonly name: string; readonly value: Template }
  | { readonly kind: 'basic'; readonly username: Template; readonly password: Template }
  | SignatureDescription
  | { readonly kind: 'none' };

/** An HMAC over a text of the request that arrived. */
export type SignatureDescription = {
  readonly kind: 'signed-request';
  /** The public half of the credential: the user of HTTP Basic, or part of the header's value. */
  readonly keyId?: Template;
  readonly key: Template;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** Joined by line feeds; `{date}` `{method}` `{host}` `{path}` `{query}` `{body}` `{headers}`, each also as `{body.sha512}`. */
  readonly sign: readonly Template[];
  readonly date: { readonly header: string; readonly toleranceSeconds: number };
  /** Names that begin so are covered by `{headers}`. */
  readonly signedHeaders?: string;
  /** Where the signature stands: absent, as the password of HTTP Basic; otherwise `{signature}` in the value of a header. */
  readonly header?: { readonly name: string; readonly value: Template };
};

/** An endpoint that gives tokens: OAuth 2.0 for client credentials (RFC 6749 §4.4) or a login of the vendor's own. */
export type TokenDescription = {
  readonly path: Template;
  readonly lifetimeSeconds: number;
  readonly clientId: Template;
  readonly clientSecret: Template;
  readonly assertion?: AssertionDescription;
  readonly status: number;
  readonly headers: { readonly [name: string]: Template };
  readonly answer: JsonObject;
  readonly claims: JsonObject;
  /** More claims, by how the application proved itself. */
  readonly claimsBy: { readonly secret: JsonObject; readonly assertion: JsonObject };
  /** The field whose words are all that the token opens; absent: everything that is granted. */
  readonly scopeField?: string;
  readonly errorBody: JsonValue;
  /** Checked from top to bottom; the first that does not hold is the answer. */
  readonly rules: readonly TokenRule[];
};

export type AssertionDescription = {
  /** What the field beside it must say; absent: nothing. */
  readonly type?: string;
  readonly field: string;
  readonly algorithm: 'PS256' | 'RS256' | 'RS384' | 'RS512' | 'ES256';
  readonly audience: Template;
  /** A pair of keys made for this sandbox, whose private half is `{privateKey}` in `connection`, instead of certificates. */
  readonly ownKey: boolean;
  readonly keyId?: Template;
  /** How far ahead `exp` may lie. */
  readonly longestSeconds?: number;
};

export type TokenRule = {
  readonly name: string;
  readonly unless: TokenCondition;
  readonly status: number;
  /** Placeholders for `errorBody`. */
  readonly say: JsonObject;
};

export type TokenCondition =
  | { readonly contentType: string }
  | { readonly path: string; readonly equals?: Template; readonly matches?: string }
  | { readonly field: string; readonly equals?: Template; readonly matches?: string; readonly granted?: true }
  | { readonly credential: CredentialCondition };

/** What a proof of identity may lack. A condition about a proof that was not sent holds. */
export type CredentialCondition =
  | 'sent'
  | 'secret-right'
  | 'secret-current'
  | 'assertion-trusted'
  | 'assertion-in-time'
  | 'assertion-claims'
  | 'assertion-fresh';

/** How lists are walked. A name of a parameter that begins with `/` is a JSON Pointer into the request's body. */
export type PagingDescription = {
  readonly kind: 'token' | 'offset' | 'page';
  readonly sizeParameter?: string;
  /** Where the token, the offset or the number of the page comes. */
  readonly tokenParameter: string;
  readonly selectParameter?: string;
  /** Query parameters that are taken and do nothing. */
  readonly ignored: readonly string[];
  /** Other parameters that match are refused; the rest is not looked at. */
  readonly refused?: string;
  /** Around a list: `{rows}`, `{next}` and others. */
  readonly envelope: JsonValue;
  /** Further addresses in `Link` headers, one line each. */
  readonly linkHeader: boolean;
  /** `pair`: an array of an instant in ms and the token, which comes back joined by a comma. */
  readonly tokenForm: 'text' | 'pair';
  /** After this a token has expired. */
  readonly tokenSeconds?: number;
  /** The most that offset and size may come to. */
  readonly ceiling?: number;
  /** There is always a next page, unless this parameter is given. */
  readonly endlessUnless?: string;
};

export type ErrorsDescription = {
  readonly body: JsonValue;
  /** What a gateway sends instead of JSON. */
  readonly html: string;
  /** Seconds named in `Retry-After` by faults. */
  readonly retryAfterSeconds: number;
  readonly named: { readonly [name in NamedError]?: ErrorDescription };
  /** What the faults `503`, `429` and so on answer. */
  readonly byStatus: { readonly [status: string]: ErrorDescription };
  /** What further faults answer, by their name. */
  readonly others: { readonly [name: string]: ErrorDescription };
};

export const namedErrors = [
  'no-token',
  'bad-token',
  'expired-token',
  'unknown-key',
  'bad-signature',
  'bad-date',
  'unknown-route',
  'wrong-version',
  'wrong-method',
  'not-found',
  'missing-permission',
  'app-only-refused',
  'unlicensed',
  'bad-argument',
  'refused-parameter',
  'bad-filter',
  'bad-body',
  'too-many-ids',
  'bad-page-size',
  'bad-page-token',
  'expired-page-token',
  'beyond-ceiling',
  'resync',
  'duplicate-job',
  'too-many-jobs',
  'expired-job',
  'chunk-not-ready',
  'throttled',
  'too-many-at-once',
] as const;

export type NamedError = (typeof namedErrors)[number];

export type ErrorDescription = {
  readonly status: number;
  /** Placeholders for the body. */
  readonly say: JsonObject;
  readonly headers?: { readonly [name: string]: Template };
  /** Instead of the common body. */
  readonly body?: JsonValue;
  /** Instead of JSON; the body is then a text sent as it is. */
  readonly contentType?: string;
};

/** Routes that share a limit, a licence and habits. */
export type FamilyDescription = {
  readonly limit?: { readonly requests: number; readonly perSeconds: number; readonly concurrency?: number };
  readonly licensed: boolean;
  /** On every answer; `{limit}`, `{remaining}`, `{reset}` tell of the limit. */
  readonly headers?: { readonly [name: string]: Template };
  readonly errors?: { readonly [name in NamedError]?: ErrorDescription };
};

export type RouteDescription = {
  readonly method: string;
  readonly family: string;
  /** After the version; the whole of it where there are no versions. */
  readonly path: string;
  /** First segment of the path. */
  readonly versions: readonly string[];
  /** Function-style arguments, `path(name='value')`, in any order; without a default it must be given. */
  readonly arguments?: {
    readonly [name: string]: { readonly values: readonly string[]; readonly default?: string };
  };
  /** Any one is enough; the first is the least. None: open to whoever proves to be someone. */
  readonly permissions: readonly string[];
  readonly appOnly?: 'refused';
  readonly answer: RouteAnswer;
};

export type RouteAnswer =
  | ListDescription
  | DeltaDescription
  | DetailsDescription
  | JobDescription
  | { readonly kind: 'job-status'; readonly of: string; readonly body: JsonObject }
  | { readonly kind: 'job-chunk'; readonly of: string; readonly contentType: string }
  | { readonly kind: 'job-cancel'; readonly of: string; readonly body: JsonObject }
  | BatchDescription
  | SummaryDescription
  /** The same for everybody. */
  | { readonly kind: 'body'; readonly body: JsonValue }
  /** An endpoint that still answers, but with nothing. */
  | { readonly kind: 'empty' };

/** What rows of a collection are, and which of them a request wants. */
export type Selection = {
  readonly collection: string;
  /** The placeholder of the path that holds the key of a parent; then only its children are served. */
  readonly parent?: string;
  /** What is sent for a record; default: the record. */
  readonly row?: JsonValue;
  readonly filters: readonly FilterDescription[];
  /** Rows with one of these values are not listed, unless one of the parameters is given. */
  readonly hides?: { readonly [field: string]: readonly string[] };
  readonly showsWith: readonly string[];
  /** Rows whose order field is younger are held back. */
  readonly heldBackSeconds: number;
};

export type ListDescription = Selection & {
  readonly kind: 'list';
  readonly pageSize: number;
  readonly maxPageSize: number;
  readonly aboveMax: 'clamp' | 'refuse';
  readonly select?: boolean;
  /** Fields sent in these versions only. */
  readonly onlyIn?: { readonly [field: string]: readonly string[] };
  /** In place of the common one, key by key. */
  readonly paging?: Partial<PagingDescription>;
  readonly sort: SortDescription;
};

/** `stored`: as the records came to be; the others by the collection's order field. */
export type Order = 'stored' | 'ascending' | 'descending';

export type SortDescription = {
  readonly default: Order;
  readonly parameter?: string;
  readonly choices: { readonly [value: string]: Order };
};

/** A parameter that narrows a list. Without a field it is only taken. */
export type FilterDescription = {
  readonly parameter: string;
  /** The text must match; the first group is the value. Several filters of one parameter are alternatives or parts. */
  readonly pattern?: string;
  readonly field?: string;
  /** `in`: a list, or a text with commas. */
  readonly is: '=' | '>' | '>=' | '<' | '<=' | 'in';
  readonly unit: 'iso' | 'seconds' | 'ms' | 'text';
  readonly required: boolean;
  /** A parameter that must be greater. */
  readonly below?: string;
  /** How long ago the value may lie. */
  readonly oldestDays?: number;
  /** Only where the walk begins: not repeated in links. */
  readonly once: boolean;
};

export type DeltaDescription = {
  readonly kind: 'delta';
  readonly collection: string;
  readonly pageSize: number;
  readonly deltaParameter: string;
  readonly paging?: Partial<PagingDescription>;
  /** What stands for a record that is gone; `{key}`. */
  readonly removed: JsonObject;
  /** After this a delta token is answered with `resync`. */
  readonly deltaSeconds: number;
};

export type DetailsDescription = {
  readonly kind: 'details';
  readonly collection: string;
  /** Parameter, or `{name}` for a placeholder of the path; one id without a list of missing ones is then a single object. */
  readonly ids: string;
  readonly max: number;
  /** `{rows}`, `{missing}`; `{row}` for a single object. */
  readonly envelope: JsonValue;
  /** One for each id that is not there. Absent: they are left out, or `not-found` for a single object. */
  readonly missing?: JsonObject;
  readonly row?: JsonValue;
};

export type JobDescription = Selection & {
  readonly kind: 'job';
  /** Of a chunk, in rows, or in parents where the collection has `each`. */
  readonly size: {
    readonly parameter?: string;
    readonly default: number;
    readonly least: number;
    readonly most: number;
    readonly beyond: 'clamp' | 'refuse';
    readonly required: boolean;
    readonly of: 'rows' | 'parents';
  };
  readonly body: JsonObject;
  /** The vendor's words. */
  readonly states: { readonly [state in 'queued' | 'working' | 'done' | 'failed' | 'cancelled']: string };
  /** Polls that find it queued, and polls over which its chunks appear. */
  readonly queuedPolls: number;
  readonly workingPolls: number;
  readonly expiresSeconds: number;
  readonly duplicates: 'refuse' | 'replace' | 'allow';
  readonly atOnce: number;
};

export type BatchDescription = { readonly kind: 'batch'; readonly max: number };

/** Figures counted over a whole collection, at the time they are asked for. */
export type SummaryDescription = {
  readonly kind: 'summary';
  readonly over: string;
  /** Whether the body stands alone or as the only row of a list. */
  readonly in: 'object' | 'list';
  /** Argument → value → what a record's fields must be to count. A value not named counts all. */
  readonly where?: { readonly [argument: string]: { readonly [value: string]: JsonObject } };
  /** Name → what a record's fields must be; `{name}` is the count. `{total}` counts all. */
  readonly counts?: { readonly [name: string]: JsonObject };
  /** A list field whose items are counted; `{tally}` is the list of `item`, filled with `{value}` and `{count}`. */
  readonly tally?: { readonly field: string; readonly item: JsonObject };
  readonly body: JsonObject;
};

export type CollectionDescription = {
  /** Records per unit of scale. */
  readonly ratio: number;
  /** Instead of a ratio: so many for each record of that collection, whose fields are `{parent.field}`. */
  readonly each?: { readonly collection: string; readonly count: readonly [number, number] };
  /** The field that the vendor sorts by; made by `series`. */
  readonly order?: string;
  /** What an update sets unless it says otherwise. */
  readonly updated: ChangedFields;
  /** Name → collection: each record points at one record there, whose fields are `{name.field}`. */
  readonly refs?: { readonly [name: string]: string };
  /** In order; a template sees the fields before it. A name that begins with `_` is not sent. */
  readonly fields: { readonly [name: string]: GeneratorSpec };
  /** Records `at`, `at + every`, … have these fields instead. */
  readonly odd?: readonly {
    readonly every: number;
    readonly at: number;
    readonly fields: { readonly [name: string]: GeneratorSpec };
  }[];
  /** Values that became known late: sent as `instead` to a client whose header does not contain the word. */
  readonly evolving?: {
    readonly header: string;
    readonly contains: string;
    readonly instead: string;
    readonly fields: { readonly [field: string]: readonly string[] };
  };
  /** For faults: the field no fault touches, the fields with closed lists of values, the field that may grow large. */
  readonly key: string;
  readonly enums: readonly string[];
  readonly bigField?: string;
};

/** What happens to the data of a running sandbox. Records are numbered from 1. */
export type Change =
  | {
      readonly append: string;
      readonly times?: number;
      readonly fields?: ChangedFields;
      /** How long ago every field that grows says it was, instead of now. */
      readonly late?: string;
      /** The number of a child's parent. */
      readonly parent?: number;
    }
  | { readonly update: string; readonly number: number; readonly fields?: ChangedFields }
  | { readonly delete: string; readonly number: number };

/** Values in place of what the generators make; `{ ago: 2h }` is an instant in the field's own form. */
export type ChangedFields = { readonly [field: string]: JsonValue };

/** A constant, a template, a list of generators, or an object with exactly one of the kinds in `generators.ts`. */
export type GeneratorSpec = string | number | boolean | null | readonly GeneratorSpec[] | GeneratorObject;

export type GeneratorObject = {
  /** One of these, or of the named list; a mapping gives weights. */
  readonly pick?: string | readonly GeneratorSpec[] | { readonly [item: string]: number };
  /** Each of these with its own chance, as a list. */
  readonly some?: { readonly [item: string]: number };
  /** True with this chance, or `then` and `else`. */
  readonly chance?: number;
  readonly then?: GeneratorSpec;
  readonly else?: GeneratorSpec;
  /** Least and greatest. */
  readonly integer?: readonly [number, number];
  /** First and last instant; with `digits` of a second. */
  readonly time?: readonly [string, string];
  /** Least and most days before the day on which the sandbox was started; less than none lies ahead. */
  readonly daysAgo?: readonly [number, number];
  readonly digits?: number;
  /** An instant that grows with the record's number, from so many days ago to so many. */
  readonly series?: readonly [number, number];
  /** The instant of an earlier field in another form. */
  readonly timeOf?: string;
  /** Of `time`, `daysAgo`, `series` and `timeOf`. */
  readonly as?: InstantForm;
  /** So many of `item`. */
  readonly many?: readonly [number, number];
  readonly item?: GeneratorSpec;
  /** An id that begins so and is unlike that of any other record; `length` letters of `letters` in all. */
  readonly unique?: string;
  readonly length?: number;
  readonly letters?: 'hex' | 'upper' | 'digits';
  /** Unlike that of any other record of the collection. */
  readonly uuid?: true;
  /** So many random bytes as base64. */
  readonly bytes?: number;
  readonly lower?: Template;
  readonly object?: { readonly [name: string]: GeneratorSpec };
  /** By the value of an earlier field; `else` for the rest. */
  readonly by?: string;
  readonly cases?: { readonly [value: string]: GeneratorSpec };
  /** Whether an earlier list field holds one of these. */
  readonly any?: string;
  readonly of?: readonly string[];
  /** Whether all these earlier fields are true. */
  readonly all?: readonly string[];
  /** The share that is null, or not there at all, instead. */
  readonly orNull?: number;
  readonly orAbsent?: number;
};

export type InstantForm = 'iso' | 'iso-offset' | 'iso-local' | 'epoch-s' | 'epoch-ms';

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
  readonly token: TokenDescription;
  /** On every answer. */
  readonly headers: { readonly [name: string]: Template };
  /** The request's own id, echoed as `{clientRequestId}`. */
  readonly clientRequestIdHeader: string;
  readonly paging: PagingDescription;
  readonly errors: ErrorsDescription;
  readonly families: { readonly [name: string]: FamilyDescription };
  readonly routes: { readonly [name: string]: RouteDescription };
  /** Word lists that `pick` may name. */
  readonly lists: { readonly [name: string]: readonly string[] };
  readonly collections: { readonly [name: string]: CollectionDescription };
};

export type Template = string;

/** An OAuth 2.0 token endpoint for client credentials (RFC 6749 §4.4). */
export type TokenDescription = {
  readonly path: Template;
  readonly lifetimeSeconds: number;
  readonly clientId: Template;
  readonly clientSecret: Template;
  readonly assertion: { readonly type: string; readonly algorithm: 'PS256'; readonly audience: Template };
  readonly answer: JsonObject;
  readonly claims: JsonObject;
  /** More claims, by how the application proved itself. */
  readonly claimsBy: { readonly secret: JsonObject; readonly assertion: JsonObject };
  readonly errorBody: JsonValue;
  /** Checked from top to bottom; the first that does not hold is the answer. */
  readonly rules: readonly TokenRule[];
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
  | { readonly field: string; readonly equals?: Template; readonly matches?: string }
  | { readonly credential: CredentialCondition };

/** What a proof of identity may lack. A condition about a proof that was not sent holds. */
export type CredentialCondition =
  | 'sent'
  | 'secret-right'
  | 'secret-current'
  | 'assertion-trusted'
  | 'assertion-in-time'
  | 'assertion-claims';

export type PagingDescription = {
  readonly sizeParameter: string;
  readonly tokenParameter: string;
  readonly selectParameter: string;
  /** Query parameters that are taken and do nothing. */
  readonly ignored: readonly string[];
  /** Other parameters that match are refused; the rest is not looked at. */
  readonly refused: string;
  /** Around a list: `{rows}`, `{next}`. */
  readonly envelope: JsonObject;
};

export type ErrorsDescription = {
  readonly body: JsonValue;
  /** What a gateway sends instead of JSON. */
  readonly html: string;
  /** Seconds named in `Retry-After` by faults. */
  readonly retryAfterSeconds: number;
  readonly named: { readonly [name in NamedError]: ErrorDescription };
  /** What the faults `503`, `429` and so on answer. */
  readonly byStatus: { readonly [status: string]: ErrorDescription };
};

export type NamedError =
  | 'no-token'
  | 'bad-token'
  | 'expired-token'
  | 'unknown-route'
  | 'wrong-version'
  | 'wrong-method'
  | 'missing-permission'
  | 'app-only-refused'
  | 'unlicensed'
  | 'bad-argument'
  | 'refused-parameter'
  | 'bad-page-size'
  | 'bad-page-token'
  | 'expired-page-token'
  | 'throttled';

export type ErrorDescription = {
  readonly status: number;
  /** Placeholders for the body. */
  readonly say: JsonObject;
  readonly headers?: { readonly [name: string]: Template };
  /** Instead of the common body. */
  readonly body?: JsonValue;
};

/** Routes that share a limit, a licence and habits. */
export type FamilyDescription = {
  readonly limit: { readonly requests: number; readonly perSeconds: number };
  readonly licensed: boolean;
  readonly headers?: { readonly [name: string]: Template };
  readonly errors?: { readonly [name in NamedError]?: ErrorDescription };
};

export type RouteDescription = {
  readonly family: string;
  /** After the version. */
  readonly path: string;
  /** First segment of the path. */
  readonly versions: readonly string[];
  /** Function-style arguments, `path(name='value')`, in any order; without a default it must be given. */
  readonly arguments?: {
    readonly [name: string]: { readonly values: readonly string[]; readonly default?: string };
  };
  /** Any one is enough; the first is the least. */
  readonly permissions: readonly string[];
  readonly appOnly?: 'refused';
  readonly answer: RouteAnswer;
};

export type RouteAnswer =
  | {
      readonly kind: 'list';
      readonly collection: string;
      readonly pageSize: number;
      readonly maxPageSize: number;
      readonly aboveMax: 'clamp' | 'refuse';
      readonly select?: boolean;
      /** Fields sent in these versions only. */
      readonly onlyIn?: { readonly [field: string]: readonly string[] };
    }
  | SummaryDescription
  /** An endpoint that still answers, but with nothing. */
  | { readonly kind: 'empty' };

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
  readonly bigField: string;
};

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

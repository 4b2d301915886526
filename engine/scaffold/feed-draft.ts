import type { JsonObject, JsonValue } from '../records.ts';
import type { LaidOutClass } from './laid-out-class.ts';

/** All that a new integration's files are written from. */
export type FeedDraft = {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly vendorName: string;
  readonly productName: string;
  readonly ocsfVersion: string;
  /** An address, which becomes the default of a property; or a template. */
  readonly baseUrl: string;
  readonly auth: AuthDraft;
  /** Permission → why. */
  readonly permissions: { readonly [name: string]: string };
  readonly rateLimit?: { readonly requests: number; readonly perSeconds: number };
  /** Further blocks as they are written, where the draft was read from a file that tells them. */
  readonly blocks?: JsonObject;
  /** What the file tells of errors, before what every draft begins with. */
  readonly errors?: {
    readonly failedWhen?: readonly JsonObject[];
    readonly code: readonly string[];
    readonly message: readonly string[];
    readonly rules: readonly JsonObject[];
  };
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly streams: readonly StreamDraft[];
  /** Where the draft was read from, and what it could not tell; for the README and the terminal. */
  readonly origin?: string;
  readonly notes: readonly string[];
};

/** The `auth` block with the connection properties that its placeholders name. */
export type AuthDraft = {
  readonly block: { readonly kind: string } & JsonObject;
  /** What the schema says of the kind. */
  readonly meaning: string;
  readonly properties: { readonly [name: string]: PropertyDraft };
};

export type PropertyDraft = {
  readonly title: string;
  readonly type?: 'integer' | 'boolean';
  readonly secret?: boolean;
  readonly format?: 'base-url' | 'pem';
  readonly default?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly help: string;
};

export type PagingDraft = {
  readonly block: { readonly kind: string } & JsonObject;
  readonly meaning: string;
  /** JSON Pointer to the rows of an answer. */
  readonly rowsAt: string;
  /** JSON Pointer → value: what an answer holds beside its rows. */
  readonly beside: { readonly [pointer: string]: JsonValue };
};

export type StreamDraft = {
  readonly name: string;
  readonly summary: string;
  /** With its fixed query, as one types it. */
  readonly path: string;
  readonly paging: PagingDraft;
  /** Where the rows are not simply a list. */
  readonly records?: { readonly kind: string } & JsonObject;
  /** Further keys of the stream, in the order in which they are written. */
  readonly more?: JsonObject;
  /** The answer of the golden case, where it is more than rows in a list. */
  readonly answer?: JsonValue;
  readonly permissions: readonly string[];
  readonly primaryKey: readonly string[];
  readonly ocsfClass: LaidOutClass;
  readonly source: SourceShape;
  /** Rows of the golden case; people, hosts and addresses in them are invented. */
  readonly rows: readonly JsonObject[];
  readonly caseName: string;
};

/** The shape of a row: JSON Schema of an object. */
export type SourceShape = {
  readonly type: 'object';
  readonly properties: { readonly [field: string]: JsonObject };
  readonly required: readonly string[];
};

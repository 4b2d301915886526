import type { JsonObject, JsonValue } from '../records.ts';
import type { Place } from './place.ts';

/** What was made of a file of another tool: the blocks of a descriptor, before it is laid out as files. */
export type Imported = {
  readonly title?: string;
  readonly vendorName?: string;
  readonly summary?: string;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly baseUrl: string;
  /** Those that something uses. */
  readonly properties: { readonly [name: string]: ImportedProperty };
  readonly auth: AuthBlock;
  readonly request?: JsonObject;
  readonly rateLimits?: JsonObject;
  readonly retry?: JsonObject;
  readonly errors: ImportedErrors;
  readonly streams: readonly ImportedStream[];
};

export type AuthBlock = { readonly kind: string } & JsonObject;

/** A connection property, with the keywords of the descriptor. */
export type ImportedProperty = {
  readonly title: string;
  readonly type?: 'integer' | 'boolean';
  readonly secret?: boolean;
  readonly format?: 'base-url';
  readonly default?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly help: string;
};

export type ImportedStream = {
  readonly name: string;
  readonly summary: string;
  /** Appended to `baseUrl`; may hold a query. */
  readonly path: string;
  /** JSON Pointer to the rows, or a block of another kind. */
  readonly records: string | ({ readonly kind: string } & JsonObject);
  readonly pagination: { readonly kind: string } & JsonObject;
  readonly primaryKey: readonly string[];
  /** Further keys of the stream, in the order in which they are written. */
  readonly more: JsonObject;
  /** JSON Schema of a row, where the file tells it. */
  readonly shape?: JsonObject;
};

export type ImportedErrors = {
  /** Signs of an error inside a successful answer. */
  readonly failedWhen?: readonly JsonObject[];
  /** JSON Pointers to the vendor's code and message. */
  readonly code: readonly string[];
  readonly message: readonly string[];
  readonly rules: readonly JsonObject[];
};

/** A stream that still knows its whole address: base and path are told apart when all are known. */
export type AddressedStream = Omit<ImportedStream, 'path'> & {
  readonly address: string;
  readonly addressPlace: Place;
  readonly query: Sent;
  readonly headers: Sent;
  readonly body?: { readonly block: JsonObject; readonly place: Place };
};

/** Parameters or headers by name, and where each is written. */
export type Sent = { readonly [name: string]: { readonly text: string; readonly place: Place } };

/** Stands where a value could not be carried: `validate` points at every such place. */
export const fillIn = '{fillIn}';

/** Objects without the keys that have no value. */
export function filled(block: { readonly [key: string]: JsonValue | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(block).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

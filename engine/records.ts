import type { Issue } from './diagnostics/issue.ts';

/** The nouns that pass from station to station. They carry data only, and know no station. */

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export type JsonObject = { [key: string]: JsonValue };

/** Of JSON alone: what lies inside is not looked at, so that an object of another make passes too. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a record came from: page and row are counted from 1, in the order the source sent them. */
export type Origin = {
  readonly integration: string;
  readonly stream: string;
  readonly page: number;
  readonly row: number;
  /** Set on a record the engine computed from the rows of another stream. */
  readonly derivedFrom?: string;
};

/** One answer of the source, parsed. `url` is without its query: a signed or private query never travels on. */
export type Page = {
  readonly number: number;
  readonly url: string;
  readonly body: JsonValue;
  readonly receivedAt: Date;
  readonly requestId?: string;
};

/** One request before it is sent; `auth` signs it, `fetch` sends it. */
export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** One answer, decompressed but not read. Header names are in lower case. */
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Date;
};

declare const checked: unique symbol;

/** A record that passed `engine/ocsf/check-record.ts`; nothing else can make one, and sinks take nothing else. */
export type OcsfRecord = JsonObject & { readonly [checked]: true };

/** What became of one source record. `warnings` (deprecated attributes and the like) never reject. */
export type Outcome =
  | {
      readonly kind: 'accepted';
      readonly origin: Origin;
      readonly record: OcsfRecord;
      readonly warnings: readonly Issue[];
    }
  | { readonly kind: 'rejected'; readonly origin: Origin; readonly issues: readonly Issue[] };

/** How a stream ended. `complete` is the only one without a reason. */
export type Ending = 'complete' | 'denied' | 'unlicensed' | 'retired' | 'failed' | 'stopped' | 'skipped';

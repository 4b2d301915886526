import type { Cursor, Hydrate, Pagination, Parent, Records, StreamRequest } from '../descriptor/descriptor.ts';
import type { HttpAnswer, JsonObject, JsonValue, Page } from '../records.ts';
import type { AskOptions } from './ask-source.ts';
import type { Call } from './call.ts';
import type { Values } from './expand-template.ts';
import type { TypedValues } from './fill-body.ts';

/**
 * Where a reading goes on after a page that is durable: plain JSON that a person can read. It holds addresses and page
 * tokens, never a credential. Each kind of walk has a shape of its own; nobody else looks inside.
 */
export type Position = JsonObject;

export type FetchedPage = Page & {
  /** In the source's order; each may still be anything. */
  readonly rows: readonly JsonValue[];
  /** An answer as it came, and the rows in it. They are `rows` itself, unless the page was made of more than that. */
  readonly whole?: { readonly answer: HttpAnswer; readonly rows: readonly JsonValue[] } | undefined;
  /** Where this reading goes on after the page; absent on its last one. */
  readonly next?: Position;
  /** What the next run starts from, once this page is durable; absent where it is not known yet. */
  readonly cursor?: JsonObject;
  /** How many rows the source says the list has. */
  readonly total?: number;
  /** The source sent the reading back to the first page of its list: what comes now may have come before. */
  readonly anew?: true;
  /** The page is of a job begun before this reading: what came to the source since then is not in it. */
  readonly adopted?: true;
  /** The times between which the source says the rows lie, in milliseconds since 1970: rows outside do not come again. */
  readonly span?: { readonly from: number; readonly to: number };
};

export type ReadPagesOptions = AskOptions & {
  /** The stream's own call, without paging parameters, with its placeholders filled by the connection and by these. */
  readonly call: (values?: Values) => Call;
  /** Another request of the same stream: a job's status, the details of some ids. */
  readonly build: (request: StreamRequest, values: TypedValues) => Call;
  readonly pagination: Pagination;
  readonly hydrate?: Hydrate | undefined;
  readonly records: Records;
  /** The stream asks about each row of another one: of this list. */
  readonly children?: { readonly parent: Parent; readonly list: ReadPagesOptions } | undefined;
  /** Absent: the list is read whole. */
  readonly cursor?: Cursor | undefined;
  /** How far back the first reading of a cursor goes. */
  readonly lookbackMs?: number | undefined;
  /** The cursor that the last reading ended with; absent on the first one. */
  readonly since?: JsonObject | undefined;
  /** Goes on in the middle of a reading, after the page that told this position. */
  readonly from?: Position | undefined;
};

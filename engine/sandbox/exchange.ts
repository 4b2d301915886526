import type { IncomingHttpHeaders } from 'node:http';
import type { Values } from './fill.ts';

/** One request, read whole. */
export type Exchange = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The placeholders of this request: the description's values, ids, times, the origin. */
  readonly values: Values;
};

/** How much of the body reaches the client. */
export type Delivery = 'whole' | 'truncated' | 'dropped' | 'stalled';

export type Answer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] };
  readonly body: string;
};

/** Instead of an answer: nothing at all, with the connection kept open or closed. */
export type Silence = 'hang' | 'hang-up';

export function jsonAnswer(status: number, body: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

import type { Decoder, ErrorReading, Quota, Retry } from '../descriptor/descriptor.ts';
import type { HttpAnswer, HttpRequest, JsonValue } from '../records.ts';
import { answerError, failureIn, isSuccess } from './answer-error.ts';
import type { Clock } from './clock.ts';
import { type Call, writtenBody } from './call.ts';
import { FetchError } from './fetch-error.ts';
import type { HttpClient } from './http-client.ts';
import { decodeAnswer } from './decode-answer.ts';
import { quotaPauseMs } from './quota.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { requestName } from './request-name.ts';
import { type RetryBudget, withRetries } from './retry.ts';

/** Puts credentials on requests; the room `auth` makes them. */
export interface RequestSigner {
  sign(request: HttpRequest): Promise<HttpRequest>;
  /** After a 401 on this signed request: whether signing anew may help. */
  renew(refused: HttpRequest): boolean;
  secrets(): readonly string[];
}

/** Counted as it happens, so that the report is right however the stream ends. */
export type FetchTally = {
  /** Requests sent, repeats included. */
  requests: number;
  retries: number;
  /** Waiting for retries and for rate limits. */
  waitedMs: number;
  /** Ids of the last request, to quote to the vendor. */
  lastRequest: { readonly requestId?: string; readonly clientRequestId?: string };
};

export type AskOptions = {
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: ErrorReading;
  readonly retry: Retry;
  readonly http: HttpClient;
  readonly signer: RequestSigner;
  /** Headers that tell what is left of the source's own budget. */
  readonly quota?: Quota | undefined;
  /** How bytes become JSON; absent: as the content type says. */
  readonly decode?: readonly Decoder[] | undefined;
  readonly maxPageBytes: number;
  /** Absent: no pacing, and nobody to share a pause with. */
  readonly limiter?: RateLimiter | undefined;
  /** A header that gets a fresh UUID for every request. */
  readonly clientRequestIdHeader?: string | undefined;
  /** The header of an answer that holds the vendor's id of the request. */
  readonly requestIdHeader?: string | undefined;
  /** Fills the placeholders of the error rules' texts; must not throw. */
  readonly fill: (template: string) => string;
  readonly tally: FetchTally;
  readonly clock: Clock;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly newUuid: () => string;
  readonly onWait?: ((ms: number, why: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type Answered = { readonly answer: HttpAnswer; readonly body: JsonValue; readonly requestId?: string };

type Try = { readonly request: HttpRequest; readonly answer: HttpAnswer };

export function newTally(): FetchTally {
  return { requests: 0, retries: 0, waitedMs: 0, lastRequest: {} };
}

/**
 * Sends one call until the source answers with JSON or the retry table gives up. Throws a {@link FetchError},
 * what the signer throws, or `signal.reason`.
 */
export async function askSource(call: Call, budget: RetryBudget, options: AskOptions): Promise<Answered> {
  const { retry, random, signal, signer, tally } = options;
  const clock = { ...options.clock, sleep: (ms: number) => waiting(options, () => options.clock.sleep(ms, signal)) };
  let renewed = false;
  const attempt = async (): Promise<Answered> => {
    let tried = await tryOnce(call, options);
    if (tried.answer.status === 401 && !renewed && signer.renew(tried.request)) {
      renewed = true;
      tally.retries++;
      tried = await tryOnce(call, options);
    }
    return readAnswer(tried, call.wanted ?? [], options);
  };
  const onRetry = (ms: number, failure: FetchError): void => noteRetry(ms, failure, options);
  return withRetries(attempt, { retry, budget, clock, random, signal, onRetry });
}

async function tryOnce(call: Call, options: AskOptions): Promise<Try> {
  const { limiter, signal, signer, http, tally, onWait } = options;
  const ids = options.clientRequestIdHeader === undefined ? {} : { clientRequestId: options.newUuid() };
  const request = unsigned(call, ids.clientRequestId, options);
  // A first token is fetched now, and not between the turn and the sending, which would blur the rate.
  await signer.sign(request);
  const permit = await waiting(options, async () => limiter?.acquire(signal, (ms) => onWait?.(ms, 'rate limit')));
  try {
    // Signed last: a signature or token may grow old while the request waits for its turn.
    const signed = await signer.sign(request);
    tally.requests++;
    tally.lastRequest = ids;
    const answer = await http.send(signed, signal, permit);
    noteRequestId(answer, options);
    noteQuota(answer, options);
    return { request: signed, answer };
  } catch (error) {
    throw error instanceof FetchError ? error.with(tally.lastRequest) : error;
  } finally {
    permit?.release();
  }
}

function unsigned(call: Call, clientRequestId: string | undefined, options: AskOptions): HttpRequest {
  const { method, url } = call;
  const body = call.body === undefined ? undefined : writtenBody(call.body);
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': body.contentType }),
  };
  for (const [name, value] of Object.entries(options.headers)) headers[name.toLowerCase()] = value;
  const idHeader = options.clientRequestIdHeader?.toLowerCase();
  if (idHeader !== undefined && clientRequestId !== undefined) headers[idHeader] = clientRequestId;
  return { method, url, headers, ...(body === undefined ? {} : { body: body.text }) };
}

function noteRequestId({ headers }: HttpAnswer, { requestIdHeader, tally }: AskOptions): void {
  const requestId = requestIdHeader === undefined ? undefined : headers[requestIdHeader.toLowerCase()];
  if (requestId !== undefined) tally.lastRequest = { ...tally.lastRequest, requestId };
}

function readAnswer({ request, answer }: Try, wanted: readonly number[], options: AskOptions): Answered {
  const { errors, retry, fill, signer, requestIdHeader, tally } = options;
  const name = requestName(request);
  let failure: JsonValue | undefined;
  if (isSuccess(answer) || wanted.includes(answer.status)) {
    const body = decoded(answer, name, options);
    failure = failureIn(body, answer, errors);
    if (failure === undefined) return { answer, body, ...tally.lastRequest };
  }
  const told = { reading: errors, requestName: name, fill, secrets: signer.secrets(), requestIdHeader, body: failure };
  const error = answerError(answer, retry, told);
  if (error.requestId !== undefined) tally.lastRequest = { ...tally.lastRequest, requestId: error.requestId };
  throw error.with(tally.lastRequest);
}

function decoded(answer: HttpAnswer, name: string, { decode, maxPageBytes, tally }: AskOptions): JsonValue {
  try {
    return decodeAnswer(answer, name, decode, maxPageBytes);
  } catch (error) {
    throw error instanceof FetchError ? error.with(tally.lastRequest) : error;
  }
}

function noteQuota(answer: HttpAnswer, { quota, limiter }: AskOptions): void {
  const pauseMs = quota === undefined ? undefined : quotaPauseMs(answer, quota);
  if (pauseMs !== undefined) limiter?.pauseFor(pauseMs);
}

function noteRetry(ms: number, failure: FetchError, { tally, limiter, onWait }: AskOptions): void {
  tally.retries++;
  // What one stream is told holds for all that share its budget.
  if (failure.code === 'fetch/throttled' || failure.httpStatus === 429 || failure.retryAfterSeconds !== undefined)
    limiter?.pauseFor(ms);
  onWait?.(ms, failure.message);
}

/** Counts the time as waited, also when it ends early. */
async function waiting<T>({ clock, tally }: AskOptions, work: () => Promise<T>): Promise<T> {
  const from = clock.now().getTime();
  try {
    return await work();
  } finally {
    tally.waitedMs += clock.now().getTime() - from;
  }
}

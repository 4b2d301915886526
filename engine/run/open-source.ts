import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { authAddresses } from '../auth/auth-addresses.ts';
import { createSigner } from '../auth/create-signer.ts';
import type { Signer } from '../auth/signer.ts';
import { consentUrlOf } from '../descriptor/consent-url.ts';
import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { parseDuration } from '../descriptor/duration.ts';
import { listItems } from '../descriptor/list-items.ts';
import { fillKnown, fillTemplate } from '../descriptor/placeholders.ts';
import type { Connection } from '../descriptor/resolve-connection.ts';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { FetchTally } from '../fetch/ask-source.ts';
import { buildUrl } from '../fetch/build-url.ts';
import { fillBody } from '../fetch/fill-body.ts';
import { type Clock, systemClock } from '../fetch/clock.ts';
import { createHttpClient, type HttpClient } from '../fetch/http-client.ts';
import { createRateLimiter, type RateLimiter } from '../fetch/rate-limiter.ts';
import type { Position, ReadPagesOptions } from '../fetch/reading.ts';
import { createTokenSend } from '../fetch/send-for-token.ts';
import type { JsonObject, JsonValue } from '../records.ts';

/** A connection to the source that all streams of a run share: one token, one set of budgets, one set of sockets. */
export type Source = {
  readonly descriptor: Descriptor;
  readonly connection: Connection;
  readonly tenantUid: string | undefined;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly consentUrl: string | undefined;
  /** Everything `readPages` needs for a stream that has an address. */
  reading(stream: Stream, effects: ReadingEffects): ReadPagesOptions;
  /** Gets a token where there is one to get, so that refused credentials show before any stream begins. */
  authorise(): Promise<void>;
  /** What no output may hold, as far as known by now. */
  secrets(): readonly string[];
  close(): void;
};

export type ReadingEffects = {
  readonly tally: FetchTally;
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: ((ms: number, why: string) => void) | undefined;
  /** Query parameters that replace the stream's own, for a probe. */
  readonly query?: { readonly [name: string]: string };
  /** The cursor to go on from. */
  readonly since?: JsonObject | undefined;
  /** Where in a reading to go on. */
  readonly from?: Position | undefined;
};

export type OpenOptions = { readonly pace: boolean; readonly signal?: AbortSignal | undefined };

/** Requests under way at once over all streams; a rate limit may allow fewer. */
const maxRequestsAtOnce = 8;

export function openSource(descriptor: Descriptor, connection: Connection, { pace, signal }: OpenOptions): Source {
  const clock = systemClock;
  const values = (name: string) => connection.values[name];
  const fill = (template: string) => fillTemplate(template, connection.values);
  const http = limited(
    createHttpClient(
      { ...descriptor.request, userAgent: 'sluice', allowedOrigins: allowedOrigins(descriptor, connection) },
      () => clock.now(),
    ),
  );
  const consentUrl = fill(consentUrlOf(descriptor) ?? '');
  const texts = (stream?: Stream) => advice(descriptor, connection, consentUrl, stream);
  const signer = createSigner(descriptor.auth, {
    values: fill,
    send: createTokenSend({
      http,
      errors: descriptor.errors.token,
      retry: descriptor.retry,
      fill: texts(),
      clock,
      random: Math.random,
      signal,
    }),
    now: () => clock.now(),
    newUuid: randomUUID,
  });
  const limiters = new Map<string, RateLimiter>(
    Object.entries(descriptor.rateLimits).map(([name, limit]) => [name, createRateLimiter(limit, clock, { pace })]),
  );
  return {
    descriptor,
    connection,
    tenantUid: descriptor.tenantUid === undefined ? undefined : fill(descriptor.tenantUid),
    signer,
    clock,
    consentUrl: consentUrl === '' ? undefined : consentUrl,
    reading(stream, effects) {
      const { request } = stream;
      if (request === undefined)
        throw new CannotRunError('descriptor/missing-key', `The stream "${stream.name}" has no path.`);
      const named = (name: string) => (name === 'apiVersion' ? stream.apiVersion : values(name));
      const cursorQuery = stream.cursor === undefined || stream.cursor.kind === 'delta-link' ? {} : stream.cursor.query;
      const query = { ...request.query, ...cursorQuery, ...effects.query };
      const headers = { ...descriptor.request.headers, ...request.headers };
      const typed = (name: string) => {
        if (descriptor.connection.properties[name]?.type === 'list') return listItems(named(name) ?? '');
        return name in connection.shown ? connection.shown[name] : named(name);
      };
      const build: ReadPagesOptions['build'] = ({ method, path, query: asked, body }, more) => ({
        method,
        url: buildUrl({ baseUrl: descriptor.baseUrl, path, query: asked }, (name) => asText(more(name)) ?? named(name)),
        ...(body === undefined ? {} : { body: fillBody(body, (name) => typedTime(name, more(name)) ?? typed(name)) }),
      });
      return {
        call: (more) => build({ ...request, query }, (name) => more?.(name)),
        children:
          stream.parent === undefined
            ? undefined
            : { parent: stream.parent, list: this.reading(parentOf(stream, descriptor), effects) },
        build,
        hydrate: stream.hydrate,
        decode: stream.decode,
        maxPageBytes: descriptor.request.maxPageBytes,
        quota: stream.rateLimit === undefined ? undefined : descriptor.rateLimits[stream.rateLimit]?.quota,
        cursor: stream.cursor,
        lookbackMs: lookbackOf(stream, fill),
        since: effects.since,
        from: effects.from,
        pagination: stream.pagination,
        records: stream.records,
        headers: Object.fromEntries(Object.entries(headers).map(([name, template]) => [name, fill(template) ?? ''])),
        errors: descriptor.errors.source,
        retry: descriptor.retry,
        http,
        signer,
        limiter: stream.rateLimit === undefined ? undefined : limiters.get(stream.rateLimit),
        clientRequestIdHeader: descriptor.request.clientRequestIdHeader,
        requestIdHeader: descriptor.request.requestIdHeader,
        fill: texts(stream),
        tally: effects.tally,
        clock,
        random: Math.random,
        newUuid: randomUUID,
        onWait: effects.onWait,
        signal: effects.signal,
      };
    },
    async authorise() {
      const [first] = descriptor.streams.filter(({ request }) => request !== undefined);
      if (first === undefined) return;
      const url = buildUrl({ baseUrl: descriptor.baseUrl, path: '', query: {} }, (name) =>
        name === 'apiVersion' ? first.apiVersion : values(name),
      );
      await signer.sign({ method: 'GET', url, headers: {} });
    },
    secrets: () => [...connection.secrets, ...signer.secrets()],
    close: () => {
      http.close();
    },
  };
}

/** Two limits, two limiters: a stream that holds its place waits for requests, never the other way round. */
function limited(http: HttpClient): HttpClient {
  const limit = pLimit(maxRequestsAtOnce);
  return {
    send: (request, signal, progress) => limit(() => http.send(request, signal, progress)),
    close: () => {
      http.close();
    },
  };
}

/** The stream whose rows this one asks about. */
function parentOf({ name, parent }: Stream, { streams }: Descriptor): Stream {
  const found = streams.find((stream) => stream.name === parent?.stream);
  if (found !== undefined) return found;
  throw new CannotRunError(
    'descriptor/unknown-reference',
    `The stream "${name}" has no parent "${parent?.stream ?? ''}".`,
  );
}

/** A list in an address is written with commas. */
function asText(value: JsonValue | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String).join(',') : JSON.stringify(value);
}

/** `{from.s}` and `{to.ms}` count: alone in a JSON body they are numbers. */
function typedTime(name: string, value: JsonValue | undefined): JsonValue | undefined {
  return /^(from|to)\.(s|ms)$/.test(name) && typeof value === 'string' ? Number(value) : value;
}

/** How far back the first reading goes: told by the descriptor, or by the connection property that it names. */
function lookbackOf({ name, cursor }: Stream, fill: (template: string) => string | undefined): number | undefined {
  if (cursor === undefined || cursor.kind === 'delta-link') return undefined;
  const text = fill(cursor.lookback);
  const ms = parseDuration(text ?? '');
  if (ms !== undefined) return ms;
  const property = cursor.lookback.replace(/[{}]/g, '');
  throw new CannotRunError(
    'connection/wrong-value',
    `How far back "${name}" is to be read stands in ${property}, which is ${text === undefined ? 'not given' : JSON.stringify(text)}.`,
    { hint: `Give ${property} a duration such as 12h or 30d.` },
  );
}

/** The origins that the descriptor and the connection name: those of the source and of the token endpoint. */
function allowedOrigins(descriptor: Descriptor, connection: Connection): string[] {
  const templates = [descriptor.baseUrl, ...descriptor.auth.flatMap(authAddresses)];
  return templates.flatMap((template) => {
    const filled = fillTemplate(template, { apiVersion: 'v', ...connection.values });
    return filled !== undefined && URL.canParse(filled) ? [new URL(filled).origin] : [];
  });
}

/** Fills the texts of an error catalogue; a placeholder without a value stays readable. */
function advice(
  descriptor: Descriptor,
  connection: Connection,
  consentUrl: string | undefined,
  stream: Stream | undefined,
): (template: string) => string {
  const values: { [name: string]: string | undefined } = {
    ...Object.fromEntries(Object.entries(connection.shown).map(([name, value]) => [name, String(value)])),
    consentUrl,
    permissions: stream?.permissions.join(' and '),
    stream: stream?.name,
    licence: stream?.licence ?? descriptor.product.name,
    successor: stream?.deprecation?.successor,
    apiVersion: stream?.apiVersion,
  };
  return (template) => fillKnown(template, values);
}

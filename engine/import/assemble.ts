import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import { shareBase } from './addresses.ts';
import { type Connection, looksSecret, soundsSecret } from './connection.ts';
import type { AddressedStream, AuthBlock, Imported, ImportedErrors, ImportedStream, Sent } from './imported.ts';
import { lost, needless, type Place, secretInClear } from './place.ts';

/** All that a reader of a format has found; streams still with their whole addresses, secrets where the file has them. */
export type Found = {
  readonly about: Pick<Imported, 'title' | 'vendorName' | 'summary' | 'links'>;
  readonly connection: Connection;
  /** Absent: none is told, and a secret that is sent shows what it is. */
  readonly auth?: AuthBlock;
  readonly request?: JsonObject;
  readonly rateLimits?: JsonObject;
  readonly retry?: JsonObject;
  readonly errors: ImportedErrors;
  readonly streams: readonly AddressedStream[];
  readonly root: Place;
  /** Where every key must have been read; absent: in all of the file. */
  readonly readWhole?: readonly Place[];
};

/** Finds the base address, moves credentials to where they belong, and takes out those that stand in the file in clear. */
export function assemble(found: Found): Imported {
  const { connection, about, request, rateLimits, retry, errors } = found;
  const { baseUrl, placed } = shareBase(found.streams, connection);
  const masked = placed.map(({ stream, path, query }) => ({
    stream,
    path,
    query: withoutSecrets(query, connection),
    headers: withoutSecrets(usefulHeaders(stream.headers), connection),
  }));
  const auth = found.auth ?? authFromSent(masked, connection);
  const finished = masked.map((one) => finish(one, auth, connection));
  const shared = sharedHeaders(finished);
  const streams = finished.map((stream) => withoutHeaders(stream, shared));
  const text = JSON.stringify([baseUrl, auth, request, shared, streams]);
  const unused = connection.missingFrom(text);
  if (unused.length > 0) {
    const names = unused.map((name) => `"${name}"`).join(', ');
    needless(found.root, `Nothing that was carried uses ${names}: left out of the connection.`);
  }
  return {
    ...about,
    baseUrl,
    properties: connection.standingIn(text),
    auth,
    ...settingsOf(request, shared),
    ...(rateLimits !== undefined && { rateLimits }),
    ...(retry !== undefined && { retry }),
    errors,
    streams,
  };
}

type Masked = { readonly stream: AddressedStream; readonly path: string; readonly query: Sent; readonly headers: Sent };

/** A credential in the file becomes a connection property of the same name. */
function withoutSecrets(sent: Sent, connection: Connection): Sent {
  return Object.fromEntries(
    Object.entries(sent).map(([name, { text, place }]) => {
      const inClear =
        !text.includes('{') && text !== '' && (looksSecret(text) || (soundsSecret(name) && text.length > 3));
      return [name, inClear ? { text: secretAs(name, text, place, connection), place } : { text, place }];
    }),
  );
}

/** `Bearer abc` → `Bearer {authorization}` */
function secretAs(name: string, text: string, place: Place, connection: Connection): string {
  secretInClear(place, `"${name}" holds a credential in clear; it was not copied.`, askForIt);
  const [, scheme = ''] = /^([A-Za-z]+\s+)\S/.exec(text) ?? [];
  return `${scheme}${connection.use(name, { secret: true })}`;
}

export const askForIt =
  'The operator gives it as a connection property, by env: or file:. Have it replaced at the vendor: it has been seen.';

/** The engine sends what fits the body itself. */
function usefulHeaders(headers: Sent): Sent {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name, { text }]) =>
        !(/^content-type$/i.test(name) && /json|x-www-form-urlencoded/i.test(text)) &&
        !/^(content-length|host)$/i.test(name),
    ),
  );
}

/** Tools without a kind of auth for it send a key as any header or parameter. */
function authFromSent(streams: readonly Masked[], connection: Connection): AuthBlock {
  for (const { headers, query } of streams) {
    for (const [name, { text }] of Object.entries(headers)) {
      if (!connection.isSecret(text)) continue;
      const [, token] = /^Bearer\s+(\{\w+\})$/i.exec(text) ?? [];
      if (/^authorization$/i.test(name) && token !== undefined) return { kind: 'bearer', token };
      return { kind: 'api-key', in: 'header', name, value: text };
    }
    for (const [name, { text }] of Object.entries(query)) {
      if (connection.isSecret(text)) return { kind: 'api-key', in: 'query', name, value: text };
    }
  }
  return { kind: 'none' };
}

function finish({ stream, path, query, headers }: Masked, auth: AuthBlock, connection: Connection): ImportedStream {
  const { name, summary, records, pagination, primaryKey, shape, body, more } = stream;
  const kept = keptQuery(query, auth, connection);
  const sent = Object.entries(headers).filter(([name, { text }]) => !isSentByAuth(name, text, auth));
  return {
    name,
    summary,
    path,
    records,
    pagination,
    primaryKey,
    ...(shape !== undefined && { shape }),
    more: {
      ...(more.method !== undefined && { method: more.method }),
      ...(Object.keys(kept).length > 0 && { query: kept }),
      ...(sent.length > 0 && { headers: Object.fromEntries(sent.map(([name, { text }]) => [name, text])) }),
      ...(body !== undefined && { body: maskedBody(body.block, body.place, connection) }),
      ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'method')),
    },
  };
}

/** Headers that every one of several streams sends alike. */
function sharedHeaders(streams: readonly ImportedStream[]): JsonObject {
  const [first, ...others] = streams.map(({ more }) => (isJsonObject(more.headers) ? more.headers : {}));
  if (first === undefined || others.length === 0) return {};
  return Object.fromEntries(
    Object.entries(first).filter(
      ([name, value]) =>
        typeof value === 'string' && !value.includes('{') && others.every((one) => one[name] === value),
    ),
  );
}

function withoutHeaders(stream: ImportedStream, shared: JsonObject): ImportedStream {
  const { headers, ...more } = stream.more;
  if (!isJsonObject(headers)) return stream;
  const own = Object.entries(headers).filter(([name]) => !(name in shared));
  return { ...stream, more: { ...more, ...(own.length > 0 && { headers: Object.fromEntries(own) }) } };
}

function settingsOf(request: JsonObject | undefined, headers: JsonObject): { request?: JsonObject } {
  const settings = { ...request, ...(Object.keys(headers).length > 0 && { headers }) };
  return Object.keys(settings).length === 0 ? {} : { request: settings };
}

function keptQuery(query: Sent, auth: AuthBlock, connection: Connection): { [name: string]: string } {
  const kept = Object.entries(query).filter(([name, { text, place }]) => {
    if (isSentByAuth(name, text, auth)) return false;
    if (!connection.isSecret(text)) return true;
    lost(
      place,
      `"${name}" sends a second secret in the query, where logs would show it.`,
      'One credential can be sent there: auth of kind api-key with "in: query".',
    );
    return false;
  });
  return Object.fromEntries(kept.map(([name, { text }]) => [name, text]));
}

function isSentByAuth(name: string, text: string, auth: AuthBlock): boolean {
  if (auth.kind === 'bearer') return /^authorization$/i.test(name) && /^Bearer\s/i.test(text);
  return auth.kind === 'api-key' && auth.name === name && auth.value === text;
}

function maskedBody(value: JsonObject, place: Place, connection: Connection): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, maskedValue(key, inner, place, connection)]),
  );
}

function maskedValue(key: string, value: JsonValue, place: Place, connection: Connection): JsonValue {
  if (Array.isArray(value)) return value.map((item) => maskedValue(key, item, place, connection));
  if (isJsonObject(value)) return maskedBody(value, place, connection);
  if (typeof value !== 'string' || value.includes('{') || value === '') return value;
  return looksSecret(value) || (soundsSecret(key) && value.length > 3)
    ? secretAs(key, value, place, connection)
    : value;
}

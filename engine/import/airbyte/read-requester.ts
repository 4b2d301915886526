import { isJsonObject, type JsonObject, type JsonValue } from '../../records.ts';
import { type AddressedStream, fillIn, type Sent } from '../imported.ts';
import { deep, entriesOf, inside, isThere, lost, pass, type Place, textOf } from '../place.ts';
import { jinja, jinjaIn, type Scope } from './jinja.ts';

/** What a requester asks, and where it says that the token of the next page goes. */
export type Request = Pick<AddressedStream, 'address' | 'addressPlace' | 'query' | 'headers' | 'body'> & {
  readonly method?: 'POST' | 'GET';
  /** The parameter that is exactly the next page's token. */
  readonly tokenParameter?: string;
  readonly tokenInBody?: string;
};

/** The authenticator and the error handler of a requester are read by others. */
export function readRequester(place: Place, scope: Scope): Request {
  const type = textOf(inside(place, 'type'));
  if (type !== undefined && type !== 'HttpRequester') {
    lost(
      place,
      `A ${type} is code of its own and has no equivalent.`,
      'Give the stream its path, query and body yourself.',
    );
    return { address: fillIn, addressPlace: place, query: {}, headers: {} };
  }
  const addressPlace = [inside(place, 'url'), inside(place, 'path'), inside(place, 'url_base')].find(isThere) ?? place;
  const method = (textOf(inside(place, 'http_method')) ?? 'GET').toUpperCase();
  if (method !== 'GET' && method !== 'POST')
    lost(inside(place, 'http_method'), `The method ${method} has no equivalent.`);
  const query = readSent(inside(place, 'request_parameters'), place, scope, 'query');
  const headers = readSent(inside(place, 'request_headers'), place, scope, 'headers');
  const body = readBody(place, scope);
  pass(place, 'use_cache');
  for (const key of ['query_properties', 'fetch_properties_from_endpoint']) {
    const own = inside(place, key);
    if (isThere(own))
      lost(own, 'A list of properties that is asked for first has no equivalent.', 'Name the properties in the query.');
  }
  return {
    address: addressOf(place, scope),
    addressPlace,
    query: query.sent,
    headers: headers.sent,
    ...(method === 'POST' ? { method: 'POST' } : {}),
    ...(query.token !== undefined && { tokenParameter: query.token }),
    ...(body !== undefined && { body: body.body }),
    ...(body?.token !== undefined && { tokenInBody: body.token }),
  };
}

function addressOf(place: Place, scope: Scope): string {
  const url = jinja(inside(place, 'url'), place, scope);
  const base = url ?? jinja(inside(place, 'url_base'), place, scope) ?? '';
  const path = jinja(inside(place, 'path'), place, scope) ?? '';
  if (path === '') return base;
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** The token of the next page, and nothing else. */
const nextToken = /^\{\{\s*next_page_token(\[\s*(['"])next_page_token\2\s*\]|\.next_page_token)?\s*\}\}$/;

function readSent(
  place: Place,
  component: Place,
  scope: Scope,
  what: 'query' | 'headers',
): { sent: Sent; token?: string } {
  if (typeof place.value === 'string') {
    lost(place, `The ${what} as one expression has no equivalent.`, 'Write each parameter by its name.');
    return { sent: {} };
  }
  const sent: { [name: string]: Sent[string] } = {};
  let token: string | undefined;
  for (const [name, inner] of entriesOf(place)) {
    const text = textOf(inner);
    if (text === undefined) {
      if (isThere(inner)) lost(inner, `"${name}" is no text, and has no equivalent.`);
    } else if (nextToken.test(text.trim())) {
      if (what === 'query') token = name;
      else
        lost(inner, "The next page's token in a header has no equivalent.", 'Cursors go into the query or the body.');
    } else {
      sent[name] = { text: jinja(inner, component, scope) ?? '', place: inner };
    }
  }
  return { sent, ...(token !== undefined && { token }) };
}

type Body = { readonly body: NonNullable<AddressedStream['body']>; readonly token?: string };

function readBody(place: Place, scope: Scope): Body | undefined {
  const modern = inside(place, 'request_body');
  const value = inside(modern, 'value');
  switch (textOf(inside(modern, 'type')) ?? '') {
    case 'RequestBodyJsonObject':
      return jsonBody(value, place, scope);
    case 'RequestBodyUrlEncodedForm':
      return formBody(value, place, scope);
    case 'RequestBodyGraphQL': {
      const variables = jinjaIn(inside(value, 'variables'), place, scope);
      const block = {
        graphql: { query: textOf(inside(value, 'query')) ?? '', ...(isJsonObject(variables) && { variables }) },
      };
      return { body: { block, place: value } };
    }
    case 'RequestBodyPlainText':
      lost(modern, 'A body of plain text has no equivalent.', 'Bodies are JSON, forms or GraphQL.');
      return undefined;
    default:
      break;
  }
  const json = inside(place, 'request_body_json');
  if (isThere(json)) return jsonBody(json, place, scope);
  const data = inside(place, 'request_body_data');
  return isThere(data) ? formBody(data, place, scope) : undefined;
}

function jsonBody(place: Place, component: Place, scope: Scope): Body | undefined {
  if (typeof place.value === 'string') {
    lost(place, 'A body as one expression has no equivalent.', 'Write it as an object under body.json.');
    return undefined;
  }
  const taken = withoutToken(place.value ?? {}, '');
  const json = jinjaIn({ ...place, value: taken.value }, component, scope);
  for (const [key] of isJsonObject(place.value) ? Object.entries(place.value) : []) inside(place, key);
  return { body: { block: { json }, place }, ...(taken.pointer !== undefined && { token: taken.pointer }) };
}

/** A body without the field that is exactly the next page's token. */
function withoutToken(value: JsonValue, at: string): { value: JsonValue; pointer?: string } {
  if (!isJsonObject(value)) return { value };
  const kept: JsonObject = {};
  let pointer: string | undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && nextToken.test(inner.trim())) {
      pointer = `${at}/${key}`;
      continue;
    }
    const below = withoutToken(inner, `${at}/${key}`);
    kept[key] = below.value;
    pointer ??= below.pointer;
  }
  return { value: kept, ...(pointer !== undefined && { pointer }) };
}

function formBody(place: Place, component: Place, scope: Scope): Body | undefined {
  if (typeof place.value === 'string') {
    lost(place, 'A body of plain text has no equivalent.', 'Write its fields under body.form.');
    return undefined;
  }
  const { sent, token } = readSent(place, component, scope, 'query');
  const form = Object.fromEntries(Object.entries(sent).map(([name, { text }]) => [name, text]));
  return { body: { block: { form }, place: deep(place) }, ...(token !== undefined && { token }) };
}

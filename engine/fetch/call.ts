import type { ParameterIn, RequestBody } from '../descriptor/descriptor.ts';
import { isJsonObject, type HttpRequest, type JsonValue } from '../records.ts';
import { pointerKeys, withValueAt } from '../json-pointer.ts';
import { readParameter, withParameter } from './query-parameter.ts';

/** One request of a stream before headers and credentials are put on it. */
export type Call = {
  readonly method: HttpRequest['method'];
  readonly url: URL;
  readonly body?: RequestBody;
  /** Statuses whose answer is wanted like that of a success. */
  readonly wanted?: readonly number[];
};

/** Where a parameter of paging stands: in the query by its name, or in the body by a JSON Pointer (or a form field's name). */
export type ParameterPlace = { readonly parameter: string; readonly in?: ParameterIn | undefined };

/** The call with one parameter set; all others stay as they are. Digits become a number in a JSON body. */
export function withCallParameter(call: Call, { parameter, in: place = 'query' }: ParameterPlace, value: string): Call {
  if (place === 'query') return { ...call, url: withParameter(call.url, parameter, value) };
  const body = call.body ?? { kind: 'json', value: {} };
  if (body.kind === 'form') return { ...call, body: { ...body, fields: { ...body.fields, [parameter]: value } } };
  const written = /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
  // Once filled, a GraphQL request is JSON like any other.
  return { ...call, body: { kind: 'json', value: withValueAt(body.value, keysOf(parameter), written) } };
}

export function readCallParameter(
  { url, body }: Call,
  { parameter, in: place = 'query' }: ParameterPlace,
): string | undefined {
  if (place === 'query') return readParameter(url, parameter);
  if (body?.kind === 'form') return body.fields[parameter];
  const found = keysOf(parameter).reduce<JsonValue | undefined>(
    (inner, key) => (isJsonObject(inner) ? inner[key] : undefined),
    body?.value,
  );
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}

/** The body as it is sent. */
export function writtenBody(body: RequestBody): { readonly contentType: string; readonly text: string } {
  return body.kind === 'form'
    ? { contentType: 'application/x-www-form-urlencoded', text: new URLSearchParams(body.fields).toString() }
    : { contentType: 'application/json', text: JSON.stringify(body.value) };
}

/** What tells two calls apart. */
export function callKey({ method, url, body }: Call): string {
  return body === undefined ? url.href : `${method} ${url.href} ${writtenBody(body).text}`;
}

/** The slash in front may be left out. */
function keysOf(parameter: string): string[] {
  return pointerKeys(parameter === '' || parameter.startsWith('/') ? parameter : `/${parameter}`);
}

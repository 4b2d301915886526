import { isJsonObject, type JsonObject, type JsonValue } from '../records.ts';
import type { Answer, Exchange } from './exchange.ts';
import { asText } from './fill.ts';
import { readJson } from './read-parameter.ts';
import type { BatchDescription } from './sandbox-description.ts';
import { answerBody, refuse, type Visit } from './service.ts';

/** Answers a request as if it had come by itself. */
export type Dispatch = (exchange: Exchange) => Promise<Answer>;

/** Several requests in one (OData JSON batch); the answers come in another order. */
export async function serveBatch(visit: Visit, { max }: BatchDescription, dispatch: Dispatch): Promise<Answer> {
  const body = readJson(visit.exchange.body);
  const requests = isJsonObject(body) ? body['requests'] : undefined;
  if (!Array.isArray(requests) || !requests.every(isJsonObject))
    return refuse(visit, 'bad-body', { parameter: 'requests' });
  if (requests.length > max) return refuse(visit, 'too-many-ids', { max });
  const responses: JsonValue[] = [];
  for (const request of [...requests].reverse()) responses.push(await answerOne(visit, request, dispatch));
  return answerBody(visit, { responses });
}

async function answerOne({ exchange, call }: Visit, request: JsonObject, dispatch: Dispatch): Promise<JsonObject> {
  const before = call.version === '' ? '' : `/${call.version}`;
  const url = new URL(`${exchange.url.origin}${before}${asText(request['url'] ?? '')}`);
  const answer = await dispatch({
    ...exchange,
    method: asText(request['method'] ?? 'GET'),
    url,
    body: request['body'] === undefined ? '' : JSON.stringify(request['body']),
  });
  const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    id: request['id'] ?? '',
    status: answer.status,
    headers: Object.fromEntries(headers),
    body: readJson(answer.body) ?? answer.body,
  };
}

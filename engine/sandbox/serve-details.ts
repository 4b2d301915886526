import type { JsonValue } from '../records.ts';
import type { Answer } from './exchange.ts';
import { readJson, readParameter } from './read-parameter.ts';
import type { DetailsDescription } from './sandbox-description.ts';
import { writeRow } from './serve-list.ts';
import { answerBody, collectionOf, fillBody, refuse, type Visit } from './service.ts';

/** Records by their keys: many at once, or one by its address. */
export function serveDetails(visit: Visit, answer: DetailsDescription): Answer {
  const { service } = visit;
  const ids = readIds(visit, answer);
  if (ids === undefined) return refuse(visit, 'bad-body', { parameter: answer.ids });
  if (ids.length > answer.max) return refuse(visit, 'too-many-ids', { max: answer.max });
  const collection = collectionOf(service, answer.collection);
  const found = ids.map((id) => ({ id, index: collection.find(id) }));
  const rows = found.flatMap(({ index }) => (index === undefined ? [] : [writeRow(answer, collection.record(index))]));
  const lost = found.filter(({ index }) => index === undefined).map(({ id }) => id);
  if (answer.ids.startsWith('{') && lost.length > 0) return refuse(visit, 'not-found', { id: lost[0] });
  const { missing } = answer;
  const told = missing === undefined ? [] : lost.map((id) => fillBody(visit, missing, { id }));
  return answerBody(visit, fillBody(visit, answer.envelope, { rows, row: rows[0], missing: told }));
}

/** `undefined`: the body does not hold a list of them. */
function readIds({ exchange, given }: Visit, { ids }: DetailsDescription): string[] | undefined {
  if (ids.startsWith('{')) return [given[ids.slice(1, -1)] ?? ''];
  if (ids.startsWith('/') && readJson(exchange.body) === undefined) return undefined;
  const read: JsonValue | undefined = readParameter(exchange, ids);
  if (typeof read === 'string' && !ids.startsWith('/')) return read.split(',');
  return Array.isArray(read) && read.every((id) => typeof id === 'string') ? read : undefined;
}

import type { JsonValue } from '../records.ts';
import { countSummary } from './count-summary.ts';
import type { Answer } from './exchange.ts';
import { fillObject } from './fill.ts';
import type { ListPage } from './list-page.ts';
import type { PathMatch } from './match-path.ts';
import type { SummaryDescription } from './sandbox-description.ts';
import { applyFaults, envelope } from './serve-list.ts';
import { answerBody, collectionOf, type Visit } from './service.ts';

/** Figures counted over every record there is now. */
export async function serveSummary(visit: Visit, answer: SummaryDescription, given: PathMatch): Promise<Answer> {
  const { service, exchange, name, faults } = visit;
  const collection = collectionOf(service, answer.over);
  const asked = `${name} ${JSON.stringify(given)} ${collection.changes.revision()}`;
  const counting = service.counted.get(asked) ?? countSummary(answer, collection, given);
  service.counted.set(asked, counting);
  const body = fillObject(answer.body, { ...exchange.values, ...given, ...(await counting) });
  const { rows, next } = applyFaults(onlyPage([body], visit), faults);
  if (answer.in === 'list') return envelope(visit, rows, next);
  return answerBody(visit, (Array.isArray(rows) ? rows[0] : rows) ?? null);
}

/** An endpoint that still answers, but with nothing. */
export function serveNothing(visit: Visit): Answer {
  const { rows, next } = applyFaults(onlyPage([], visit), visit.faults);
  return envelope(visit, rows, next);
}

/** A page of no collection, so that faults reach it as well. */
function onlyPage(rows: JsonValue[], { exchange }: Visit): ListPage {
  const link = (): string => exchange.url.href;
  return { rows, next: undefined, link, collection: undefined, offset: 0, size: 1, paused: false };
}

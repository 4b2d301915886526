import type { Records } from '../descriptor/descriptor.ts';
import type { Answered } from './ask-source.ts';
import type { Call } from './call.ts';
import { FetchError } from './fetch-error.ts';
import type { FetchedPage } from './reading.ts';
import { requestName } from './request-name.ts';
import { splitRows } from './split-rows.ts';

/** An answer as a page that nothing follows. */
export function toPage(
  { url }: Call,
  number: number,
  { answer, body, requestId }: Answered,
  records: Records,
): Omit<FetchedPage, 'next'> {
  const rows = splitRows(records, body);
  return {
    number,
    url: `${url.origin}${url.pathname}`,
    body,
    receivedAt: answer.receivedAt,
    ...(requestId === undefined ? {} : { requestId }),
    rows,
    whole: { answer, rows },
  };
}

/** Says of an error inside a page which page it was. */
export function locatedIn<T>(call: Call, number: number, { answer, requestId }: Answered, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const sentence = `It was page ${number} of ${requestName(call)}.`;
    throw error.with({ sentence, httpStatus: answer.status, ...(requestId === undefined ? {} : { requestId }) });
  }
}

import type { Stream } from '../descriptor/descriptor.ts';
import { EngineError } from '../diagnostics/engine-error.ts';
import { FetchError } from '../fetch/fetch-error.ts';
import type { StreamCheck } from './requests.ts';
import type { Reason } from './run-report.ts';
import type { Ended } from './stream-books.ts';

/** What a failure means for its stream. */
export function endedBy(error: unknown, stream: Stream, now: Date, signal: AbortSignal | undefined): Ended {
  if (signal?.aborted === true) return { ending: 'stopped', reason: interrupted };
  if (error instanceof FetchError) return endedByFetch(error, stream, now);
  if (error instanceof EngineError) return { ending: 'failed', reason: reasonOf(error) };
  return { ending: 'failed', reason: unforeseen(error) };
}

/** A bug of ours, told as one; it ends this stream, and the others go on. */
function unforeseen(error: unknown): Reason {
  return {
    code: 'run/unforeseen',
    message: `The engine met an error it did not foresee: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Please report it, with the descriptor and this report.',
  };
}

/** A stream that came to its end, with so many rows. */
export function endedByItself(stream: Stream, received: number, now: Date): Ended {
  // An endpoint that is no longer filled answers an empty list for ever; that is no news about the tenant.
  return received === 0 && isRetired(stream, now)
    ? { ending: 'retired', reason: retired(stream) }
    : { ending: 'complete' };
}

export const interrupted: Reason = {
  code: 'run/interrupted',
  message: 'The run was interrupted.',
  hint: 'What had been accepted by then is kept. Run again to read the stream to its end.',
};

export function limitReached(limit: number): Reason {
  return {
    code: 'run/limit-reached',
    message: `The stream has more than ${limit} records, the limit of this run.`,
    hint: 'Run without --limit to read all.',
  };
}

export function notInCloud(
  stream: Stream,
  connection: { readonly [property: string]: string | number | boolean },
): Reason | undefined {
  for (const [property, values] of Object.entries(stream.availableWhen)) {
    const value = String(connection[property]);
    if (!values.includes(value)) {
      return {
        code: 'fetch/not-in-cloud',
        message: `The vendor offers "${stream.title}" for ${property} ${values.join(', ')} only, and this connection has ${value}.`,
        hint: 'Leave the stream out for this connection.',
      };
    }
  }
  return undefined;
}

export function sourceIncomplete(stream: Stream, from: string, source: Ended): Reason {
  return {
    code: 'derive/source-incomplete',
    message: `"${stream.name}" is computed from "${from}", which did not complete (${source.ending}): ${source.reason?.message ?? ''}`,
    hint: source.reason?.hint ?? `Make "${from}" complete, then run again.`,
  };
}

export function notDerivable(
  stream: Stream,
  direct: Reason | undefined,
  connection: { readonly [property: string]: string | number | boolean },
): Reason {
  const asked = Object.keys(stream.derive?.where ?? {}).map(
    (property) => `${property} ${String(connection[property])}`,
  );
  const why = `It cannot be computed from "${stream.derive?.from ?? ''}" for ${asked.join(' and ')} either.`;
  if (direct === undefined) return { code: 'derive/not-derivable', message: why, hint: 'Choose another value.' };
  return { ...direct, message: `${direct.message} ${why}` };
}

export function reasonOf(error: EngineError): Reason {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error instanceof FetchError ? idsOf(error) : {}),
  };
}

function idsOf({ httpStatus, requestId, clientRequestId }: FetchError): Partial<Reason> {
  return {
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(clientRequestId === undefined ? {} : { clientRequestId }),
  };
}

/** Whether the vendor does not serve the address at all: then, too, a stream that can be computed is computed. */
export function isAbsent(told: Ended | StreamCheck): boolean {
  const ending = 'state' in told ? told.state : told.ending;
  return ending === 'failed' && goneStatuses.includes(told.reason?.httpStatus ?? 0);
}

/** Statuses of an address that is not served, or no longer. */
const goneStatuses = [400, 404, 405, 410, 501];

function endedByFetch(error: FetchError, stream: Stream, now: Date): Ended {
  const gone = error.means === 'retired' || (error.means === 'failed' && goneStatuses.includes(error.httpStatus ?? 0));
  if (gone && isRetired(stream, now)) {
    return { ending: 'retired', reason: { ...retired(stream), ...idsOf(error) } };
  }
  if (error.means === 'denied' && stream.grant === 'delegated')
    return { ending: 'denied', reason: { ...reasonOf(error), ...delegatedOnly(stream) } };
  return { ending: error.means, reason: reasonOf(error) };
}

function isRetired({ deprecation }: Stream, now: Date): boolean {
  return deprecation?.retiredOn !== undefined && Date.parse(deprecation.retiredOn) <= now.getTime();
}

function retired(stream: Stream): Reason {
  const { deprecation } = stream;
  return {
    code: 'fetch/retired',
    message: `The vendor has retired "${stream.title}". ${deprecation?.note ?? ''}`.trim(),
    hint:
      deprecation?.successor === undefined
        ? 'Leave the stream out.'
        : `Read the stream "${deprecation.successor}" instead.`,
  };
}

function delegatedOnly(stream: Stream): Pick<Reason, 'message' | 'hint'> {
  return {
    message: `The vendor refuses app-only tokens for "${stream.title}", whatever permission is granted.`,
    hint:
      stream.derive === undefined
        ? 'Leave the stream out.'
        : `Nothing to grant: it is computed from "${stream.derive.from}" where that completes.`,
  };
}

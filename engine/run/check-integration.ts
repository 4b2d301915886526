import type { Descriptor, Stream } from '../descriptor/descriptor.ts';
import { resolveConnection } from '../descriptor/resolve-connection.ts';
import { maskSecrets } from '../diagnostics/mask-secrets.ts';
import { newTally } from '../fetch/ask-source.ts';
import { readPages } from '../fetch/read-pages.ts';
import { endedBy, endedByItself, notInCloud } from './explain-ending.ts';
import { loadIntegration } from './integrations.ts';
import { openSource, type Source } from './open-source.ts';
import type { CheckReport, CheckRequest, StreamCheck } from './requests.ts';
import { selectStreams } from './run-integration.ts';
import type { Reason } from './run-report.ts';
import type { Ended } from './stream-books.ts';

/**
 * Gets a token and asks each stream for its first page, once. Says per stream whether it is ready, what is missing, and
 * what was granted beyond need. Nothing is mapped or delivered.
 *
 * Throws a `CannotRunError` where not even a token is to be had.
 */
export async function checkIntegration(request: CheckRequest): Promise<CheckReport> {
  const { descriptor } = await loadIntegration(request.places, request.integration);
  const streams = selectStreams(descriptor, {
    allStreams: true,
    ...(request.streams === undefined ? {} : { streams: request.streams }),
  });
  const connection = await resolveConnection(descriptor, request.connection);
  const source = openSource(descriptor, connection, { pace: request.pace, signal: request.signal });
  try {
    await source.authorise();
    const granted = await source.signer.granted();
    const checks: StreamCheck[] = [];
    for (const stream of streams) checks.push(await checkStream(stream, granted, source, request));
    return {
      integration: descriptor.name,
      ...(granted === undefined ? {} : { granted }),
      beyondNeed: beyondNeed(descriptor, granted),
      ...(source.consentUrl === undefined ? {} : { consentUrl: source.consentUrl }),
      streams: checks.map((check) => withTruth(check, checks, streams)),
    };
  } finally {
    source.close();
  }
}

async function checkStream(
  stream: Stream,
  granted: readonly string[] | undefined,
  source: Source,
  request: CheckRequest,
): Promise<StreamCheck> {
  const ended = await probe(stream, source, request);
  const { ending, reason } = ended;
  return {
    stream: stream.name,
    state: ending === 'complete' ? 'ready' : ending,
    default: stream.default,
    needs: stream.permissions,
    missing: granted === undefined ? [] : stream.permissions.filter((name) => !granted.includes(name)),
    ...(ending === 'complete'
      ? { httpStatus: 200 }
      : reason?.httpStatus === undefined
        ? {}
        : { httpStatus: reason.httpStatus }),
    ...(reason === undefined ? {} : { reason: maskReason(reason, source) }),
  };
}

/** One page, and no patience: what is throttled or down at the moment is told, not waited for. */
async function probe(stream: Stream, source: Source, request: CheckRequest): Promise<Ended> {
  const now = source.clock.now();
  if (stream.request === undefined) return { ending: 'skipped' };
  const unavailable = notInCloud(stream, source.connection.shown);
  if (unavailable !== undefined) return { ending: 'skipped', reason: unavailable };
  try {
    const reading = source.reading(stream, {
      tally: newTally(),
      signal: request.signal,
      onWait: (ms, why) => request.onEvent?.({ kind: 'waiting', stream: stream.name, ms, why }),
    });
    for await (const page of readPages({ ...reading, retry: { ...reading.retry, maxTries: 1 } })) {
      return page.rows.length > 0 ? { ending: 'complete' } : endedByItself(stream, 0, now);
    }
    return endedByItself(stream, 0, now);
  } catch (error) {
    return endedBy(error, stream, now, request.signal);
  }
}

/** A stream that its endpoint refuses is `derived` if the stream it is computed from is ready. */
function withTruth(check: StreamCheck, checks: readonly StreamCheck[], streams: readonly Stream[]): StreamCheck {
  const derive = streams.find(({ name }) => name === check.stream)?.derive;
  if (derive === undefined || !['denied', 'retired', 'skipped'].includes(check.state)) return check;
  return checks.some(({ stream, state }) => stream === derive.from && state === 'ready')
    ? { ...check, state: 'derived' }
    : check;
}

function beyondNeed({ streams }: Descriptor, granted: readonly string[] | undefined): string[] {
  const needed = new Set(streams.flatMap(({ permissions }) => permissions));
  return (granted ?? []).filter((name) => !needed.has(name));
}

function maskReason(reason: Reason, source: Source): Reason {
  return { ...reason, message: maskSecrets(reason.message, source.secrets()) };
}

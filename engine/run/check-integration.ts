import type { Stream } from '../descriptor/descriptor.ts';
import { type Connection, resolveConnection } from '../descriptor/resolve-connection.ts';
import { createDerivation } from '../derive/derivation.ts';
import { maskSecrets } from '../diagnostics/mask-secrets.ts';
import type { PathIndex } from '../permissions/path-index.ts';
import { beyondNeed, standingOf } from '../permissions/standing.ts';
import { streamPath } from '../permissions/stream-path.ts';
import { openVendorCatalogue } from './check-permissions.ts';
import { computableFrom, computedFrom, explainProbe, type Token } from './explain-check.ts';
import { notDerivable, isAbsent } from './explain-ending.ts';
import { loadIntegration } from './integrations.ts';
import { openSource, type Source } from './open-source.ts';
import { probeStream } from './probe-stream.ts';
import type { CheckReport, CheckRequest, StreamCheck } from './requests.ts';
import { selectStreams } from './run-integration.ts';
import type { Reason } from './run-report.ts';

/**
 * Gets a token and asks each stream for one small answer, once. Says per stream whether it is ready, what is missing,
 * and what was granted beyond need. Nothing is mapped or delivered.
 *
 * Throws a `CannotRunError` where not even a token is to be had.
 */
export async function checkIntegration(request: CheckRequest): Promise<CheckReport> {
  const { descriptor } = await loadIntegration(request.places, request.integration);
  const streams = selectStreams(descriptor, {
    allStreams: true,
    ...(request.streams === undefined ? {} : { streams: request.streams }),
  });
  const vendor = await openVendorCatalogue(descriptor, request.places.schemasDir);
  const connection = await resolveConnection(descriptor, request.connection);
  const source = openSource(descriptor, connection, { pace: request.pace, signal: request.signal });
  try {
    await source.authorise();
    const token: Token = { granted: await source.signer.granted(), consentUrl: source.consentUrl };
    const checks: StreamCheck[] = [];
    // One after the other: a check is in no hurry, and a pause that one stream is told to make holds for the next.
    for (const stream of streams) checks.push(await checkStream(stream, token, vendor, source, request));
    return {
      integration: descriptor.name,
      ...(token.granted === undefined ? {} : { granted: token.granted }),
      beyondNeed: beyondNeed(descriptor.streams, token.granted ?? []),
      ...(token.consentUrl === undefined ? {} : { consentUrl: token.consentUrl }),
      streams: checks.map((check) => withTruth(check, checks, streams, source)),
    };
  } finally {
    source.close();
  }
}

async function checkStream(
  stream: Stream,
  token: Token,
  vendor: PathIndex | undefined,
  source: Source,
  request: CheckRequest,
): Promise<StreamCheck> {
  const probed = await probeStream(stream, source, request);
  const access = vendor?.find(streamPath(source.descriptor, stream) ?? '');
  const standing = standingOf(stream, access, token.granted ?? stream.permissions);
  const explained = explainProbe(stream, probed, standing, token);
  const { ended, httpStatus, vendorCode } = probed;
  return {
    stream: stream.name,
    state: ended.ending === 'complete' ? 'ready' : ended.ending,
    default: stream.default,
    grant: stream.grant,
    needs: stream.permissions,
    ...(token.granted !== undefined && { openedBy: standing.openedBy }),
    missing: standing.missing,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(vendorCode !== undefined && { vendorCode }),
    ...explained,
    ...(explained?.reason !== undefined && { reason: masked(explained.reason, source) }),
  };
}

/** Endings at which a run computes the stream instead. */
const refused = ['denied', 'retired', 'skipped'];

/** A stream that its endpoint refuses or does not serve is `derived` if the stream it is computed from is ready, and its rows tell. */
function withTruth(
  check: StreamCheck,
  checks: readonly StreamCheck[],
  streams: readonly Stream[],
  { connection, clock }: Source,
): StreamCheck {
  const stream = streams.find(({ name }) => name === check.stream);
  if (stream?.derive === undefined || !(refused.includes(check.state) || isAbsent(check))) return check;
  const { from } = stream.derive;
  if (!isDerivable(stream, connection, clock.now())) {
    return { ...check, whatToDo: 'choose another value', reason: notDerivable(stream, check.reason, connection.shown) };
  }
  const source = checks.find((other) => other.stream === from);
  if (source?.state === 'ready') return { ...check, state: 'derived', whatToDo: computedFrom(from) };
  return { ...check, whatToDo: computableFrom(from, source !== undefined) };
}

function isDerivable({ name, derive }: Stream, connection: Connection, runStartedAt: Date): boolean {
  if (derive === undefined) return false;
  const facts = { stream: name, connection: connection.shown, runStartedAt };
  return createDerivation(derive, { ...facts, evaluateRecord: undefined, evaluateStep: undefined }) !== undefined;
}

function masked(reason: Reason, source: Source): Reason {
  return { ...reason, message: maskSecrets(reason.message, source.secrets()) };
}

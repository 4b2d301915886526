import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runScratch } from '../support/run-scratch.ts';
import {
  acmeDescriptor,
  acmePeople,
  peopleMapping,
  person,
  scratchIntegration,
} from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
  server.on('/people', { body: { items: [person(1), person(2), person(2), person(4)] } });
});
afterEach(() => server.close());

const summary = `${acmePeople}  mfa-summary:
    summary: How many have MFA.
    path: /summary
    records: { kind: body }
    class: base_event
    derive: { kind: count, from: people, counters: { withMfa: { mfa: true } } }
  step-count:
    summary: The same figure, folded.
    class: base_event
    mapping: mfa-summary.jsonata
    derive: { kind: fold, from: people, initial: { withMfa: 0 }, step: '{ "withMfa": $state.withMfa + (mfa ? 1 : 0) }' }
`;

const places = () =>
  scratchIntegration('acme', {
    'integration.yaml': acmeDescriptor({ streams: summary }),
    'mappings/people.jsonata': peopleMapping,
    'mappings/mfa-summary.jsonata': '{ "activity_id": 99, "activity_name": "Report", "severity_id": 1, "unmapped": $ }',
    'derivations/step-count.jsonata': '$',
  });

const connected = () => ({ url: server.origin });

describe('a stream that can be derived', () => {
  it('takes the figures of the vendor where it gives them', async () => {
    server.on('/summary', { body: { withMfa: 17 } });

    const { stream, lines } = await runScratch(await places(), 'acme', connected());

    expect(stream('mfa-summary')).toMatchObject({ ending: 'complete', accepted: 1 });
    expect(stream('mfa-summary').derived).toBeUndefined();
    expect(await lines('mfa-summary.ndjson')).toMatchObject([{ unmapped: { withMfa: 17 } }]);
  });

  it('is computed where the vendor denies it, marked as derived, and the report says so', async () => {
    server.on('/summary', { status: 403, body: {} });

    const { stream, lines } = await runScratch(await places(), 'acme', connected());

    expect(stream('mfa-summary')).toMatchObject({
      ending: 'complete',
      received: 1,
      accepted: 1,
      derived: { from: 'people', instead: { ending: 'denied', reason: { httpStatus: 403 } } },
    });
    expect(await lines('mfa-summary.ndjson')).toMatchObject([
      { unmapped: { withMfa: 2 }, metadata: { labels: ['derived'] } },
    ]);
  });

  it('reads the stream it needs once, and does not deliver it, where only derived ones are asked for', async () => {
    server.on('/summary', { status: 403, body: {} });

    const { report, lines, stream } = await runScratch(await places(), 'acme', connected(), {
      streams: ['mfa-summary', 'step-count'],
    });

    expect(report.streams.map((one) => one.stream)).toEqual(['mfa-summary', 'step-count']);
    expect(server.requests.filter(({ path }) => path.startsWith('/people'))).toHaveLength(1);
    expect(await lines('mfa-summary.ndjson')).toMatchObject([{ unmapped: { withMfa: 2 } }]);
    expect(await lines('step-count.ndjson')).toMatchObject([{ unmapped: { withMfa: 2 } }]);
    expect(stream('step-count').ending).toBe('complete');
  });

  it('is skipped where the stream it is computed from does not complete', async () => {
    server.on('/summary', { status: 403, body: {} });
    server.on('/people', { status: 500, body: {} });

    const { stream } = await runScratch(await places(), 'acme', connected());

    expect(stream('mfa-summary')).toMatchObject({
      ending: 'skipped',
      received: 0,
      reason: { code: 'derive/source-incomplete' },
    });
    expect(stream('step-count')).toMatchObject({ ending: 'skipped' });
  });

  it.each([400, 404, 405, 410, 501])('is computed where the vendor does not serve it: %i', async (status) => {
    server.on('/summary', { status, body: {} });

    const { stream } = await runScratch(await places(), 'acme', connected());

    expect(stream('mfa-summary')).toMatchObject({
      ending: 'complete',
      accepted: 1,
      derived: { from: 'people', instead: { reason: { httpStatus: status } } },
    });
  });

  it('fails like any other where the vendor breaks down, and computes nothing', async () => {
    server.on('/summary', { status: 500, body: {} });

    const { stream } = await runScratch(await places(), 'acme', connected());

    expect(stream('mfa-summary')).toMatchObject({ ending: 'failed', received: 0 });
  });
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CannotRunError, type RunEvent, runIntegration } from '../../engine/index.ts';
import { runScratch } from '../support/run-scratch.ts';
import {
  acmeDescriptor,
  acmeIntegration,
  acmePeople,
  peopleMapping,
  person,
  scratchFolder,
  scratchIntegration,
} from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

async function refusal(work: Promise<unknown>): Promise<CannotRunError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof CannotRunError) return error;
  throw new Error('It was not refused.', { cause: error });
}

describe('a run that cannot begin', () => {
  const files = { 'integration.yaml': acmeDescriptor(), 'mappings/people.jsonata': peopleMapping };

  it('names the integrations there are when it does not know one', async () => {
    const error = await refusal(runScratch(await scratchIntegration('acme', files), 'acne', {}));

    expect(error).toMatchObject({ code: 'descriptor/not-found', hint: 'Did you mean "acme"?' });
  });

  it('names the stream that was meant', async () => {
    const error = await refusal(
      runScratch(await scratchIntegration('acme', files), 'acme', { url: server.origin }, { streams: ['peple'] }),
    );

    expect(error).toMatchObject({ code: 'run/unknown-stream', hint: 'Did you mean "people"?' });
  });

  it('shows every mistake in the descriptor', async () => {
    const places = await scratchIntegration('acme', {
      ...files,
      'integration.yaml': acmeDescriptor({ more: 'colour: red' }),
    });

    const error = await refusal(runScratch(places, 'acme', { url: server.origin }));

    expect(error.issues).toMatchObject([{ code: 'descriptor/unknown-key' }]);
  });

  it('sends nothing where the mapping is no JSONata', async () => {
    const places = await scratchIntegration('acme', { ...files, 'mappings/people.jsonata': '{ "activity_id": 2, ' });

    const error = await refusal(runScratch(places, 'acme', { url: server.origin }));

    expect(error.code).toBe('mapping/syntax');
    expect(server.requests).toEqual([]);
  });

  it('writes no record and a report with exit code 2 where the credentials are refused', async () => {
    const withToken = acmeDescriptor().replace(
      'auth: { kind: none }',
      'auth: { kind: oauth2-client-credentials, tokenUrl: "{url}/token", clientId: acme, clientSecret: "{token}" }',
    );
    const places = await scratchIntegration('acme', { ...files, 'integration.yaml': withToken });
    server.on('/token', {
      status: 401,
      body: { error: 'invalid_client', error_description: 'No such secret: hunter2-hunter2.' },
    });
    const dir = await scratchFolder();

    const error = await refusal(
      runIntegration({
        places,
        integration: 'acme',
        connection: { set: { url: server.origin, token: 'hunter2-hunter2' }, env: {} },
        out: { dir },
        pace: false,
      }),
    );

    expect(error.code).toBe('auth/refused');
    expect(error.message).not.toContain('hunter2');
    expect(await readdir(dir)).toEqual(['report.json']);
    const { default: report } = (await import(join(dir, 'report.json'), { with: { type: 'json' } })) as {
      default: unknown;
    };
    expect(report).toMatchObject({
      exitCode: 2,
      streams: [{ stream: 'people', ending: 'failed', received: 0, reason: { code: 'auth/refused' } }],
    });
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
});

describe('the streams of a run', () => {
  const three = `${acmePeople}  retired: { summary: Old., default: off, path: /old, records: { kind: rows, pointer: /items }, class: user_inventory, mapping: people.jsonata, deprecation: { retiredOn: 2020-01-01, successor: people, note: It is no longer filled. } }
`;
  const places = () => acmeIntegration(acmeDescriptor({ streams: three }));
  beforeEach(() => {
    server.on('/people', { body: { items: [person(1)] } });
  });

  it('are those that are on by default', async () => {
    const { report } = await runScratch(await places(), 'acme', { url: server.origin });

    expect(report.streams.map(({ stream }) => stream)).toEqual(['people']);
  });

  it('are all when asked so, and one that is off by default when it is named', async () => {
    server.on('/old', { body: { items: [person(9)] } });

    const all = await runScratch(await places(), 'acme', { url: server.origin }, { allStreams: true });
    const named = await runScratch(await places(), 'acme', { url: server.origin }, { streams: ['retired'] });

    expect(all.report.streams.map(({ stream }) => stream)).toEqual(['people', 'retired']);
    expect(named.stream('retired')).toMatchObject({ ending: 'complete', accepted: 1 });
  });

  it('end as retired where a retired endpoint answers with nothing', async () => {
    server.on('/old', { body: { items: [] } });

    const { stream } = await runScratch(await places(), 'acme', { url: server.origin }, { streams: ['retired'] });

    expect(stream('retired')).toMatchObject({
      ending: 'retired',
      reason: { code: 'fetch/retired', hint: 'Read the stream "people" instead.' },
    });
  });

  it.each([400, 404, 410, 501])('end as retired where a retired endpoint answers %i', async (status) => {
    server.on('/old', { status, body: {} });

    const { stream } = await runScratch(await places(), 'acme', { url: server.origin }, { streams: ['retired'] });

    expect(stream('retired')).toMatchObject({
      ending: 'retired',
      reason: { httpStatus: status, hint: 'Read the stream "people" instead.' },
    });
  });

  it('share one budget where they name one rate limit, unless the run does not pace', async () => {
    const limited = acmeDescriptor({
      more: 'rateLimits: { slow: { requests: 1, perSeconds: 3600 } }',
      streams: `${acmePeople}    rateLimit: slow
  guests: { summary: Guests., path: /people, records: { kind: rows, pointer: /items }, class: user_inventory, mapping: people.jsonata, rateLimit: slow }
`,
    });
    const shared = await acmeIntegration(limited);
    const interruption = new AbortController();
    const waiting: string[] = [];
    const onEvent = (event: RunEvent) => {
      if (event.kind !== 'waiting') return;
      waiting.push(event.why);
      interruption.abort(); // it would wait for an hour
    };

    const unpaced = await runScratch(shared, 'acme', { url: server.origin }, { pace: false });
    const paced = await runScratch(
      shared,
      'acme',
      { url: server.origin },
      { pace: true, signal: interruption.signal, onEvent },
    );

    expect(unpaced.report.streams.map(({ ending }) => ending)).toEqual(['complete', 'complete']);
    expect(waiting).toEqual(['rate limit']);
    expect(paced.report.streams.filter(({ ending }) => ending === 'stopped').length).toBeGreaterThanOrEqual(1);
    expect(paced.report.streams.reduce((sum, { requests }) => sum + requests, 0)).toBe(1);
  });
});

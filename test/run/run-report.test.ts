import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startIntegrationSandbox } from '../../engine/index.ts';
import { compileSchema } from '../../engine/schema/compile-schema.ts';
import { runScratch } from '../support/run-scratch.ts';
import { schemasDir, shippedPlaces } from '../support/scratch-integration.ts';

const schema = JSON.parse(await readFile(join(schemasDir, 'run-report.schema.json'), 'utf8')) as object;
const check = compileSchema(schema);

describe('report.json', () => {
  it('follows its published schema, whatever the endings are', async () => {
    const sandbox = await startIntegrationSandbox({
      places: shippedPlaces,
      integration: 'microsoft-entra-mfa',
      scale: 30,
      without: ['Device.Read.All'],
      faults: ['user-registration-details:wrong-types'],
    });

    const { report } = await runScratch(shippedPlaces, 'microsoft-entra-mfa', sandbox.connection, { allStreams: true });
    await sandbox.close();

    expect(new Set(report.streams.map(({ ending }) => ending))).toEqual(new Set(['complete', 'denied', 'retired']));
    expect(check(report)).toEqual([]);
  });

  it('is refused by the schema where a reason stands on a complete stream, or is missing on another', () => {
    const stream = {
      stream: 'a',
      ending: 'complete',
      pages: 0,
      requests: 0,
      retries: 0,
      waitedMs: 0,
      received: 0,
      accepted: 0,
      rejected: 0,
      duplicates: 0,
      durationMs: 0,
    };
    const report = {
      runId: 'r',
      integration: 'i',
      startedAt: '2026-01-01T00:00:00Z',
      endedAt: '2026-01-01T00:00:00Z',
      exitCode: 0,
      ocsfVersion: '1.5.0',
    };

    expect(check({ ...report, streams: [stream] })).toEqual([]);
    expect(
      check({ ...report, streams: [{ ...stream, reason: { code: 'run/limit-reached', message: 'm' } }] }),
    ).not.toEqual([]);
    expect(check({ ...report, streams: [{ ...stream, ending: 'denied' }] })).not.toEqual([]);
  });
});

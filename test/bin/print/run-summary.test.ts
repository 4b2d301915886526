import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { describeRun } from '../../../bin/print/run-summary.ts';
import type { RunReport, StreamReport } from '../../../engine/index.ts';

const inFolder = { dir: 'out', recordsOnStdout: false };

describe('the summary of a run', () => {
  it('gives the books of every stream, numbers to the right', () => {
    const report = runOf([
      stream('people', { received: 5000, accepted: 5000 }),
      stream('devices', { received: 7, accepted: 7 }),
    ]);

    const [head, people, devices] = describeRun(report, inFolder).split('\n');

    expect(head).toBe('stream   ending    received  accepted  rejected  duplicates  requests  waited   time');
    expect(people).toBe('people   complete     5,000     5,000         0           0         2   1.5 s  3.1 s');
    expect(devices).toBe('devices  complete         7         7         0           0         2   1.5 s  3.1 s');
  });

  it('says why a stream did not complete, what to do, and what to quote to the vendor', () => {
    const reason = {
      code: 'fetch/permission-denied',
      message: 'The source refused our rights.',
      hint: 'Grant Devices.Read.',
      httpStatus: 403,
      requestId: 'r-1',
    };

    const text = describeRun(runOf([stream('devices', { ending: 'denied', reason })]), inFolder);

    expect(text).toContain(
      [
        'devices: denied',
        '  The source refused our rights.',
        '  Grant Devices.Read.',
        '  HTTP 403 · fetch/permission-denied · request id r-1',
      ].join('\n'),
    );
  });

  it('says once what is true of several streams', () => {
    const reason = { code: 'run/interrupted', message: 'The run was interrupted.' };
    const stopped = ['people', 'groups', 'devices'].map((name) => stream(name, { ending: 'stopped', reason }));

    const text = describeRun(runOf(stopped), inFolder);

    expect(text).toContain('people, groups and devices: stopped\n  The run was interrupted.');
    expect(text.match(/The run was interrupted/g)).toHaveLength(1);
  });

  it('says that records were computed, from what, and why', () => {
    const instead = {
      ending: 'denied',
      reason: { code: 'fetch/permission-denied', message: 'Only for users.' },
    } as const;

    const text = describeRun(runOf([stream('by-method', { derived: { from: 'people', instead } })]), inFolder);

    expect(text).toContain("The vendor's own endpoint ended as denied; the records were computed from people instead.");
    expect(text).toContain('Only for users.');
  });

  it('ends with where the records, the rejected and the report lie', () => {
    const report = runOf([
      stream('people', { received: 3, accepted: 2, rejected: 1 }),
      stream('devices', { ending: 'retired', reason: { code: 'fetch/retired', message: 'Gone.' } }),
    ]);

    const text = describeRun(report, inFolder);

    expect(text.split('\n').slice(-4)).toEqual([
      '2 streams: 1 complete and 1 retired.',
      '2 records (OCSF 1.5.0) in out',
      '1 rejected, with reasons, in out/rejected.ndjson',
      'The report is out/report.json',
    ]);
  });

  it('does not claim that records lie in the folder when they went to standard output', () => {
    const text = describeRun(runOf([stream('people', { received: 1, accepted: 1 })]), {
      dir: 'out',
      recordsOnStdout: true,
    });

    expect(text).toContain('1 record (OCSF 1.5.0) on standard output.');
    expect(text).not.toContain(' in out\n');
  });
});

describe('on a terminal of 80 columns', () => {
  const { isTTY, columns } = process.stderr;
  afterEach(() => Object.assign(process.stderr, { isTTY, columns }));

  it('keeps every line within the width', () => {
    Object.assign(process.stderr, { isTTY: true, columns: 80 });
    const reason = { code: 'fetch/retired', message: 'The vendor has retired it. '.repeat(8).trim() };
    const long = stream('credential-user-registration-count', {
      received: 100_000,
      accepted: 100_000,
      ending: 'retired',
      reason,
    });

    const text = stripVTControlCharacters(describeRun(runOf([long]), inFolder));

    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toContain('credential-user-registration-count\nretired   100,000   100,000');
  });
});

function runOf(streams: readonly StreamReport[]): RunReport {
  return {
    runId: 'run-1',
    integration: 'acme',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:03.100Z',
    exitCode: 0,
    ocsfVersion: '1.5.0',
    streams,
  };
}

function stream(name: string, more: Partial<StreamReport> = {}): StreamReport {
  const books = { received: 0, accepted: 0, rejected: 0, duplicates: 0 };
  const effort = { pages: 1, requests: 2, retries: 1, waitedMs: 1500, durationMs: 3100 };
  return { stream: name, ending: 'complete', ...books, ...effort, ...more };
}

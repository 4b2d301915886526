import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunRequest } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/records.ts';
import { runFeed } from '../run/entra-run.ts';
import { type Options, openSandbox } from '../sandbox/entra-sandbox.ts';
import { independentCheck } from '../support/independent-ocsf-check.ts';
import { parseLines, type ScratchRun } from '../support/run-scratch.ts';
import { scratchFolder } from '../support/scratch-integration.ts';

const streams = ['devices-delta', 'users-delta', 'sign-ins'];

/** A tenant of 120 users and 84 devices, and a place where its runs keep cursors and records. */
async function tenant(options: Options = {}) {
  const sandbox = await openSandbox({ scale: 120, ...options });
  const kept = { out: { dir: await scratchFolder() }, state: { dir: await scratchFolder() } };
  const run = (more: Partial<RunRequest> = {}) => runFeed(sandbox.connection, { streams, ...kept, ...more });
  return { sandbox, run, out: kept.out.dir };
}

describe('a second run', () => {
  it('adds the changed device, the removed user and the sign-in that came late, and nothing twice', async () => {
    const { sandbox, run, out } = await tenant();
    sandbox.change({ append: 'sign-ins', late: '30m' }); // lies in what the second run reads again
    const first = await run();
    const had = first.stream('sign-ins').accepted;
    const told = sandbox.change('between-runs');

    const second = await run();

    expect(books(first)).toEqual([
      ['devices-delta', 'complete', 84, 84, 0],
      ['users-delta', 'complete', 120, 120, 0],
      ['sign-ins', 'complete', had, had, 0],
    ]);
    expect(books(second).slice(0, 2)).toEqual([
      ['devices-delta', 'complete', 1, 1, 0],
      ['users-delta', 'complete', 1, 1, 0],
    ]);
    // The fresh one is of now, and so of the run after: what is younger than five minutes is not sure yet.
    expect(second.stream('sign-ins')).toMatchObject({ ending: 'complete', accepted: 1, rejected: 0 });
    expect(second.stream('sign-ins').duplicates).toBeGreaterThan(0);
    const [, late, device, user] = told.map(({ key }) => key);
    expect((await linesIn(out, 'sign-ins')).at(-1)).toMatchObject({ unmapped: { id: late } });
    expect(await linesIn(out, 'sign-ins')).toHaveLength(had + 1);
    expect((await linesIn(out, 'devices-delta')).at(-1)).toMatchObject({
      type_uid: 500102,
      device: { uid_alt: device, is_compliant: false },
    });
    expect((await linesIn(out, 'users-delta')).at(-1)).toMatchObject({
      type_uid: 500399,
      activity_name: 'Removed',
      status_detail: 'deleted',
      user: { uid: user },
    });
    expect(await linesIn(out, 'users-delta')).toHaveLength(121);
  });

  it('has nothing to add where nothing has changed', async () => {
    const { run, out } = await tenant();
    const first = await run();

    const second = await run();

    expect(second.report.streams.map(({ accepted }) => accepted)).toEqual([0, 0, 0]);
    expect(await linesIn(out, 'sign-ins')).toHaveLength(first.stream('sign-ins').accepted);
  });

  it('writes everything anew where the vendor has forgotten its delta', async () => {
    let now = new Date();
    const { sandbox, run, out } = await tenant({ now: () => now });
    await run({ streams: ['devices-delta'] });
    sandbox.change('between-runs');
    now = new Date(now.getTime() + 8 * 86_400_000);

    const { stream } = await run({ streams: ['devices-delta'] });

    expect(stream('devices-delta')).toMatchObject({ ending: 'complete', received: 84, accepted: 84 });
    expect(await linesIn(out, 'devices-delta')).toHaveLength(84);
  });

  it('takes a stream of no delta for retired where its address is gone', async () => {
    const { run } = await tenant({ faults: ['risky-users:410'] });

    expect((await run({ streams: ['risky-users'] })).stream('risky-users')).toMatchObject({ ending: 'retired' });
  });
});

describe('every stream that is off until asked for', () => {
  const others = ['mfa-sign-in-summary', 'authentication-methods-policy', 'conditional-access-policies', 'risky-users'];

  it.each(['1.1.0', '1.3.0', '1.5.0', '1.8.0'])('gives valid records of OCSF %s', async (ocsfVersion) => {
    const { sandbox, run, out } = await tenant({ scale: 60 });
    await run({ ocsfVersion });
    sandbox.change('between-runs');

    const second = await run({ streams: [...streams, ...others], ocsfVersion });

    expect(new Set(second.report.streams.map(({ ending }) => ending))).toEqual(new Set(['complete']));
    for (const stream of [...streams, ...others]) {
      const records = await linesIn(out, stream);
      expect(records.length, stream).toBeGreaterThan(0);
      expect(records.flatMap((record) => independentCheck(ocsfVersion, record))).toEqual([]);
    }
  });

  it('is denied by name where its permission was not granted', async () => {
    const { run } = await tenant({ without: ['Policy.Read.All', 'IdentityRiskyUser.Read.All', 'User.Read.All'] });

    const { report } = await run({ streams: ['users-delta', 'conditional-access-policies', 'risky-users'] });

    const reasons = report.streams.map(({ ending, reason }) => [
      ending,
      reason?.message.match(/[A-Z]\w+\.Read\.All/)?.[0],
    ]);
    expect(reasons).toEqual([
      ['denied', 'User.Read.All'],
      ['denied', 'Policy.Read.All'],
      ['denied', 'IdentityRiskyUser.Read.All'],
    ]);
  });

  it('is not asked for where the cloud does not have it', async () => {
    const { sandbox, run } = await tenant();

    const { report } = await run({
      streams: ['risky-users'],
      connection: { set: { ...sandbox.connection, cloud: 'china' }, env: {} },
    });

    expect(report.streams[0]).toMatchObject({ ending: 'skipped', reason: { code: 'fetch/not-in-cloud' } });
  });
});

function books({ report }: ScratchRun): unknown[] {
  return report.streams.map(({ stream, ending, received, accepted, rejected }) => [
    stream,
    ending,
    received,
    accepted,
    rejected,
  ]);
}

async function linesIn(dir: string, stream: string): Promise<JsonObject[]> {
  return parseLines(await readFile(join(dir, `${stream}.ndjson`), 'utf8')) as JsonObject[]; // a record a line
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunReport, runIntegration } from '../../engine/index.ts';
import { parseLines } from '../support/run-scratch.ts';
import { acmeIntegration, person, type Person, scratchFolder } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

/** Runs one after the other into the same folder, each against the people the source then has. */
async function runner() {
  const places = await acmeIntegration();
  const [dir, state] = [await scratchFolder(), await scratchFolder()];
  const run = (more: object = {}): Promise<RunReport> =>
    runIntegration({
      places,
      integration: 'acme',
      connection: { set: { url: server.origin }, env: {} },
      out: { dir },
      state: { dir: state, changesOnly: true, saveEveryMs: 0, ...more },
      pace: false,
    });
  const told = async () =>
    parseLines(await readFile(join(dir, 'people.ndjson'), 'utf8')).map((line) => {
      const { user, activity_name: activity } = line as { user: { uid: string }; activity_name: string };
      return `${activity} ${user.uid}`;
    });
  return { run, told };
}

const serve = (...people: Person[]) => server.on('/people', { body: { items: people } });

describe('a snapshot of which only changes are delivered', () => {
  it('says of nothing that it is gone where it did not complete, and tells it later', async () => {
    const { run, told } = await runner();
    serve(person(1), person(2), person(3));
    await run();
    server.on('/people', { body: { items: [person(1), person(4)], next: '/people/b' } });
    server.on('/people/b', { status: 403, body: {} });

    const cut = await run();
    serve(person(1), person(4), person(3));
    const whole = await run();

    expect(cut.streams[0]?.changes).toEqual({ new: 1, changed: 0, unchanged: 1, removed: 0 });
    expect(whole.streams[0]?.changes).toEqual({ new: 0, changed: 0, unchanged: 3, removed: 1 });
    expect(await told()).toEqual(['Collect p-1', 'Collect p-2', 'Collect p-3', 'Collect p-4', 'Removed p-2']);
  });

  it('tells all at first, then what is new, changed or gone, in a file that grows', async () => {
    const { run, told } = await runner();
    serve(person(1), person(2), person(3));
    await run();
    serve(person(1), person(3, { name: 'renamed@acme.example' }), person(4));

    const report = await run();

    expect(report.streams).toMatchObject([
      {
        ending: 'complete',
        received: 4,
        accepted: 3,
        duplicates: 1,
        changes: { new: 1, changed: 1, unchanged: 1, removed: 1 },
      },
    ]);
    expect((await told()).slice(3)).toEqual(['Collect p-3', 'Collect p-4', 'Removed p-2']);
  });

  it('tells one that comes back as new', async () => {
    const { run, told } = await runner();
    for (const people of [[person(1), person(2)], [person(1)], [person(1), person(2)]]) {
      serve(...people);
      await run();
    }

    expect((await told()).slice(2)).toEqual(['Removed p-2', 'Collect p-2']);
  });

  it('begins anew after a run that delivered everything', async () => {
    const { run, told } = await runner();
    serve(person(1));
    await run();
    await run({ changesOnly: false });

    await run();

    expect(await told()).toEqual(['Collect p-1']);
  });
});

import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Places, type RunReport, runIntegration } from '../../engine/index.ts';
import { parseLines } from '../support/run-scratch.ts';
import { peopleMapping, scratchFolder, scratchIntegration } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';
import { faultyFiles } from './faulty-files.mjs';
import { rowsAfter, sweptDescriptor, sweptFeeds } from './feeds.ts';

/*
 * The fault sweep. For each kind of stream an undisturbed history is recorded: a run, more data, a second run. Then the
 * same history is lived again and again, and each time the program dies at another effect on its files: at each write,
 * sync, rename, copy and removal there is, before it or halfway through its bytes. It is started again until it gets
 * through, and the files must tell the same records, in the same order, with the same ids, none lost and none twice.
 *
 * Dying is simulated inside this process: at the chosen effect everything in memory is dropped, no further effect
 * reaches the disk, and bytes never synced are cut at a random place. That costs milliseconds where a process costs a
 * fifth of a second, so every effect can be swept. What it cannot show (that the kernel agrees) the second sweep
 * does, which kills real processes with SIGKILL, at fewer points.
 */

const files = faultyFiles();
let server: SourceServer;
let restore: () => void;

beforeAll(async () => {
  server = await startSourceServer();
  restore = await files.install();
});

afterAll(async () => {
  restore();
  await server.close();
});

/** The same sequence in every run of the tests. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

let lives = 0;

type Life = { readonly places: Places; readonly folder: string; readonly dir: string; readonly state: string };

function newLife(places: Places, root: string): Life {
  lives += 1;
  const folder = join(root, String(lives));
  return { places, folder, dir: join(folder, 'out'), state: join(folder, 'state') };
}

function run({ places, dir, state }: Life): Promise<RunReport> {
  return runIntegration({
    places,
    integration: 'acme',
    connection: { set: { url: server.origin }, env: {} },
    out: { dir },
    state: { dir: state, saveEveryMs: 0 },
    pace: false,
  });
}

/** A process that died leaves its lock; ours is alive, so the lock must name one that is not. */
async function disown(life: Life): Promise<void> {
  for (const entry of await readdir(life.state, { recursive: true }).catch(() => [])) {
    if (!entry.endsWith('lock')) continue;
    const lock = join(life.state, entry);
    await writeFile(lock, (await readFile(lock, 'utf8')).replace(/"pid":\d+/, '"pid":999999999'));
  }
}

/** Runs until it gets through; dies once, at the effect that is told. Gives the effects of the first try. */
async function runThrough(life: Life, dieAt = Number.POSITIVE_INFINITY, midway = false): Promise<number> {
  files.reset(dieAt, midway);
  await run(life).catch(() => undefined);
  const { effects, dead } = files.state;
  files.state.dead = false;
  if (!dead) return effects;
  await files.loseUnsynced();
  const { midway: wasMidway } = files.state;
  files.reset(Number.POSITIVE_INFINITY, wasMidway);
  await disown(life);
  const report = await run(life);
  expect(report.streams.map(({ ending }) => ending)).toEqual(['complete']);
  return effects;
}

type Told = { readonly records: unknown[]; readonly rejected: unknown[] };

/** The files, without the times and the name of the run that wrote a line. */
async function told({ dir }: Life): Promise<Told> {
  const read = async (file: string) => parseLines(await readFile(join(dir, file), 'utf8'));
  return {
    records: (await read('log.ndjson')).map(timeless),
    rejected: (await read('rejected.ndjson')).map(withoutOrigin),
  };
}

function timeless(record: unknown): unknown {
  const told = record as { metadata: { uid: string }; [attribute: string]: unknown };
  return { ...told, time: 0, metadata: { uid: told.metadata.uid } };
}

/** Pages are counted from where a reading went on. */
function withoutOrigin(line: unknown): unknown {
  return (line as { source: unknown }).source;
}

async function leftOver({ dir }: Life): Promise<string[]> {
  return (await readdir(dir)).filter((name) => !/^(log|rejected)\.ndjson$|^(manifest|report)\.json$/.test(name));
}

/** Of many effects every so-manieth, so that each kind of stream gets about as many deaths. */
const deathsARun = 22;

let points = 0;

describe.each(sweptFeeds)('a $kind stream', (feed) => {
  it('tells the same after a death at any effect on its files', async () => {
    const places = await scratchIntegration('acme', {
      'integration.yaml': sweptDescriptor(feed),
      'mappings/people.jsonata': peopleMapping,
    });
    const root = await scratchFolder();
    files.state.within = root;
    const calm = newLife(places, root);
    for (const batches of [1, 2] as const) {
      feed.serve(server, batches);
      const before = newLife(places, root);
      await cp(calm.folder, before.folder, { recursive: true, force: true }).catch(() => undefined);
      const effects = await runThrough(calm);
      const expected = await told(calm);
      expect(expected.records.length + expected.rejected.length).toBe(rowsAfter(batches));
      for (let at = 1; at <= effects; at += Math.max(1, effects / deathsARun)) {
        for (const midway of [false, true]) {
          files.state.random = seeded(at);
          const life = newLife(places, root);
          await cp(before.folder, life.folder, { recursive: true }).catch(() => undefined);
          await runThrough(life, Math.floor(at), midway);
          if (midway && !files.state.midway) continue; // there is no middle of a rename
          const where = `batch ${batches}, effect ${Math.floor(at)} of ${effects}${midway ? ', halfway' : ''}`;
          expect({ where, ...(await told(life)) }).toEqual({ where, ...expected });
          expect({ where, leftOver: await leftOver(life) }).toEqual({ where, leftOver: [] });
          points += 1;
        }
      }
    }
  }, 120_000);
});

describe('the sweep', () => {
  it('has tried three hundred deaths and more', () => {
    expect(points).toBeGreaterThan(300);
  });
});

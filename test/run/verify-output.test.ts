import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyOutput } from '../../engine/index.ts';
import { runScratch } from '../support/run-scratch.ts';
import { acmeIntegration, person, schemasDir, scratchFolder } from '../support/scratch-integration.ts';
import { type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

const places = { integrationsDirs: [], schemasDir };

async function finished(): Promise<string> {
  server.on('/people', { body: { items: [person(1), person(2), person(3)] } });
  const acme = await acmeIntegration();
  return (await runScratch(acme, 'acme', { url: server.origin })).dir;
}

/** What is said after the file was changed. */
async function differencesAfter(change: (path: string, text: string) => Promise<void>): Promise<string> {
  const dir = await finished();
  const path = join(dir, 'people.ndjson');
  await change(path, await readFile(path, 'utf8'));
  const { files, differences } = await verifyOutput({ places, dir });
  return [...differences, ...files.flatMap((file) => file.differences)].join('\n');
}

describe('an output that is verified', () => {
  it('is none where no run wrote it', async () => {
    await expect(verifyOutput({ places, dir: await scratchFolder() })).rejects.toMatchObject({ code: 'run/no-output' });
  });

  it('is as written where nothing was touched', async () => {
    const { files, differences } = await verifyOutput({ places, dir: await finished() });

    expect(differences).toEqual([]);
    expect(files).toEqual([{ file: 'people.ndjson', runs: 1, records: 3, differences: [], more: 0 }]);
  });

  it('misses a file that is gone', async () => {
    expect(await differencesAfter((path) => rm(path))).toContain('The file is missing.');
  });

  it('misses a line that is gone', async () => {
    const said = await differencesAfter((path, text) => writeFile(path, text.split('\n').slice(1).join('\n')));

    expect(said).toMatch(/bytes, where the manifest tells of/);
    expect(said).toContain('wrote 3 records; there are 2');
  });

  it('sees a line that was added', async () => {
    expect(await differencesAfter((path) => appendFile(path, '{}\n'))).toMatch(/bytes, where the manifest/);
  });

  it('sees one record put in the place of another of the same length', async () => {
    const said = await differencesAfter((path, text) => {
      const [first = '', , third = ''] = text.split('\n');
      return writeFile(path, `${[first, first, third].join('\n')}\n`);
    });

    expect(said).toMatch(/Line 2: metadata.uid .+ came before/);
    expect(said).toContain('the ids of its records are not those it wrote');
  });

  it('sees a record that is not valid any more, and where', async () => {
    const said = await differencesAfter((path, text) =>
      writeFile(path, text.replace('"class_uid":5003', '"class_uid":"5003"')),
    );

    expect(said).toMatch(/Line 1: not valid: .*class/);
  });

  it('sees a report that tells something else', async () => {
    const said = await differencesAfter(async (path) => {
      const report = join(path, '../report.json');
      await writeFile(report, (await readFile(report, 'utf8')).replace('"accepted": 3', '"accepted": 4'));
    });

    expect(said).toContain('The report tells of 4 records of people, the manifest of 3.');
  });
});

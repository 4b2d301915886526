import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ndjsonWriter, openNdjsonFile } from '../../../engine/sink/ndjson/open.ts';
import { parseLines } from '../../support/run-scratch.ts';
import { scratchFolder } from '../../support/scratch-integration.ts';
import { linesOf, record, sinkContract } from '../contract.ts';

sinkContract('a file', async () => {
  const path = join(await scratchFolder(), 'deep', 'people.ndjson');
  return { sink: await openNdjsonFile(path), delivered: async () => parseLines(await readFile(path, 'utf8')) };
});

sinkContract('a stream', () => {
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  return Promise.resolve({
    sink: ndjsonWriter(output),
    delivered: () => Promise.resolve(parseLines(Buffer.concat(chunks).toString())),
  });
});

describe('an NDJSON file', () => {
  it('leaves the file of an earlier run in place until the new one is whole', async () => {
    const dir = await scratchFolder();
    const path = join(dir, 'people.ndjson');
    await writeFile(path, 'earlier\n');

    const sink = await openNdjsonFile(path);
    await sink.write(linesOf(record(1)));
    const meanwhile = await readFile(path, 'utf8');
    await sink.close();

    expect(meanwhile).toBe('earlier\n');
    expect(await readdir(dir)).toEqual(['people.ndjson']);
    expect(parseLines(await readFile(path, 'utf8'))).toEqual([record(1)]);
  });

  it('says which file cannot be written and what to check', async () => {
    const dir = await scratchFolder();
    await mkdir(join(dir, 'people.ndjson.part'));

    await expect(openNdjsonFile(join(dir, 'people.ndjson'))).rejects.toMatchObject({
      code: 'sink/write-failed',
      hint: expect.stringContaining('disk') as unknown,
    });
  });
});

describe('an NDJSON stream', () => {
  it('waits for a reader that is slow', async () => {
    const output = new PassThrough({ highWaterMark: 16 });
    let written = false;

    const writing = ndjsonWriter(output)
      .write(linesOf(record(1)))
      .then(() => {
        written = true;
      });
    await new Promise(setImmediate);
    const before = written;
    output.resume();
    await writing;

    expect(before).toBe(false);
  });

  it('fails clearly when its reader has gone', async () => {
    const output = new PassThrough();
    output.destroy();

    await expect(ndjsonWriter(output).write(linesOf(record(1)))).rejects.toMatchObject({ code: 'sink/write-failed' });
  });
});

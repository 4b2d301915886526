import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateIntegration } from '../../engine/index.ts';
import { schemasDir, scratchFolder } from '../support/scratch-integration.ts';

const name = 'unknown-attribute';
const feed = join(import.meta.dirname, 'faults', name);

/** What is said of a feed in which one file is replaced, as `code line:column`, without what was wrong before. */
async function told(file: string, bytes: Uint8Array): Promise<string[]> {
  const dir = await scratchFolder();
  await cp(feed, join(dir, name), { recursive: true });
  await mkdir(dirname(join(dir, name, file)), { recursive: true });
  await writeFile(join(dir, name, file), bytes);
  const { issues } = await validateIntegration({ integrationsDirs: [dir], schemasDir }, name);
  return issues
    .filter(({ at }) => at?.file.endsWith(file) === true && at.file.includes(name))
    .map(({ code, at }) => `${code} ${at?.line}:${at?.column}`);
}

const latin1 = Buffer.from('# caf\xe9\n', 'latin1');
const faults: [what: string, bytes: Uint8Array, expected: string][] = [
  ['of ten million bytes', Buffer.alloc(10_000_000, 'x'), '1:1'],
  ['in another encoding', latin1, '1:6'],
  ['in UTF-16', Buffer.from('\uFEFFa: 1\n', 'utf16le'), '1:1'],
  ['that is no text', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00]), '1:3'],
];

describe.each(['integration.yaml', 'errors.yaml', 'sandbox/sandbox.yaml', 'mappings/people.jsonata'])('%s', (file) => {
  it.each(faults)('%s is told to be unreadable, and at which place', async (_, bytes, place) => {
    expect(await told(file, bytes)).toEqual([`descriptor/unreadable ${place}`]);
  });
});

describe.each(['errors.yaml', 'sandbox/sandbox.yaml'])('%s', (file) => {
  it('may nest no deeper than the parser can follow', async () => {
    expect(await told(file, Buffer.from('['.repeat(100_000)))).toEqual(['descriptor/unreadable 1:65']);
  });

  it('that is empty is told to be', async () => {
    expect(await told(file, Buffer.from('# nothing\n'))).toEqual(['descriptor/wrong-value 1:1']);
  });
});

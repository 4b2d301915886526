import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listIntegrations, validateIntegration } from '../../engine/index.ts';
import { schemasDir, scratchFolder, shippedPlaces } from '../support/scratch-integration.ts';

const integrations = join(import.meta.dirname, '../../integrations');
const page = await readFile(join(integrations, 'README.md'), 'utf8');
const fences = [...page.matchAll(/^```(\w+)(?: file=my-feeds\/(\S+))?\n(.*?)^```$/gms)].map(
  ([, language = '', file, text = '']) => ({ language, file, text }),
);

/** The feed that the page builds, laid out, with its descriptor changed; all that is said of it. */
async function issuesOfWalk(change: (text: string) => string = (text) => text, without = 'nothing') {
  const dir = await scratchFolder();
  for (const { file, text } of fences) {
    if (file === undefined || file.includes(without)) continue;
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), file.endsWith('integration.yaml') ? change(text) : text);
  }
  return (await validateIntegration({ integrationsDirs: [dir], schemasDir }, 'acme')).issues;
}

describe('nothing is said against', () => {
  it('any shipped feed', async () => {
    const feeds = await listIntegrations(shippedPlaces);

    expect(feeds.length).toBe(
      readdirSync(integrations, { withFileTypes: true }).filter((one) => one.isDirectory()).length,
    );
    for (const { folder } of feeds) expect((await validateIntegration(shippedPlaces, folder)).issues).toEqual([]);
  });

  it('the feed that integrations/README.md builds', async () => {
    expect(await issuesOfWalk()).toEqual([]);
  });

  it('its feed as a Windows editor would save it, with a byte order mark and CRLF', async () => {
    expect(await issuesOfWalk((text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual([]);
  });

  it('its feed with a part of the mapping in a shared file', async () => {
    const helpers = /^ {2}\/\* Text that is no time.*?;\n(?= {2}\{)/ms;
    const before = await issuesOfWalk();
    const dir = await scratchFolder();
    for (const { file, text } of fences) {
      if (file === undefined) continue;
      const [taken = ''] = file.endsWith('people.jsonata') ? (helpers.exec(text) ?? []) : [];
      const named = file.endsWith('integration.yaml')
        ? text.replace(/^( +)class: /m, '$1shared: all.shared.jsonata\n$&')
        : text;
      await mkdir(dirname(join(dir, file)), { recursive: true });
      await writeFile(join(dir, file), named.replace(taken, ''));
      if (taken !== '') await writeFile(join(dir, dirname(file), 'all.shared.jsonata'), `(\n${taken})\n`);
    }

    expect((await validateIntegration({ integrationsDirs: [dir], schemasDir }, 'acme')).issues).toEqual(before);
  });

  const cursors = fences.flatMap(({ language, text }) =>
    language === 'yaml' ? text.split('\n').filter((line) => line.startsWith('cursor: ')) : [],
  );

  it('the cursors that the page shows, which are found', () => {
    expect(cursors.length).toBeGreaterThan(1);
  });

  it.each(cursors)('%s, in the feed of a vendor whose pages are linked', async (cursor) => {
    const linked = (text: string) =>
      text
        .replace(/^( +)pagination: .*$/m, '$1pagination: { kind: next-link, pointer: /next }')
        .replace(/^( +)class: /m, `$1${cursor}\n$1class: `);

    expect(await issuesOfWalk(linked, 'cases/')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { peopleMapping } from '../../support/scratch-integration.ts';
import { acmeFiles, type Diagnostic, openEditor } from './editor.ts';

const mapping = 'mappings/people.jsonata';
const misspelt = peopleMapping.replace('"name": name', '"nmae": name');
const some = (found: Diagnostic[]) => found.length > 0;
const none = (found: Diagnostic[]) => found.length === 0;

describe('diagnostics in an editor', () => {
  it('stand at the range of a fault that is typed and not saved, with its code, link and hint', async () => {
    const editor = await openEditor();

    await editor.open(mapping, misspelt);
    const [found] = await editor.shown(mapping, some);

    expect(found).toMatchObject({
      severity: 1,
      code: 'mapping/unknown-attribute',
      codeDescription: { href: 'https://docs.example/mapping/unknown-attribute' },
      message: 'user.nmae is no attribute of user in OCSF 1.5.0.\nDid you mean "name"?',
      range: { start: { line: 3, character: 23 }, end: { line: 3, character: 29 } },
    });
  });

  it('go away when the fault is mended', async () => {
    const editor = await openEditor();
    await editor.open(mapping, misspelt);
    await editor.shown(mapping, some);

    await editor.change(mapping, peopleMapping);

    expect(await editor.shown(mapping, none)).toEqual([]);
  });

  it('come for text that does not parse', async () => {
    const editor = await openEditor();

    await editor.open(mapping, '{ "activity_id": ');
    const [found] = await editor.shown(mapping, some);

    expect(found?.code).toBe('mapping/syntax');
  });

  it('come back when a file is closed without saving a mend', async () => {
    const editor = await openEditor({ ...acmeFiles, [mapping]: misspelt });
    await editor.open(mapping, peopleMapping);

    await editor.close(mapping);

    expect(await editor.shown(mapping, some)).toHaveLength(1);
  });

  it('stand in the other files of the feed as well', async () => {
    const editor = await openEditor();

    await editor.open(
      'integration.yaml',
      (acmeFiles['integration.yaml'] ?? '').replace('primaryKey: [id]', 'primaryKey: [id]\n    mapping: staff.jsonata'),
    );
    const [missing, ...rest] = await editor.shown('integration.yaml', some);
    const [orphan] = await editor.shown(mapping, some);

    expect(missing).toMatchObject({ code: 'descriptor/unknown-reference', range: { start: { line: 25 } } });
    expect(rest).toEqual([]);
    expect(orphan).toMatchObject({ code: 'descriptor/unused-file', severity: 2 });
  });

  it('come for errors.yaml and sandbox.yaml, whether or not they are saved', async () => {
    const editor = await openEditor({ ...acmeFiles, 'sandbox/sandbox.yaml': 'formatVersion: 1\n' });

    await editor.open('errors.yaml', 'sauce: {}\n');
    const [ofErrors] = await editor.shown('errors.yaml', some);
    const [ofSandbox] = await editor.shown('sandbox/sandbox.yaml', some);

    expect(ofErrors?.code).toBe('descriptor/unknown-key');
    expect(ofErrors?.message).toContain('source');
    expect(ofSandbox).toBeDefined();
  });

  it('are of what was typed last, however quickly', async () => {
    const editor = await openEditor();
    await editor.open(mapping);

    for (const name of ['n', 'nm', 'nma', 'nmae']) {
      await editor.change(mapping, peopleMapping.replace('"name": name', `"${name}": name`));
    }
    const [found] = await editor.shown(mapping, some);

    expect(found?.message).toContain('user.nmae');
  });

  it('are not given for a file that belongs to no feed', async () => {
    const editor = await openEditor();

    await editor.client.sendNotification('textDocument/didOpen', {
      textDocument: { uri: 'untitled:one', languageId: 'jsonata', version: 0, text: '{' },
    });
    await editor.open('../elsewhere.yaml', 'a: [');
    await editor.open(mapping, misspelt);
    await editor.shown(mapping, some);

    expect([...editor.published.keys()]).toEqual([editor.uriOf(mapping)]);
  });
});

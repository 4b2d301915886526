import { describe, expect, it } from 'vitest';
import { acmeFiles, openEditor } from './editor.ts';

const descriptor = acmeFiles['integration.yaml'] ?? '';
const mapping = 'mappings/people.jsonata';

describe('go to definition', () => {
  it.each([
    ['a placeholder', descriptor.replace('"{url}"', '"{ur‸l}"'), '    url: {'],
    ['a permission', descriptor.replace('[people:read]', '[people:‸read]'), '  people:read:'],
  ])('leads from %s to its entry', async (_, text, entry) => {
    const editor = await openEditor();

    const found = await editor.define('integration.yaml', text);

    expect(found?.uri).toBe(editor.uriOf('integration.yaml'));
    expect(descriptor.split('\n')[found?.range.start.line ?? -1]).toContain(entry);
  });

  it('leads from a stream to its mapping', async () => {
    const editor = await openEditor();

    const found = await editor.define('integration.yaml', descriptor.replace('  people:\n', '  peo‸ple:\n'));

    expect(found?.uri).toBe(editor.uriOf(mapping));
  });

  it('leads from a variable to where it is set, and from a field to the shape of the row', async () => {
    const editor = await openEditor();

    const set = await editor.define(mapping, '(\n  $who := id;\n  { "message": $w‸ho }\n)');
    const field = await editor.define(mapping, '{ "message": address.ci‸ty }');

    expect(set).toMatchObject({ uri: editor.uriOf(mapping), range: { start: { line: 1, character: 2 } } });
    expect(field?.uri).toBe(editor.uriOf('sources/people.schema.json'));
  });

  it('leads nowhere from what is declared nowhere', async () => {
    const editor = await openEditor();

    expect(await editor.define('integration.yaml', descriptor.replace('[people:read]', '[nobo‸dy]'))).toBeNull();
    expect(await editor.define(mapping, '{ "message": $nobo‸dy }')).toBeNull();
  });
});

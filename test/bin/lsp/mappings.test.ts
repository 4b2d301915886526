import { describe, expect, it } from 'vitest';
import { acmeFiles, type CompletionItem, openEditor } from './editor.ts';

const mapping = 'mappings/people.jsonata';
const before = '{\n  "activity_id": 2,\n  "severity_id": 1,\n  ';

describe('hover in a mapping', () => {
  it('tells of an attribute its type, requirement, caption and release', async () => {
    const editor = await openEditor();

    const told = await editor.hover(mapping, `${before}"user": { "uid": id, "has_‸mfa": mfa }\n}`);

    expect(told).toContain('**user.has_mfa** · `boolean_t` · recommended');
    expect(told).toContain('Class user_inventory, OCSF 1.5.0.');
  });

  it('tells of an id its captions, and of a value which it is', async () => {
    const editor = await openEditor();

    const ofKey = await editor.hover(mapping, `{ "sever‸ity_id": 1 }`);
    const ofValue = await editor.hover(mapping, `{ "severity_id": 1‸ }`);

    expect(ofKey).toContain('- `1` Informational');
    expect(ofValue).toMatch(/^\*\*1\*\* Informational/);
  });

  it('tells what the engine fills in', async () => {
    const editor = await openEditor();

    expect(await editor.hover(mapping, '{ "class_‸uid": 1 }')).toContain(
      'The engine fills it in, whatever the mapping says.',
    );
  });

  it('follows a variable to the attribute it becomes', async () => {
    const editor = await openEditor();

    const told = await editor.hover(mapping, '( $who := { "u‸id": id }; { "user": $who } )');

    expect(told).toContain('**user.uid**');
  });

  it('tells of a source field its type and description', async () => {
    const editor = await openEditor();

    const own = await editor.hover(mapping, `${before}"user": { "uid": i‸d }\n}`);
    const nested = await editor.hover(mapping, `${before}"message": address.ci‸ty\n}`);

    expect(own).toBe('**id** · string\n\nBadge number.');
    expect(nested).toBe('**address.city** · string, may be missing');
  });

  it('tells of a function, a binding and a connection property', async () => {
    const editor = await openEditor();

    expect(await editor.hover(mapping, '{ "time": $toMil‸lis(id) }')).toContain('**$toMillis(text, text?)**');
    expect(await editor.hover(mapping, '{ "time": $ingested‸At }')).toContain('milliseconds since 1970');
    expect(await editor.hover(mapping, '{ "message": $connection.ur‸l }')).toContain('Address');
  });

  it('still tells where the text does not parse', async () => {
    const editor = await openEditor();

    expect(await editor.hover(mapping, `${before}"user": { "has_m‸fa": mfa, "name": `)).toContain('**user.has_mfa**');
  });

  it('is silent on what means nothing', async () => {
    const editor = await openEditor();

    expect(await editor.hover(mapping, '{ "activity_id": 2 /* uid‸ */ }')).toBeUndefined();
    expect(await editor.hover(mapping, '{ "x": { "uid‸": 1 } }')).toBeUndefined();
  });
});

describe('completion in a mapping', () => {
  it('offers the attributes that are not given yet, the required first', async () => {
    const editor = await openEditor();

    const items = await editor.complete(mapping, `${before}‸\n}`);
    const labels = inOrder(items);

    expect(labels[0]).toBe('user');
    expect(labels).toContain('message');
    expect(labels).not.toContain('severity_id');
    expect(labels).not.toContain('class_uid');
    expect(named(items, 'user')).toMatchObject({ detail: 'user, required', textEdit: { newText: '"user": { $0 \\}' } });
  });

  it('offers those of the object at the cursor, also behind a line without its comma', async () => {
    const editor = await openEditor();

    const items = await editor.complete(mapping, `${before}"user": {\n    "uid": id\n    "has‸"\n  }\n}`);

    expect(named(items, 'has_mfa')).toMatchObject({
      detail: 'boolean_t, recommended',
      textEdit: {
        newText: '"has_mfa": $0',
        range: { start: { line: 5, character: 4 }, end: { line: 5, character: 9 } },
      },
    });
    expect(items.map(({ label }) => label)).not.toContain('uid');
  });

  it.each([
    ['an object that is not closed', `${before}"user": { "uid": id, ‸`],
    ['a line below that does not parse', `${before}"user": { "uid": id, ‸ },\n "message": & \n}`],
    ['a block of statements', `( $x := 1; ${before}"user": { ‸`],
    ['a list', `${before}"user": { "groups": [{ ‸ }] }\n}`],
  ])('works in %s', async (_, text) => {
    const editor = await openEditor();

    expect((await editor.complete(mapping, text)).map(({ label }) => label)).toContain('name');
  });

  it('offers the ids with their captions, and captions as text', async () => {
    const editor = await openEditor();

    const ids = await editor.complete(mapping, `{ "severity_id": ‸\n}`);
    const captions = await editor.complete(mapping, `{ "severity": "‸"\n}`);

    expect(named(ids, '1 Informational').textEdit.newText).toBe('1');
    expect(named(captions, 'Informational')).toMatchObject({
      detail: 'severity_id 1',
      textEdit: { newText: '"Informational"' },
    });
  });

  it('offers source fields, and behind a dot the nested ones', async () => {
    const editor = await openEditor();

    const top = await editor.complete(mapping, `${before}"message": ‸\n}`);
    const nested = await editor.complete(mapping, `${before}"message": address.‸\n}`);

    expect(named(top, 'id')).toMatchObject({
      detail: 'string',
      documentation: { value: expect.stringContaining('Badge') as string },
    });
    expect(nested.map(({ label }) => label)).toEqual(['city', 'zip']);
  });

  it('offers connection properties but no secret', async () => {
    const editor = await openEditor();

    const items = await editor.complete(mapping, `${before}"message": $connection.‸\n}`);

    expect(items.map(({ label }) => label)).toEqual(['url']);
  });

  it('offers functions, bindings and what the mapping has set', async () => {
    const editor = await openEditor();

    const items = await editor.complete(mapping, '( $owner := id; { "message": $‸ } )');

    expect(named(items, '$owner').detail).toBe('set in this mapping');
    expect(named(items, '$toMillis').textEdit.newText).toBe('\\$toMillis($0)');
    expect(items.map(({ label }) => label)).toContain('$ingestedAt');
  });

  it('goes by the last sound descriptor while that is broken', async () => {
    const editor = await openEditor();
    await editor.complete(mapping, `${before}‸\n}`);
    await editor.open('integration.yaml', 'name: [');

    expect(await editor.complete(mapping, `${before}‸\n}`)).not.toEqual([]);
  });

  it('offers nothing in a comment, in a file of no stream, and in a file of no feed', async () => {
    const editor = await openEditor();

    expect(await editor.complete(mapping, '{ /* ‸ */ }')).toEqual([]);
    expect(await editor.complete('mappings/nobody.jsonata', '{ ‸ }')).toEqual([]);
    expect(await editor.complete('../nowhere.jsonata', '{ ‸ }')).toEqual([]);
  });

  it('answers at every place of a mapping, whole or cut off there', async () => {
    const editor = await openEditor();
    const text = acmeFiles[mapping] ?? '';

    for (let at = 0; at < text.length; at += 3) {
      await editor.complete(mapping, `${text.slice(0, at)}‸${text.slice(at)}`);
      await editor.hover(mapping, `${text.slice(0, at)}‸`);
    }

    expect(editor.logged).toEqual([]);
  });
});

/** As an editor sorts them. */
function inOrder(items: readonly (CompletionItem & { sortText?: string })[]): string[] {
  return [...items]
    .sort((one, other) => ((one.sortText ?? '') < (other.sortText ?? '') ? -1 : 1))
    .map(({ label }) => label);
}

function named(items: readonly CompletionItem[], label: string): CompletionItem {
  const item = items.find((each) => each.label === label);
  if (item === undefined) throw new Error(`There is no ${label} among ${items.map((each) => each.label).join(', ')}.`);
  return item;
}

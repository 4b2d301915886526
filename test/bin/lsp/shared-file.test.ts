import { describe, expect, it } from 'vitest';
import { acmeFiles, openEditor } from './editor.ts';

const mapping = 'mappings/people.jsonata';
const shared = 'mappings/all.shared.jsonata';
const bindings = '(\n  $user := { "uid": id, "name": name, "has_mfa": mfa };\n  $city := address.city\n)\n';
const record = '{\n  "activity_id": 2,\n  "severity_id": 1,\n  "user": $user,\n  "unmapped": { "city": $city }\n}\n';
const files = {
  ...acmeFiles,
  'integration.yaml': (acmeFiles['integration.yaml'] ?? '').replace(
    'defaults:\n',
    'defaults:\n  shared: all.shared.jsonata\n',
  ),
  [mapping]: record,
  [shared]: bindings,
};

describe('a mapping that uses a shared file', () => {
  it('leads from a name to the line of the shared file that sets it, also while that is not saved', async () => {
    const editor = await openEditor(files);
    const using = record.replace('$user', '$us‸er');

    expect(await editor.define(mapping, using)).toMatchObject({
      uri: editor.uriOf(shared),
      range: { start: { line: 1, character: 2 } },
    });
    await editor.open(shared, `/* new */\n${bindings}`);
    expect(await editor.define(mapping, using)).toMatchObject({ range: { start: { line: 2, character: 2 } } });
  });

  it('leads to its own line where it sets the name anew', async () => {
    const editor = await openEditor(files);

    expect(await editor.define(mapping, '( $user := 1;\n{ "user": $us‸er } )')).toMatchObject({
      uri: editor.uriOf(mapping),
    });
  });

  it('tells where a name is set, and still knows its own keys and fields', async () => {
    const editor = await openEditor(files);

    expect(await editor.hover(mapping, record.replace('$city', '$ci‸ty'))).toBe(
      '**$city** · set in all.shared.jsonata, line 3',
    );
    expect(await editor.hover(mapping, record.replace('severity_id', 'sever‸ity_id'))).toContain('**severity_id**');
    expect(await editor.hover(mapping, '{ "user": $user, "message": na‸me }')).toContain('**name**');
  });

  it('is offered the names, and the attributes that are still open', async () => {
    const editor = await openEditor(files);
    const ofNames = await editor.complete(mapping, '{ "user": $‸ }');
    const ofKeys = await editor.complete(mapping, '{ "user": $user,\n  ‸ }');

    expect(ofNames).toContainEqual(
      expect.objectContaining({ label: '$user', detail: 'set in all.shared.jsonata, line 2' }),
    );
    expect(ofKeys.map(({ label }) => label)).toContain('message');
    expect(ofKeys.map(({ label }) => label)).not.toContain('user');
  });
});

describe('a shared file', () => {
  it('knows its fields by the shape of the row, and its keys by what the mappings make of them', async () => {
    const editor = await openEditor(files);

    expect(await editor.hover(shared, bindings.replace('": id', '": i‸d'))).toContain('Badge number.');
    expect(await editor.hover(shared, bindings.replace('has_mfa', 'has_‸mfa'))).toContain('**user.has_mfa**');
    const found = await editor.define(shared, bindings.replace('city\n', 'ci‸ty\n'));
    expect(found?.uri).toBe(editor.uriOf('sources/people.schema.json'));
  });

  it('has its own diagnostics at its own lines', async () => {
    const editor = await openEditor(files);

    await editor.open(shared, bindings.replace('"uid": id', '"uidd": id'));
    const [found] = await editor.shown(shared, (all) => all.length > 0);

    expect(found).toMatchObject({ code: 'mapping/unknown-attribute', range: { start: { line: 1, character: 13 } } });
  });

  it('is where its name in the descriptor leads to', async () => {
    const editor = await openEditor(files);
    const found = await editor.define(
      'integration.yaml',
      files['integration.yaml'].replace('shared: all.', 'shared: a‸ll.'),
    );

    expect(found?.uri).toBe(editor.uriOf(shared));
  });
});

import { describe, expect, it } from 'vitest';
import { acmeFiles, openEditor } from './editor.ts';

const descriptor = acmeFiles['integration.yaml'] ?? '';

/** The descriptor with something else in place of a part; `‸` marks the cursor. */
function edited(part: string, other: string): string {
  if (!descriptor.includes(part)) throw new Error(`The descriptor has no "${part}".`);
  return descriptor.replace(part, other);
}

async function labels(part: string, other: string): Promise<string[]> {
  const editor = await openEditor();
  return (await editor.complete('integration.yaml', edited(part, other))).map(({ label }) => label);
}

describe('hover in YAML', () => {
  it('tells of a key its type, meaning and default', async () => {
    const editor = await openEditor();

    const told = await editor.hover('integration.yaml', edited('    path:', '    default: o‸n\n    path:'));
    const retry = await editor.hover('integration.yaml', edited('maxTries', 'maxT‸ries'));

    expect(told).toContain('Whether a run reads it without being asked');
    expect(told).toContain('Default: `"on"`');
    expect(retry).toMatch(/^\*\*maxTries\*\* · integer/);
  });

  it('tells of a kind what it means', async () => {
    const editor = await openEditor();

    expect(await editor.hover('integration.yaml', edited('kind: next-link', 'kind: next‸-link'))).toContain(
      'The body holds the address of the next page',
    );
  });

  it('tells of a permission why it is asked, and of a class its caption and uid', async () => {
    const editor = await openEditor();

    expect(await editor.hover('integration.yaml', edited('[people:read]', '[people:‸read]'))).toContain(
      'Opens the list of people.',
    );
    expect(await editor.hover('integration.yaml', edited('user_inventory', 'user_‸inventory'))).toContain('5003');
  });

  it('tells of a placeholder which connection property it is', async () => {
    const editor = await openEditor();

    expect(await editor.hover('integration.yaml', edited('"{url}"', '"{ur‸l}"'))).toBe('**{url}**\n\nAddress');
  });

  it('tells of keys of errors.yaml, and nothing of a comment', async () => {
    const editor = await openEditor();

    expect(await editor.hover('errors.yaml', 'source:\n  co‸de: [/error/code]\n')).toMatch(/^\*\*code\*\*/);
    expect(await editor.hover('errors.yaml', '# so‸urce:\n')).toBeUndefined();
  });
});

describe('completion in YAML', () => {
  it('offers the keys of the place that are not given yet', async () => {
    const found = await labels('    path: /people\n', '    path: /people\n    pri‸\n');

    expect(found).toContain('rateLimit');
    expect(found).not.toContain('summary');
    expect(found).not.toContain('formatVersion');
  });

  it('offers the keys of a kind inside braces that are not closed', async () => {
    const found = await labels('{ kind: next-link, pointer: /next }', '{ kind: cursor, ‸');

    expect(found).toEqual(expect.arrayContaining(['pointer', 'parameter', 'morePointer']));
    expect(found).not.toContain('kind');
  });

  it.each([
    ['the kinds', '{ kind: next-link, pointer: /next }', '{ kind: ‸ }', 'page-number'],
    ['enum values', '    path: /people\n', '    path: /people\n    default: ‸\n', 'off'],
    ['classes of the release', 'user_inventory', '‸', 'inventory_info'],
    ['permissions', 'permissions: [people:read]', 'permissions: [‸]', 'people:read'],
    ['streams', '    path: /people\n', '    path: /people\n    deprecation: { successor: ‸ }\n', 'people'],
    ['rate limits', 'defaults:', 'rateLimits: { slow: {} }\ndefaults:\n  rateLimit: ‸', 'slow'],
    ['connection properties between braces', '/people', '/people/{‸', 'token'],
    ['connection properties that are required', 'required: [url]', 'required: [url, ‸]', 'token'],
    ['keys on an empty line at the top', 'permissions:\n', '‸\npermissions:\n', 'vendorCatalogue'],
  ])('offers %s', async (_, part, other, expected) => {
    expect(await labels(part, other)).toContain(expected);
  });

  it('writes a block, a list or a kind as it is to go on', async () => {
    const editor = await openEditor();

    const items = await editor.complete(
      'integration.yaml',
      edited('    path: /people\n', '    path: /people\n    ‸\n'),
    );
    const written = (label: string) => items.find((each) => each.label === label)?.textEdit.newText;

    expect(written('cursor')).toBe('cursor: { kind: $0 \\}');
    expect(written('profiles')).toBe('profiles: [$0]');
    expect(written('feature')).toBe('feature: $0');
  });

  it('works in errors.yaml, setup.yaml and sandbox.yaml', async () => {
    const editor = await openEditor();
    const of = async (path: string, text: string) => (await editor.complete(path, text)).map(({ label }) => label);

    expect(await of('errors.yaml', 'source:\n  rules:\n    - status: [403]\n      means: ‸\n')).toContain('denied');
    expect(await of('setup.yaml', '‸')).toContain('steps');
    expect(await of('sandbox/sandbox.yaml', 'formatVersion: 1\n‸\n')).toContain('collections');
  });

  it('answers at every place of a descriptor, whole or cut off there', async () => {
    const editor = await openEditor();

    for (let at = 0; at < descriptor.length; at += 7) {
      await editor.complete('integration.yaml', `${descriptor.slice(0, at)}‸${descriptor.slice(at)}`);
      await editor.hover('integration.yaml', `${descriptor.slice(0, at)}‸`);
    }

    expect(editor.logged).toEqual([]);
  });
});

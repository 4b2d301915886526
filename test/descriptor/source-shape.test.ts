import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../engine/descriptor/read-descriptor.ts';
import { readSourceShape, type SourceShape } from '../../engine/descriptor/source-shape.ts';
import { acmeDescriptor, acmePeople, schemasDir, scratchIntegration } from '../support/scratch-integration.ts';

const shape = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const text = JSON.stringify(shape, null, 2);

/** The shape of the people of an invented directory. */
async function peopleShape(source: string, files: { readonly [path: string]: string } = {}): Promise<SourceShape> {
  const descriptor = acmeDescriptor({ streams: `${acmePeople}${source}` });
  const places = await scratchIntegration('acme', { 'integration.yaml': descriptor, ...files });
  const folder = join(places.integrationsDirs[0] ?? '', 'acme');
  const read = await readDescriptor(folder, schemasDir);
  const [people] = read.descriptor?.streams ?? [];
  if (people === undefined) throw new Error(JSON.stringify(read.issues));
  return readSourceShape(folder, people, schemasDir, read.locate);
}

async function issuesOf(json: string) {
  const { issues } = await peopleShape('', { 'sources/people.schema.json': json });
  return issues.map(({ code, at, hint }) => ({ code, line: at?.line, column: at?.column, hint }));
}

describe('a shape that cannot be used', () => {
  it('is told where its file is named, if there is none of that name', async () => {
    const { issues, shape } = await peopleShape('    source: person.schema.json\n');

    expect(shape).toBeUndefined();
    expect(issues).toMatchObject([{ code: 'descriptor/unknown-reference', at: { line: 24, column: 13 } }]);
  });

  it.each([
    ['a comma behind the last property', '{\n  "type": "object",\n}', 3, 1],
    ['a comma behind the last item', '{\n  "required": ["id",\n  ]\n}', 3, 3],
    ['a comma behind the last of many items', `{ "required": [${'"id", '.repeat(20)}\n ] }`, 2, 2],
    ['a comment', '{\n  // one person\n  "type": "object"\n}', 2, 3],
    ['no text at all', '', 1, 1],
    ['an end too early', '{\n  "type": "object"', 2, 19],
  ])('is told at the place where its JSON breaks: %s', async (_, json, line, column) => {
    expect(await issuesOf(json)).toMatchObject([{ code: 'descriptor/json-syntax', line, column }]);
  });

  it('is told with the type that was meant', async () => {
    expect(await issuesOf(text.replace('"string"', '"sting"'))).toEqual([
      { code: 'descriptor/wrong-value', line: 8, column: 15, hint: 'Did you mean "string"?' },
    ]);
  });

  it('is told with the keyword that was meant', async () => {
    expect(await issuesOf(text.replace('"properties"', '"propertys"'))).toEqual([
      { code: 'descriptor/unknown-key', line: 6, column: 3, hint: 'Did you mean "properties"?' },
    ]);
  });

  it('is told once for a list in place of an object', async () => {
    expect(await issuesOf('[]')).toMatchObject([{ code: 'descriptor/wrong-value', line: 1, column: 1 }]);
  });
});

describe('the shape of a stream', () => {
  it('is found by the name of the stream, without a line in the descriptor', async () => {
    expect(await peopleShape('', { 'sources/people.schema.json': text })).toMatchObject({ shape, issues: [] });
  });

  it('is found by the name of a file that streams share', async () => {
    const files = { 'sources/person.schema.json': `\uFEFF${text}` };

    expect(await peopleShape('    source: person.schema.json\n', files)).toMatchObject({ shape, issues: [] });
  });

  it('is found by the name of the mapping, where streams share one', async () => {
    const files = { 'sources/person.schema.json': text, 'mappings/person.jsonata': '{}' };

    expect(await peopleShape('    mapping: person.jsonata\n', files)).toMatchObject({ shape, issues: [] });
  });

  it('is its own before that of a shared mapping', async () => {
    const files = { 'sources/person.schema.json': '{ "type": "object" }', 'sources/people.schema.json': text };

    expect(await peopleShape('    mapping: person.jsonata\n', files)).toMatchObject({ shape, issues: [] });
  });

  it('may stand in the descriptor', async () => {
    expect(await peopleShape(`    source: ${JSON.stringify(shape)}\n`)).toMatchObject({ shape, issues: [] });
  });

  it('need not be declared', async () => {
    expect(await peopleShape('')).toEqual({ issues: [], locate: expect.any(Function) as unknown });
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../../engine/diagnostics/issue.ts';
import { type PlainValues, readYamlFile, type YamlFile } from '../../engine/descriptor/yaml-file.ts';
import { scratchFolder } from '../support/scratch-integration.ts';

async function read(text: string | Uint8Array, plain?: PlainValues): Promise<YamlFile> {
  const path = join(await scratchFolder(), 'integration.yaml');
  await writeFile(path, text);
  return readYamlFile(path, 'integration.yaml', plain === undefined ? {} : { plain });
}

async function refusal(text: string | Uint8Array): Promise<Issue> {
  const { issues, value } = await read(text);
  expect(value).toBeUndefined();
  expect(issues).toHaveLength(1);
  return issues[0] as Issue; // one, as just said
}

/** The place of the mark, which is taken out of the text. */
function marked(text: string): { text: string; at: { line: number; column: number } } {
  const before = text.slice(0, text.indexOf('▸')).split('\n');
  return { text: text.replace('▸', ''), at: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } };
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

describe('YAML that cannot be read', () => {
  it.each([
    ['a tab as indentation', 'a:\n▸\tb: 1\n', 'A tab stands'],
    ['a tab after spaces', 'a:\n  b: 1\n  ▸\tc: 2\n', 'A tab stands'],
    ['a tab inside brackets', 'a: [\n▸\tb ]\nc: 1\n', 'A tab stands'],
    ['a key twice', 'name: a\nx: 1\n▸name: b\n', 'The key "name" stands twice'],
    ['a key twice in braces', 'x: { a: 1, ▸a: 2 }\n', 'The key "a" stands twice'],
    ['a bracket left open', 'a: [1, 2\n▸b: c\n', 'A quote or bracket'],
    ['an indentation that fits nothing', 'a:\n  b: 1\n▸ c: 2\n', 'All mapping items'],
    ['a sign that needs quotes', 'a: ▸@foo\n', 'Plain value cannot start'],
    ['a merge of no block', 'x: &x 1\na: { <<: ▸*x }\n', 'Only blocks can be merged'],
    ['a space that is none', 'a:\n  b: 1\n  ▸\u00A0c: 2\n', 'A sign that only looks like a space'],
    ['an escape that is none', 'a: "c:▸\\path"\n', 'A backslash'],
    ['two keys in a line', 'a: ▸b: c\n', 'A second "key: value"'],
    ['a second document', 'a: 1\n▸---\nb: 2\n', 'A second YAML document'],
    ['a tag', 'a: ▸!env TOKEN\n', 'A YAML tag'],
    ['an alias of nothing', 'a: ▸*foo\n', 'There is no such anchor'],
    ['an alias in its own anchor', 'a: &a { b: ▸*a }\n', 'This alias stands inside'],
    ['a control character', 'a: "x▸\u0007"\n', 'A control character stands here (U+0007)'],
    ['YAML 1.1', '▸%YAML 1.1\n---\na: no\n', 'The file asks for YAML 1.1'],
  ])('is told at its place: %s', async (_, text, message) => {
    const { text: plain, at } = marked(text);

    const issue = await refusal(plain);

    expect(issue).toMatchObject({ at });
    expect(issue.message).toContain(message);
    expect(issue.hint?.length).toBeGreaterThan(5);
  });

  it('tells every key that stands twice, and where its first one is', async () => {
    const { issues } = await read('a: 1\nb: 1\na: 2\nb: 2\n');

    expect(issues.map(({ at, hint }) => [at?.line, hint])).toEqual([
      [3, 'Keep one of the two; the first is on line 1.'],
      [4, 'Keep one of the two; the first is on line 2.'],
    ]);
  });

  it('is told to be in another encoding, at the first such character', async () => {
    expect(await refusal(bytes('a: 1\nb: "é', [0xe9], '"\n'))).toMatchObject({ at: { line: 2, column: 6 } });
    expect(await refusal(bytes([0xff, 0xfe], 'a\0:\0'))).toMatchObject({ message: 'The file is written in UTF-16.' });
    expect(await refusal(bytes([0x50, 0x4b, 3, 4, 0xc3, 0x28]))).toMatchObject({ at: { line: 1, column: 5 } });
  });

  it('is refused for its size before it is read', async () => {
    expect((await refusal('x'.repeat(10_000_000))).message).toBe(
      'integration.yaml has 10,000,000 bytes; at most 1,000,000 are read.',
    );
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['lists', `${'- '.repeat(100_000)}a`],
    ['braces', '{a: '.repeat(50_000)],
  ])('is refused, and does not end the process, when its %s never close', async (_, text) => {
    expect((await refusal(text)).message).toContain('nested deeper than 64 levels');
  });

  it.each([
    ['lists of aliases', (name: string, nine: string) => `${name}: &${name} [${nine}]`],
    ['merged blocks', (name: string, nine: string) => `${name}: &${name} { <<: [${nine}], k${name}: 1 }`],
  ])('is refused when %s would fill the memory', async (_, line) => {
    const lines = ['a0: &a0 { k: 1 }'];
    for (let step = 1; step < 30; step++)
      lines.push(
        line(
          `a${step}`,
          Array(9)
            .fill(`*a${step - 1}`)
            .join(', '),
        ),
      );

    expect((await refusal(lines.join('\n'))).message).toContain('With its aliases followed');
  });

  it('is told when there is no file', async () => {
    const { issues } = await readYamlFile(join(await scratchFolder(), 'none.yaml'), 'none.yaml');

    expect(issues).toMatchObject([{ code: 'descriptor/unreadable', at: { file: 'none.yaml', line: 1 } }]);
  });
});

describe('YAML as it may come', () => {
  it('may begin with a byte order mark and end its lines in CRLF, and places stay true', async () => {
    const file = await read('\uFEFFa:\r\n  b: 1\r\n');

    expect(file.value).toEqual({ a: { b: 1 } });
    expect(file.locate('/a/b')).toMatchObject({ line: 2, column: 6, length: 1 });
    expect(file.locate('/a')).toMatchObject({ line: 1, column: 1 });
  });

  it('reads no, on and yes as text', async () => {
    expect((await read('a: no\nb: on\nc: yes\non: off\n')).value).toEqual({ a: 'no', b: 'on', c: 'yes', on: 'off' });
  });

  it('keeps a value as it is written where texts are wanted', async () => {
    const { value } = await read('a: 007\nb: 12345678901234567890\nc: true\nd: { env: X }\n', 'as-text');

    expect(value).toEqual({ a: '007', b: '12345678901234567890', c: 'true', d: { env: 'X' } });
  });
});

describe('the place of a value', () => {
  const text = [
    'base: &base { kind: link, pointer: /next }',
    'one:',
    '  walk: *base',
    'two:',
    '  walk: { <<: *base, size: 5 }',
    'three: { <<: [{ a: 1 }, *base] }',
    'empty:',
  ].join('\n');

  it.each([
    ['an anchored value, where it is written', '/one/walk/kind', undefined, { line: 1, column: 21 }],
    ['a merged value, where it is written', '/two/walk/pointer', undefined, { line: 1, column: 36 }],
    ['a value of several merged blocks', '/three/kind', undefined, { line: 1, column: 21 }],
    ['a key of a merged block', '/two/walk', 'kind', { line: 1, column: 15 }],
    ['a key beside a merged block', '/two/walk', 'size', { line: 5, column: 22 }],
    ['what an anchored block lacks, at its key', '/one/walk', undefined, { line: 1, column: 1 }],
    ['an empty value, at its key', '/empty', undefined, { line: 7, column: 1 }],
    ['what is not there, at the last key that is', '/two/walk/size/deep', undefined, { line: 5, column: 22 }],
  ])('is found: %s', async (_, pointer, key, at) => {
    expect((await read(text)).locate(pointer, key)).toMatchObject(at);
  });

  it('is marked no further than its line', async () => {
    const { locate } = await read('a:\n  - "one\n    two"\n');

    expect(locate('/a/0')).toMatchObject({ line: 2, column: 5, length: 4 });
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../../engine/diagnostics/issue.ts';
import { readDescriptor } from '../../engine/descriptor/read-descriptor.ts';
import { acmeDescriptor, acmePeople, schemasDir, scratchIntegration } from '../support/scratch-integration.ts';

async function read(text: string, more: { readonly [path: string]: string } = {}) {
  const places = await scratchIntegration('acme', { 'integration.yaml': text, ...more });
  return readDescriptor(join(places.integrationsDirs[0] ?? '', 'acme'), schemasDir);
}

async function issuesOf(text: string, more?: { readonly [path: string]: string }): Promise<readonly Issue[]> {
  return (await read(text, more)).issues;
}

/** The place of the first `text` in the file, counted from 1. */
function placeOf(file: string, text: string): { line: number; column: number } {
  const before = file.slice(0, file.indexOf(text)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

describe('a mistake in a descriptor', () => {
  it('is shown at the line and column of the unknown key, with the key that was meant', async () => {
    const text = acmeDescriptor().replace('pagination:', 'paginaton:');

    const [issue, ...others] = await issuesOf(text);

    expect(others).toEqual([]);
    expect(issue).toMatchObject({
      code: 'descriptor/unknown-key',
      hint: 'Did you mean "pagination"?',
      at: placeOf(text, 'paginaton'),
    });
  });

  it('is shown with the kind that was meant', async () => {
    const text = acmeDescriptor().replace('kind: next-link', 'kind: nextlink');

    expect(await issuesOf(text)).toMatchObject([
      { code: 'descriptor/wrong-value', hint: 'Did you mean "next-link"?', at: placeOf(text, 'nextlink') },
    ]);
  });

  it('is shown once for each of several mistakes', async () => {
    const text = acmeDescriptor({ more: 'colour: red' })
      .replace('title: Acme Directory\n', '')
      .replace('class: user_inventory', 'klass: user_inventory');

    const codes = (await issuesOf(text)).map(({ code }) => code);

    expect(codes.sort()).toEqual(['descriptor/missing-key', 'descriptor/unknown-key', 'descriptor/unknown-key']);
  });

  it('of a missing key is shown at the block that lacks it', async () => {
    const text = acmeDescriptor().replace(', pointer: /next', '');

    expect(await issuesOf(text)).toMatchObject([{ code: 'descriptor/missing-key', at: placeOf(text, 'pagination:') }]);
  });

  it('is found in placeholders, rate limits, permissions and successors that point at nothing', async () => {
    const text = acmeDescriptor({
      streams: `${acmePeople}    rateLimit: fast
    permissions: [Read.All]
    deprecation: { note: Old., successor: persons }
`,
    }).replace('path: /people', 'path: /{tenant}/people');

    const issues = await issuesOf(text);

    expect(issues.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'descriptor/unknown-placeholder {tenant} is no connection property.',
      'descriptor/unknown-reference There is no rate limit "fast".',
      'descriptor/unknown-reference There is no permission "Read.All".',
      'descriptor/unknown-reference There is no stream "persons".',
    ]);
    expect(issues[0]?.at).toMatchObject(placeOf(text, '/{tenant}'));
  });

  it('is found in a name that is not the name of the folder', async () => {
    expect(await issuesOf(acmeDescriptor().replace('name: acme', 'name: acne'))).toMatchObject([
      { code: 'descriptor/wrong-value', pointer: '/name' },
    ]);
  });

  const withCursor = (cursor: string, pagination = '{ kind: next-link, pointer: /next }') =>
    acmeDescriptor({
      streams: `  log: { summary: Log., path: /log, class: base_event, pagination: ${pagination}, cursor: ${cursor} }
`,
    });

  it.each([
    ['a link where pages are walked otherwise', '{ kind: next-link, lookback: 7d }', '{ kind: single-page }', 'kind'],
    ['a time that no request tells the source', '{ kind: time, lookback: 7d }', undefined, 'kind'],
    ['a duration without a unit', '{ kind: time, lookback: 7, query: { since: "{from.iso}" } }', undefined, 'lookback'],
    [
      'the end of a span that has none',
      '{ kind: next-link, lookback: 7d, query: { x: "{to.s}" } }',
      undefined,
      'query/x',
    ],
  ])('is found in a cursor: %s', async (_, cursor, pagination, key) => {
    expect(await issuesOf(withCursor(cursor, pagination))).toMatchObject([{ pointer: `/streams/log/cursor/${key}` }]);
  });

  it('is not found in cursors that are right', async () => {
    expect(await issuesOf(withCursor('{ kind: time, lookback: 7d, query: { a: "{from.s}", b: "{to.iso}" } }'))).toEqual(
      [],
    );
    expect(await issuesOf(withCursor('{ kind: next-link, lookback: "{url}", query: { a: "{from.iso}" } }'))).toEqual(
      [],
    );
    expect(await issuesOf(withCursor('{ kind: delta-link, pointer: /delta, removed: /gone }'))).toEqual([]);
  });

  it('is found in a stream derived from one of which only the new is read', async () => {
    const derived = '  sums: { summary: Sums., class: base_event, derive: { kind: count, from: log } }\n';

    expect(await issuesOf(`${withCursor('{ kind: delta-link, pointer: /delta }')}${derived}`)).toMatchObject([
      { code: 'descriptor/bad-derivation' },
    ]);
  });

  it('is found in a stream derived from a stream that is derived itself', async () => {
    const text = acmeDescriptor({
      streams: `${acmePeople}  a: { summary: A., class: base_event, derive: { kind: count, from: people } }
  b: { summary: B., class: base_event, derive: { kind: count, from: a } }
`,
    });

    expect(await issuesOf(text)).toMatchObject([{ code: 'descriptor/bad-derivation' }]);
  });

  it('is found in the error catalogue at its own line', async () => {
    const errors = 'source:\n  rules:\n    - { status: [403], mesage: No., hint: Ask. }\n';

    const issues = await issuesOf(acmeDescriptor(), { 'errors.yaml': errors });

    expect(issues).toMatchObject([
      { code: 'descriptor/unknown-key', hint: 'Did you mean "message"?', at: placeOf(errors, 'mesage') },
    ]);
  });
});

describe('YAML that is no descriptor', () => {
  it.each([
    ['a duplicate key', 'name: a\nname: b\n', 2],
    ['a tab as indentation', 'name: a\nstreams:\n\ta: b\n', 3],
    ['an unclosed bracket', 'name: [a\n', 2],
  ])('is refused at its line: %s', async (_, text, line) => {
    const [issue] = await issuesOf(text);

    expect(issue).toMatchObject({ code: 'descriptor/yaml-syntax', at: { line } });
  });

  it('is refused when it is too large', async () => {
    expect(await issuesOf('x'.repeat(1_000_001))).toMatchObject([{ code: 'descriptor/unreadable' }]);
  });

  it('is refused when its aliases would fill the memory', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghi'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefgh'[index] ?? 'a'}`).join(', ')}]`,
        ),
    ];

    expect(await issuesOf(bomb.join('\n'))).toMatchObject([{ code: 'descriptor/unreadable' }]);
  });

  it('may begin with a byte order mark and end its lines in CRLF', async () => {
    expect(await issuesOf(`\uFEFF${acmeDescriptor().replaceAll('\n', '\r\n')}`)).toEqual([]);
  });
});

describe('what an author may leave out', () => {
  it('is filled in: title, event code, mapping, page size and budgets', async () => {
    const { descriptor } = await read(acmeDescriptor({ streams: acmePeople.replace('people:', 'active-people:') }));

    expect(descriptor?.streams[0]).toMatchObject({
      title: 'Active people',
      eventCode: 'activePeople',
      mapping: 'active-people.jsonata',
      default: 'on',
      grant: 'application',
      ocsf: { version: '1.5.0', class: 'user_inventory', profiles: [] },
    });
    expect(descriptor?.request).toMatchObject({ connectTimeoutMs: 10_000, maxPageBytes: 67_108_864 });
  });

  it('takes the query from the path, as one types an address', async () => {
    const { descriptor } = await read(acmeDescriptor().replace('path: /people', 'path: /people?$top=999&active=yes'));

    expect(descriptor?.streams[0]?.request).toMatchObject({ path: '/people', query: { $top: '999', active: 'yes' } });
  });

  it('comes from the defaults of the descriptor, which a stream overrides', async () => {
    const text = acmeDescriptor({
      more: 'defaults: { apiVersion: v1, licence: Gold }',
      streams: `${acmePeople}  guests: { summary: G., path: /g, class: user_inventory, apiVersion: v2, licence: none }\n`,
    });

    const { descriptor } = await read(text);

    expect(descriptor?.streams).toMatchObject([{ apiVersion: 'v1', licence: 'Gold' }, { apiVersion: 'v2' }]);
    expect(descriptor?.streams[1]).not.toHaveProperty('licence');
  });

  it('gives a stream whose body is one record a single page, whatever the defaults say', async () => {
    const text = acmeDescriptor({
      more: 'defaults: { pagination: { kind: next-link, pointer: /next } }',
      streams: '  total: { summary: T., path: /total, records: { kind: body }, class: base_event }\n',
    });

    expect((await read(text)).descriptor?.streams[0]?.pagination).toEqual({ kind: 'single-page' });
  });
});

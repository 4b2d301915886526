import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Places, type RecordReport, recordCases, runCases } from '../../engine/index.ts';
import type { RecordRequest } from '../../engine/run/requests.ts';
import { acmeDescriptor, peopleMapping, scratchIntegration } from '../support/scratch-integration.ts';
import { json, type SourceServer, startSourceServer, status } from '../support/source-server.ts';

const nora = { id: 'u-48151', name: 'Nora Quist', mfa: true, team: 'Blue', manager: 'u-16234', joined: '2024-02-29' };
const li = { id: 'u-16234', name: 'Li Wei', mfa: false, team: null, note: 'Stands in for Nora Quist (u-48151).' };

describe('nothing is written', () => {
  it('while a field is not classified, and the field is told with a masked example', async () => {
    const { report, file } = await record({ people: [nora, li] });

    expect(report).toMatchObject({ written: false, cases: [{ stream: 'people', rows: 2 }] });
    expect(report.unclassified).toEqual([
      { stream: 'people', field: '/items/*/mood', name: 'mood', values: 2, example: 'Aaaa' },
    ]);
    expect(existsSync(file)).toBe(false);
  });

  it('while a kept value holds somebody’s, and the place is told', async () => {
    const { report, file } = await record(
      { people: [{ ...nora, mood: 'As Nora Quist' }] },
      { decisions: { mood: 'word' } },
    );

    expect(report).toMatchObject({ written: false, unclassified: [] });
    expect(report.leaks).toContainEqual({ stream: 'people', file: 'source.json', pointer: '/items/0/mood' });
    expect(existsSync(file)).toBe(false);
  });

  it('where the source refuses the stream, with the reason', async () => {
    const { report, file } = await record({ answers: [status(403, {}, { error: 'no' })] });

    expect(report).toMatchObject({
      written: false,
      cases: [],
      notRecorded: [{ stream: 'people', reason: { httpStatus: 403 } }],
    });
    expect(existsSync(file)).toBe(false);
  });

  it('where the source has no row', async () => {
    const { report } = await record({ people: [] });

    expect(report.notRecorded).toMatchObject([{ stream: 'people', reason: { code: 'record/no-rows' } }]);
  });

  it('for a kind in record.yaml that there is not, which is told with its line', async () => {
    const recording = record({ people: [nora] }, {}, { 'cases/record.yaml': 'people:\n  mood: wrod\n' });

    await expect(recording).rejects.toMatchObject({
      code: 'descriptor/wrong-value',
      at: { line: 2 },
      hint: 'Did you mean "word"?',
    });
  });

  it('over a case of the same name, unless asked to', async () => {
    const files = { 'cases/people/recorded/source.json': '{}' };

    await expect(record({ people: [nora] }, {}, files)).rejects.toMatchObject({ code: 'record/case-exists' });
    const { report } = await record({ people: [nora] }, { replace: true, decisions: { mood: 'word' } }, files);
    expect(report.written).toBe(true);
  });
});

describe('a recorded case', () => {
  it('keeps what cases/record.yaml decides, by name or by pointer', async () => {
    const byName = await record({ people: [nora] }, {}, { 'cases/record.yaml': 'people: { mood: word }\n' });
    const byPointer = await record(
      { people: [nora] },
      {},
      { 'cases/record.yaml': 'people: { /items/*/mood: name }\n' },
    );

    expect(await byName.source()).toMatchObject({ items: [{ mood: 'Calm' }] });
    expect(byPointer.report.written).toBe(true);
    expect(await byPointer.source()).not.toMatchObject({ items: [{ mood: 'Calm' }] });
  });

  it('joins a manager to a person, and a note to both, and passes its test', async () => {
    const { places, source, report } = await record({ people: [nora, li] }, { decisions: { mood: 'word' } });
    const { items } = (await source()) as { items: { id: string; name: string; manager?: string; note?: string }[] };
    const [first, second] = items;

    expect(report.leaks).toEqual([]);
    expect(first?.manager).toBe(second?.id);
    expect(second?.note).toContain(`${first?.name ?? '?'} (${first?.id ?? '?'})`);
    expect(first?.id).toMatch(/^[a-z]-\d{5}$/);
    expect(await runCases({ places, integrations: ['acme'] })).toMatchObject([{ name: 'recorded', passed: true }]);
  });

  it('has the rows that show most, out of all pages read, and no page token', async () => {
    const plain = Array.from({ length: 9 }, (_, index) => ({ id: `u-9000${index}`, name: 'Ada Brook', mfa: true }));
    const { source, server } = await record(
      {
        answers: [json({ items: plain, next: '/people?page=tok-778812' }), json({ items: [...plain, li], next: null })],
      },
      { limit: 2, pages: 2, decisions: { mood: 'word' } },
    );
    const { items, next } = (await source()) as { items: object[]; next: string };

    expect(server.requests).toHaveLength(2);
    expect(items).toHaveLength(2);
    expect(items[1]).toHaveProperty('note');
    expect(next).toMatch(/^\/\w+\?\w+=[a-z]{3}-\d{6}$/);
    expect(next).not.toContain('778812');
  });
});

type Answers = { readonly people?: readonly object[]; readonly answers?: Parameters<SourceServer['on']>[1][] };

async function record(
  { people = [], answers }: Answers,
  more: Partial<RecordRequest> = {},
  files: { readonly [path: string]: string } = {},
): Promise<{
  report: RecordReport;
  places: Places;
  file: string;
  server: SourceServer;
  source: () => Promise<unknown>;
}> {
  const server = await startSourceServer();
  onTestFinished(() => server.close());
  const items = people.map((person) => ({ mood: 'Calm', ...person }));
  server.on('/people', ...(answers ?? [json({ items, next: null })]));
  const places = await scratchIntegration('acme', {
    'integration.yaml': acmeDescriptor(),
    'mappings/people.jsonata': peopleMapping,
    ...files,
  });
  const file = join(places.integrationsDirs[0] ?? '', 'acme/cases/people/recorded/source.json');
  const report = await recordCases({
    places,
    integration: 'acme',
    connection: { set: { url: server.origin }, env: {} },
    caseName: 'recorded',
    limit: 5,
    pages: 1,
    decisions: {},
    replace: false,
    pace: false,
    ...more,
  });
  return { report, places, file, server, source: async () => JSON.parse(await readFile(file, 'utf8')) as unknown };
}

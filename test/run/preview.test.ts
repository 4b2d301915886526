import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeAttribute, openPreview, previewStream, type PreviewedRecord } from '../../engine/index.ts';
import { json, startSourceServer } from '../support/source-server.ts';
import { acmeDescriptor, acmePeople, scratchFolder, scratchIntegration } from '../support/scratch-integration.ts';

const mapping = `(
  $who := name ?: id;
  {
    "activity_id": 2,
    "severity_id": 1,
    "message": "Entry of " & $who,
    "user": {
      "uid": id,
      "name": name,
      "type": role,
      "has_mfa": mfa,
      "groups": groups.{ "name": $ }
    },
    "unmapped": { "team": team, "note": note }
  }
)
`;
const nora = { id: 'p-1', name: 'nora@acme.example', mfa: true, role: 'Admin', groups: ['Blue', 'Red'], team: null };

async function preview(
  rows: readonly unknown[],
  more: { ocsfVersion?: string; mapping?: string; streams?: string } = {},
) {
  const { ocsfVersion, streams = acmePeople } = more;
  const places = await scratchIntegration('acme', {
    'integration.yaml': acmeDescriptor({ streams, more: 'request: { requestIdHeader: request-id }' }),
    'mappings/people.jsonata': more.mapping ?? mapping,
  });
  const sourceFile = join(await scratchFolder(), 'source.json');
  await writeFile(sourceFile, JSON.stringify({ items: rows }));
  const request = { places, integration: 'acme', stream: 'people', sourceFile, pace: false };
  return { places, request: { ...request, ...(ocsfVersion !== undefined && { ocsfVersion }) }, sourceFile };
}

async function previewOf(row: unknown, more: Parameters<typeof preview>[1] = {}): Promise<PreviewedRecord> {
  const [first] = await previewStream((await preview([row], more)).request);
  if (first === undefined) throw new Error('Nothing was previewed.');
  return first;
}

function at(previewed: PreviewedRecord, pointer: string) {
  return previewed.attributes.find((attribute) => attribute.pointer === pointer);
}

describe('a preview', () => {
  it('of a rejected row shows how far it came, and the issue at its attribute', async () => {
    const previewed = await previewOf({ ...nora, mfa: 'yes' });

    expect(previewed).not.toHaveProperty('record');
    expect(previewed.draft).toMatchObject({ user: { uid: 'p-1', has_mfa: 'yes' } });
    expect(previewed.issues).toMatchObject([{ code: 'ocsf/wrong-type', pointer: '/user/has_mfa' }]);
    expect(at(previewed, '/user/has_mfa')).toMatchObject({ from: 'mapping', sources: [{ path: 'mfa', value: 'yes' }] });
  });

  it('of a row that the mapping fails on shows the place in the mapping', async () => {
    const previewed = await previewOf(nora, { mapping: '{\n  "time": $toMillis(name)\n}' });

    expect(previewed.issues).toMatchObject([{ code: 'mapping/failed', at: { line: 2 } }]);
    expect(previewed.attributes).toEqual([]);
  });

  it('of what is no object says so', async () => {
    expect((await previewOf('nora')).issues).toMatchObject([{ code: 'fetch/row-not-object' }]);
  });

  it('accounts for every single value of the record', async () => {
    const previewed = await previewOf(nora);

    const told = previewed.attributes.map(({ pointer, value }) => [pointer, value]);
    expect(told).toEqual(leaves(previewed.record));
  });

  it('names the line and the source path of what the mapping gives', async () => {
    const previewed = await previewOf(nora);

    expect(at(previewed, '/message')).toMatchObject({
      from: 'mapping',
      at: { line: 6, column: 5, length: 9 },
      sources: [{ path: 'name', pointer: '/name', value: 'nora@acme.example', role: 'gives' }],
      through: [{ name: 'who', at: { line: 2 } }],
    });
    expect(at(previewed, '/user/groups/1/name')).toMatchObject({ sources: [{ pointer: '/groups/1' }] });
    expect(at(previewed, '/severity_id')).toMatchObject({ from: 'mapping', at: { line: 5 }, sources: [] });
  });

  it('marks what the engine completed, by its rule', async () => {
    const previewed = await previewOf(nora);

    expect(at(previewed, '/activity_name')).toMatchObject({ from: 'engine', rule: 'caption of activity_id 2' });
    expect(at(previewed, '/user/type_id')).toMatchObject({ from: 'engine', rule: 'id of type "Admin"' });
    expect(at(previewed, '/metadata/version')).toMatchObject({ from: 'engine' });
    expect(at(previewed, '/time')).toMatchObject({ from: 'engine', rule: 'no time given: when the run began' });
    expect(previewed.attributes.filter(({ from, rule }) => from === 'engine' && rule === 'completed')).toEqual([]);
  });

  it('tells what is left out, and why', async () => {
    const { leftOut } = await previewOf(nora);

    expect(leftOut).toMatchObject([
      { pointer: '/unmapped/team', why: 'null', at: { line: 14 }, sources: [{ path: 'team' }] },
      { pointer: '/unmapped/note', why: 'nothing', at: { line: 14 } },
    ]);
  });

  it('counts items as the record does, once empty ones are out', async () => {
    const previewed = await previewOf({ ...nora, groups: ['', 'Red'] });

    expect(at(previewed, '/user/groups/0/name')).toMatchObject({ value: 'Red', sources: [{ pointer: '/groups/1' }] });
  });

  it('tells what another release moved and changed', async () => {
    const previewed = await previewOf(nora, { ocsfVersion: '1.1.0' });

    expect(previewed.ocsf).toMatchObject({ version: '1.1.0' });
    expect(at(previewed, '/unmapped/user.has_mfa')).toMatchObject({
      from: 'retargeting',
      movedFrom: '/user/has_mfa',
      rule: 'no place for it in OCSF 1.1.0',
      sources: [{ path: 'mfa' }],
    });
    expect(at(previewed, '/metadata/version')).toMatchObject({ from: 'retargeting', rule: 'was "1.5.0"' });
  });

  it('tells which fields the descriptor drops, and its reason', async () => {
    const streams = `${acmePeople}    drop: { photo: Megabytes of no use }\n`;

    expect((await previewOf({ ...nora, photo: 'x' }, { streams })).dropped).toEqual({ photo: 'Megabytes of no use' });
  });

  it('takes one row of the page, and refuses one that the page does not have', async () => {
    const { request } = await preview([nora, { ...nora, id: 'p-2' }]);

    const [second, ...others] = await previewStream({ ...request, row: 2 });

    expect([second?.row, second?.source, others]).toEqual([2, { ...nora, id: 'p-2' }, []]);
    await expect(previewStream({ ...request, row: 3 })).rejects.toMatchObject({ code: 'run/usage' });
  });
});

describe('an open preview', () => {
  it('maps with the mapping as it is now, and gets over one that does not parse', async () => {
    const { places, request } = await preview([nora]);
    const path = join(places.integrationsDirs[0] ?? '', 'acme', 'mappings', 'people.jsonata');
    const opened = await openPreview(request);
    const messages = async () => (await opened.map()).map(({ record }) => record?.message);

    expect(await messages()).toEqual(['Entry of nora@acme.example']);
    await writeFile(path, mapping.replace('"activity_id": 2', '"activity_id": )'));
    await expect(opened.map()).rejects.toMatchObject({ code: 'mapping/syntax', issues: [{ at: { line: 4 } }] });
    await writeFile(path, mapping.replace('Entry of', 'This is'));
    expect(await messages()).toEqual(['This is nora@acme.example']);
  });

  it('asks the source once, however often it maps, and keeps the id of the request', async () => {
    const server = await startSourceServer();
    onTestFinished(() => server.close());
    server.on('/people', json({ items: [nora] }, { 'request-id': 'r-7' }));
    const { places } = await preview([]);
    const connection = { set: { url: server.origin }, env: {} };

    const opened = await openPreview({ places, integration: 'acme', stream: 'people', connection, pace: false });
    const first = await opened.map();
    const second = await opened.map();

    expect(server.requests).toHaveLength(1);
    expect(first[0]?.requestId).toBe('r-7');
    expect([first, second].map(([one]) => one?.record?.message)).toEqual(Array(2).fill('Entry of nora@acme.example'));
  });

  it('cannot open what there is not', async () => {
    const { request } = await preview([nora]);

    await expect(openPreview({ ...request, integration: 'acmee' })).rejects.toMatchObject({
      hint: 'Did you mean "acme"?',
    });
  });
});

describe('the description of an attribute', () => {
  it('is that of the release and class, list positions aside', async () => {
    const previewed = await previewOf(nora);
    const { places } = await preview([]);

    expect(await describeAttribute(places, previewed, '/user/groups/0/name')).toMatchObject({
      path: 'user.groups.name',
      type: 'string_t',
    });
    expect(await describeAttribute(places, previewed, '/user/type_id')).toMatchObject({
      enum: { 2: 'Admin' },
      sibling: 'type',
    });
    expect(await describeAttribute(places, previewed, '/user/nickname')).toBeUndefined();
  });
});

function leaves(value: unknown, pointer = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

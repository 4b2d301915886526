import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type NewIntegration, newIntegration, readDescriptor } from '../../engine/index.ts';
import { schemasDir, scratchFolder } from '../support/scratch-integration.ts';

const documents = join(import.meta.dirname, 'documents');
const all = await readdir(documents);

describe('an integration from an OpenAPI document', () => {
  it.each([
    ['a document of version 2', '{ "swagger": "2.0", "paths": {} }', 'converted to OpenAPI 3'],
    ['something else', 'just text', 'openapi: 3.0'],
    ['a document without a list', '{ "openapi": "3.0.0", "info": {}, "paths": {} }', 'without --openapi'],
    ['YAML that does not parse', 'openapi: 3.0.0\n\tpaths: {}', 'line shown'],
  ])('is refused from %s, and nothing is written', async (_what, text, hint) => {
    const dir = await scratchFolder();
    const file = join(dir, 'api.yaml');
    await writeFile(file, text);

    const refused = newIntegration({ name: 'acme', dir, schemasDir, openapi: { file } });

    await expect(refused).rejects.toMatchObject({ code: 'new/not-openapi', hint: containing(hint) });
    expect(await readdir(dir)).toEqual(['api.yaml']);
  });

  it.each([
    ['listPeeple', 'Did you mean "listPeople"?', /no operation/],
    ['/people/{id}', 'There is: listPeople.', /needs a value for \{id\}/],
    ['GET /people/{id}/devices', 'There is: listPeople.', /needs a value for \{id\}/],
  ])('is refused of the operation %s', async (operation, hint, message) => {
    const refused = create('acme-directory.yaml', [operation]);

    await expect(refused).rejects.toMatchObject({ code: 'new/unknown-operation', hint, message: matching(message) });
  });

  it.each(all)('%s is valid and passes its cases at once', async (file) => {
    const { issues, cases } = await create(file);

    expect(issues).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter(({ passed }) => !passed)).toEqual([]);
  });

  it('reads rows, cursor, page size, auth, server and budget out of a document with references', async () => {
    const made = await create('acme-directory.yaml');
    const descriptor = await described(made);

    expect(descriptor).toMatchObject({
      title: 'Acme Directory',
      auth: [{ kind: 'bearer' }],
      rateLimits: { api: { requests: 600, perSeconds: 60 } },
      links: [{ url: 'https://docs.acme.example/api' }],
      connection: { properties: { url: { default: 'https://eu.api.acme.example/v2' } } },
    });
    expect(descriptor.streams).toMatchObject([
      {
        name: 'people',
        request: { path: '/people', query: { limit: '200' } },
        records: { kind: 'rows', pointer: '/data' },
        pagination: {
          kind: 'cursor',
          pointer: '/meta/next_cursor',
          parameter: 'page[cursor]',
          morePointer: '/meta/has_more',
        },
        primaryKey: ['id'],
        rateLimit: 'api',
        ocsf: { class: 'user_inventory' },
      },
    ]);
  });

  it('maps the fields it is sure of by their names, and sends the others to unmapped', async () => {
    const mapping = await fileOf(await create('acme-directory.yaml'), 'mappings/people.jsonata');

    expect(mapping).toContain('$mapped := ["id", "login", "email", "fullName", "mfaEnabled", "updated_at"];');
    expect(mapping).toContain('"time": $toTime(updated_at)');
    expect(mapping).toContain('"unmapped": $sift(');
  });

  it('invents the rows of its cases, whatever examples the document has', async () => {
    const made = await create('acme-directory.yaml');

    const source = await fileOf(made, `cases/people/${made.streams[0]?.case ?? ''}/source.json`);

    expect(source).toContain('nora@acme.example');
    expect(source).not.toContain('someone.real');
  });

  it('reads offsets, totals, scopes and a token address out of a document of 3.1, and works alternatives in', async () => {
    const made = await create('globex-alerts.json');
    const descriptor = await described(made);
    const shape = JSON.parse(await fileOf(made, 'sources/alerts.schema.json')) as object;

    expect(descriptor).toMatchObject({
      auth: [{ kind: 'oauth2-client-credentials', tokenUrl: '{loginUrl}/oauth/token?audience=sentinel' }],
      connection: { properties: { loginUrl: { default: 'https://sentinel.globex.example' } } },
      permissions: { 'alerts.read': { why: 'Reads the alerts.' }, 'archive.read': { why: 'FILL IN: what it opens.' } },
      streams: [
        {
          name: 'alerts',
          pagination: {
            kind: 'offset',
            parameter: 'offset',
            pageSize: 500,
            sizeParameter: 'limit',
            totalPointer: '/total',
          },
          permissions: ['alerts.read'],
        },
        { name: 'archive-alerts', records: { pointer: '' }, permissions: ['alerts.read', 'archive.read'] },
      ],
    });
    expect(shape).toMatchObject({
      properties: {
        description: { type: ['string', 'null'] },
        subject: { required: ['kind'], properties: { ip: { type: 'string' }, user: { type: 'string' } } },
      },
    });
  });

  it('says what it chose by what, and what the document does not tell', async () => {
    const { proposed, notes } = await create('globex-alerts.json');

    expect(proposed?.streams[0]).toMatchObject({
      operation: 'GET /v1/alerts',
      operationId: 'alerts.list',
      taken: true,
      why: [
        'rows: /alerts is an array of objects',
        'paging: the parameter offset takes the offset of the first row',
        'class: the name alerts',
      ],
    });
    expect(notes).toContain('alerts: not sure what tenant must be, which has to be given: "fill-in" stands there.');
    expect(notes).toContain('alerts: not sure whether view is to be "full", which has to be given.');
    expect(notes).toContain('archive-alerts: not sure whether the list has more than one page.');
    expect(notes).toContain('Rate limit: the document tells none.');
  });

  it('makes text of a number that is an id', async () => {
    const mapping = await fileOf(await create('globex-alerts.json'), 'mappings/alerts.jsonata');

    expect(mapping).toContain('"uid": id != null ? $string(id) : "Unknown"');
  });

  it('reads pages by number, by Link header and by a next address, and a key in a header', async () => {
    const made = await create('initech-assets.yaml');
    const { auth, streams } = await described(made);

    expect(auth).toMatchObject([{ kind: 'api-key', in: 'header', name: 'X-Initech-Key' }]);
    expect(streams).toMatchObject([
      {
        pagination: {
          kind: 'page-number',
          parameter: 'page',
          firstPage: 0,
          pageSize: 100,
          lastPagePointer: '/total_pages',
        },
      },
      { pagination: { kind: 'link-header' }, records: { pointer: '' } },
      { pagination: { kind: 'next-link', pointer: '/next_url' }, records: { pointer: '/_embedded/audit' } },
    ]);
    expect(made.notes.join()).toContain('the document names no https address');
  });

  it('follows no reference out of the document, is not caught in a circle, and says what it did not follow', async () => {
    const { notes, folder } = await create('hooli-circles.yaml');

    const told = notes.find((note) => note.startsWith('References'));

    for (const reference of ['./hooli-other.yaml#/Node', 'http://127.0.0.1:9/node.json', '#/components/schemas/Gone']) {
      expect(told).toContain(reference);
    }
    expect(notes).toContain(
      'nodes: not sure which parameter takes /nextPageToken of the answer, so that only the first page is read.',
    );
    expect((await readFile(join(folder, 'sources', 'nodes.schema.json'), 'utf8')).length).toBeLessThan(3000);
  });

  it('takes the operations that are asked for, by id, by path or by both', async () => {
    const { streams } = await create('initech-assets.yaml', ['listDevices', '/audit']);

    expect(streams.map(({ stream }) => stream)).toEqual(['audit', 'devices'].reverse());
  });

  it('takes no more lists than one can look through, and names the others', async () => {
    const list = {
      get: {
        responses: {
          200: { content: { 'application/json': { schema: { type: 'array', items: { type: 'object' } } } } },
        },
      },
    };
    const paths = Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`/list${number}`, list]));
    const file = join(await scratchFolder(), 'many.json');
    await writeFile(file, JSON.stringify({ openapi: '3.0.0', info: { title: 'Many', version: '1' }, paths }));

    const { proposed, issues } = await newIntegration({
      name: 'many',
      dir: await scratchFolder(),
      schemasDir,
      openapi: { file },
    });

    expect(issues).toEqual([]);
    expect(proposed?.streams.filter(({ taken }) => taken)).toHaveLength(8);
    expect(proposed?.streams.filter(({ taken }) => !taken)).toHaveLength(22);
  });
});

async function create(file: string, operations?: readonly string[]): Promise<NewIntegration> {
  const openapi = { file: join(documents, file), ...(operations !== undefined && { operations }) };
  return newIntegration({ name: 'acme', dir: await scratchFolder(), schemasDir, openapi });
}

function described({ folder }: NewIntegration) {
  return readDescriptor({ integrationsDirs: [dirname(folder)], schemasDir }, 'acme');
}

function fileOf({ folder }: NewIntegration, path: string): Promise<string> {
  return readFile(join(folder, path), 'utf8');
}

/** vitest's own matchers are typed `any`. */
function containing(words: string): unknown {
  return expect.stringContaining(words);
}

function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

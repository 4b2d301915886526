import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ImportReport, type ImportRequest, importIntegration, type Issue } from '../../engine/index.ts';
import { schemasDir, scratchFolder } from '../support/scratch-integration.ts';

type Format = ImportRequest['format'];

const files: readonly [format: Format, file: string][] = [
  ['airbyte', 'umbra.yaml'],
  ['airbyte', 'umbra-export.yaml'],
  ['airbyte', 'umbra-custom.yaml'],
  ['sentinel', 'corvid-signins.json'],
  ['sentinel', 'corvid-template.json'],
  ['sentinel', 'corvid-feeds.json'],
  ['cribl', 'lumen-alerts.json'],
  ['cribl', 'lumen-hosts.yml'],
  ['cribl', 'lumen-audit.json'],
];

async function imported(format: Format, file: string, more: Partial<ImportRequest> = {}) {
  const dir = await scratchFolder();
  const report = await importIntegration({
    format,
    file: join(import.meta.dirname, format, file),
    dir,
    schemasDir,
    ...more,
  });
  const read = async (name: string) => readFile(join(report.folder, name), 'utf8');
  return {
    report,
    descriptor: parse(await read('integration.yaml')) as Descriptor,
    errors: await read('errors.yaml'),
    read,
  };
}

/** As much of the written YAML as the tests look at. */
type Descriptor = {
  readonly [key: string]: unknown;
  readonly connection: { readonly required?: string[]; readonly properties: { readonly [name: string]: object } };
  readonly streams: { readonly [name: string]: { readonly [key: string]: unknown } };
};

/** A text written to a file of its own, and what importing it throws. */
async function refusal(format: Format, name: string, text: string): Promise<unknown> {
  const dir = await scratchFolder();
  const file = join(dir, name);
  await writeFile(file, text);
  const request = { format, file, name: 'acme', dir: join(dir, 'feeds'), schemasDir };
  const error: unknown = await importIntegration(request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(await readdir(dir)).toEqual([name]);
  return error;
}

const lost = ({ findings }: ImportReport) => findings.filter(({ code }) => code === 'import/not-carried');
const places = (issues: readonly Issue[]) => issues.map(({ at }) => `${at?.line}:${at?.column}`);
const text = (word: string): unknown => expect.stringContaining(word);

describe('a file that cannot be read', () => {
  it.each([
    ['no YAML', 'airbyte', 'a: [b', 'import/unreadable', ''],
    ['an alias bomb', 'airbyte', bomb(), 'import/unreadable', ''],
    ['references in a circle', 'airbyte', circle(), 'import/unreadable', 'leads back to itself'],
    ['a bomb of references', 'airbyte', referenceBomb(), 'import/unreadable', 'too large'],
    [
      'a collector as a manifest',
      'airbyte',
      '{ "collector": { "conf": { "collectUrl": "x" } } }',
      'import/wrong-format',
      'Cribl',
    ],
    ['a manifest as a collector', 'cribl', 'type: DeclarativeSource\nstreams: []', 'import/wrong-format', 'Airbyte'],
    [
      'a poller as a manifest',
      'airbyte',
      '{ "kind": "RestApiPoller", "properties": {} }',
      'import/wrong-format',
      'Sentinel',
    ],
    ['an OpenAPI document', 'sentinel', 'openapi: 3.1.0', 'import/wrong-format', 'OpenAPI'],
    ['a descriptor of ours', 'cribl', 'formatVersion: 1\nstreams: {}', 'import/wrong-format', 'descriptor of Sluice'],
    ['nothing known', 'sentinel', 'hello: world', 'import/wrong-format', 'is not a Sentinel'],
    ['a manifest without streams', 'airbyte', 'type: DeclarativeSource\nstreams: []', 'import/nothing-to-read', ''],
  ] as const)('is refused: %s', async (_, format, content, code, words) => {
    expect(await refusal(format, 'file.yaml', content)).toMatchObject({ code, message: text(words) });
  });

  it('is refused if it is larger than any connector', async () => {
    const error = await refusal('cribl', 'file.json', `{ "a": "${'x'.repeat(8_000_000)}" }`);

    expect(error).toMatchObject({ code: 'import/unreadable', message: text('at most 8,000,000') });
  });

  it('is refused for a class of a stream that it does not have', async () => {
    const request = imported('cribl', 'lumen-audit.json', { classes: { audit: 'api_activity' } });

    await expect(request).rejects.toMatchObject({ code: 'import/unknown-stream', hint: text('lumen-audit') });
  });
});

describe('every importer', () => {
  it.each(files)('writes %s %s as a folder whose only errors are what could not be carried', async (format, file) => {
    const { report } = await imported(format, file);
    const errors = report.issues.filter(({ severity }) => severity === 'error');

    expect(report.findings.every(({ at }) => at !== undefined)).toBe(true);
    expect(errors.length > 0 && report.complete).toBe(false);
    expect(report.cases.every(({ passed }) => passed)).toBe(true);
  });

  it.each(files)('copies no secret of %s %s into any file or message', async (format, file) => {
    const { report, read } = await imported(format, file);
    const written = await Promise.all(report.files.map(read));

    expect([...written, JSON.stringify(report)].join('\n')).not.toMatch(
      /7f3c9d1e2b8a4f60|k-7f3a9c|hunter2|Sw0rdfish|Zk39dLqP02/,
    );
  });

  it('takes classes by stream, and base_event for the others', async () => {
    const { report } = await imported('airbyte', 'umbra.yaml', { classes: { people: 'user_inventory' } });

    expect(report.streams.map((stream) => stream.class)).toEqual(['user_inventory', 'base_event']);
  });

  it('keeps its report in the README of the folder', async () => {
    const { read } = await imported('cribl', 'lumen-audit.json');

    expect(await read('README.md')).toContain('**Not carried**, line 27, column 24: "futureSetting"');
  });
});

describe('an Airbyte manifest', () => {
  it('is carried whole where all of it has an equivalent', async () => {
    const { report, descriptor, errors } = await imported('airbyte', 'umbra.yaml');

    expect(report).toMatchObject({ complete: true, issues: [], cases: [{ passed: true }, { passed: true }] });
    expect(descriptor).toMatchObject({
      baseUrl: 'https://{subdomain}.umbra.example/api/v2',
      auth: { kind: 'oauth2-client-credentials', tokenUrl: '{loginUrl}/oauth/token', scope: 'people.read audit.read' },
      request: { headers: { 'X-Umbra-Client': 'sluice' } },
      retry: { maxTries: 7, after: [{ header: 'X-Umbra-Reset', unit: 'epoch-auto' }] },
      rateLimits: { api: { requests: 60, perSeconds: 60, quota: { remaining: 'X-Umbra-Remaining' } } },
    });
    expect(descriptor.streams).toMatchObject({
      people: {
        path: '/people',
        query: { limit: '200' },
        pagination: { kind: 'cursor', pointer: '/paging/next', parameter: 'cursor', morePointer: '/paging/more' },
        drop: { avatar: text('') },
        primaryKey: ['id'],
      },
      'audit-log': {
        pagination: { kind: 'next-link', pointer: '/links/next' },
        cursor: {
          kind: 'time',
          lookback: '90d',
          query: { since: '{from.iso}', until: '{to.iso}' },
          step: '7d',
          overlap: '10m',
          lateness: '5m',
          field: '/occurred_at',
        },
        rateLimit: 'api',
      },
    });
    expect(parse(errors)).toMatchObject({
      source: {
        code: ['/error/code'],
        rules: [
          { status: [423], means: 'throttled' },
          { status: [403], means: 'denied', message: 'The client may not read this list.' },
          { code: ['cursor_expired'], means: 'expired-page-token' },
        ],
      },
    });
  });

  it('carries the shape of a row, and marks secrets', async () => {
    const { descriptor, read } = await imported('airbyte', 'umbra.yaml');

    expect(JSON.parse(await read('sources/people.schema.json'))).toMatchObject({
      properties: { email: { type: ['string', 'null'] }, updated_at: { format: 'date-time' } },
      required: ['id', 'name'],
    });
    expect(descriptor.connection.properties.clientSecret).toMatchObject({ secret: true });
  });

  it('carries child streams, jobs, sessions, and lists of values as one stream each', async () => {
    const { descriptor } = await imported('airbyte', 'umbra-export.yaml');

    expect(descriptor.auth).toMatchObject({ kind: 'session', answer: { token: '/data/token', lifetimeSeconds: 7200 } });
    expect(descriptor.streams).toMatchObject({
      devices: { pagination: { kind: 'offset', parameter: 'skip', pageSize: 100, sizeParameter: 'take' } },
      owners: { path: '/devices/{parent.id}/owners', parent: { stream: 'devices' } },
      'sites-north': { query: { region: 'north' }, pagination: { kind: 'page-number', firstPage: 1 } },
      'sites-south': { query: { region: 'south' } },
      findings: {
        method: 'POST',
        body: { json: { kind: 'findings' } },
        decode: ['gzip', 'ndjson'],
        pagination: {
          kind: 'job',
          create: { id: '/export/id' },
          status: {
            path: '/exports/{job}',
            state: '/state',
            done: ['DONE'],
            failed: ['FAILED', 'EXPIRED'],
            chunks: '/parts',
          },
          chunk: { path: '/exports/{job}/parts/{chunk}' },
          cancel: { path: '/exports/{job}/cancel' },
          poll: { giveUpAfterSeconds: 1800 },
        },
      },
    });
  });

  it('tells at its line what has no equivalent, also of blocks that it has never seen', async () => {
    const { report } = await imported('airbyte', 'umbra-custom.yaml');

    expect(places(lost(report))).toEqual([
      ...['16:18', '21:70', '22:54', '24:15', '25:7', '28:9', '31:9', '32:9', '33:7', '37:24', '40:5', '42:5'],
    ]);
  });
});

describe('a Sentinel connector', () => {
  it('is carried whole where all of it has an equivalent', async () => {
    const { report, descriptor, errors } = await imported('sentinel', 'corvid-signins.json');

    expect(report).toMatchObject({ complete: true, issues: [], cases: [{ passed: true }] });
    expect(descriptor).toMatchObject({
      baseUrl: 'https://{tenant}.corvid.example/api/v3',
      auth: { kind: 'api-key', in: 'header', name: 'X-Corvid-Key', value: 'Key {apikey}' },
      request: { responseTimeoutMs: 60_000 },
      retry: { maxTries: 4 },
      rateLimits: { 'corvid-sign-ins': { requests: 5, perSeconds: 1, quota: { resetIn: 'epoch-seconds' } } },
      streams: {
        'corvid-sign-ins': {
          query: { order: 'asc', limit: '250' },
          records: { kind: 'rows', pointer: '/data/items' },
          pagination: { kind: 'cursor', pointer: '/data/next', parameter: 'page_token', morePointer: '/data/more' },
          cursor: { kind: 'time', query: { from: '{from.iso}', until: '{to.iso}' }, step: '10m' },
        },
      },
    });
    expect(parse(errors)).toMatchObject({ source: { failedWhen: [{ pointer: '/status', not: ['ok'] }] } });
  });

  it('is read out of a deployment template, its page and its variables too', async () => {
    const { report, descriptor } = await imported('sentinel', 'corvid-template.json');

    expect(descriptor).toMatchObject({
      title: 'Corvid (by codeless connector)',
      product: { vendorName: 'Corvid Systems' },
      auth: { kind: 'oauth2-client-credentials', scope: 'alerts.read devices.read' },
      connection: { properties: { url: { default: 'https://api.corvid.example/v2' }, clientSecret: { secret: true } } },
      streams: {
        'corvid-alerts': {
          method: 'POST',
          body: { json: { filter: { since: '{from.s}', until: '{to.s}' }, order: 'asc' } },
          decode: ['gzip', 'json'],
          pagination: { kind: 'page-number', parameter: '/page', in: 'body', firstPage: 0, pageSize: 50 },
        },
        'corvid-devices': { pagination: { kind: 'offset', parameter: 'skip', sizeParameter: 'take' } },
      },
    });
    expect(places(lost(report))).toEqual(['15:69', '62:58', '83:36', '85:43', '85:103', '87:9']);
  });

  it('keeps a persistent link from run to run, and tells that a token is not kept', async () => {
    const { report, descriptor } = await imported('sentinel', 'corvid-feeds.json');

    expect(descriptor).toMatchObject({
      auth: {
        kind: 'session',
        fields: { user: '{userName}', pass: '{pass}' },
        header: { name: 'X-Auth', value: '{token}' },
      },
      streams: { 'corvid-events': { pagination: { kind: 'link-header' }, cursor: { kind: 'next-link' } } },
    });
    expect(places(lost(report))).toEqual(['30:7', '31:92', '32:63', '33:33', '33:107']);
  });
});

describe('a Cribl collector', () => {
  it('carries times, state, paging, retries and the key in a header', async () => {
    const { report, descriptor } = await imported('cribl', 'lumen-alerts.json');

    expect(descriptor).toMatchObject({
      baseUrl: 'https://{tenant}.lumen.example/api/v1',
      auth: { kind: 'api-key', in: 'header', name: 'X-Lumen-Key', value: 'Token {lumenKey}' },
      request: { responseTimeoutMs: 45_000 },
      retry: { maxTries: 6, baseDelayMs: 1000, after: [{ header: 'x-lumen-retry-after', unit: 'seconds' }] },
      streams: {
        'lumen-alerts': {
          query: { since: '{from.iso}', until: '{to.iso}', limit: '500' },
          pagination: { kind: 'cursor', pointer: '/next_cursor', parameter: 'cursor', morePointer: '/has_more' },
          cursor: { kind: 'time', lookback: '2d', lateness: '5m' },
        },
      },
    });
    expect(lost(report).map(({ message }) => message)).toEqual([text('where the rows lie in it is not told')]);
  });

  it('carries discovery as a parent stream, and lists of items as one stream each', async () => {
    const { report, descriptor } = await imported('cribl', 'lumen-hosts.yml');

    expect(descriptor.auth).toMatchObject({ kind: 'session', header: { name: 'X-Session', value: '{token}' } });
    expect(descriptor.streams).toMatchObject({
      'lumen-hosts-discovery': {
        records: { pointer: '/resources' },
        pagination: { kind: 'offset', totalPointer: '/meta/total' },
      },
      'lumen-hosts': { path: '/hosts/{parent.id}', parent: { stream: 'lumen-hosts-discovery' } },
      'lumen-flows-north': { body: { json: { region: 'north', window: { start: '{from.ms}', end: '{to.ms}' } } } },
      'lumen-flows-south': { pagination: { kind: 'page-number', lastPagePointer: '/pages' } },
    });
    expect(places(report.findings.filter(({ code }) => code === 'import/secret-in-clear'))).toEqual(['22:17', '50:17']);
  });

  it('reports expressions that it does not know, and never guesses', async () => {
    const { report, descriptor } = await imported('cribl', 'lumen-audit.json');

    expect(descriptor).toMatchObject({
      auth: { kind: 'oauth2-client-credentials', clientId: '{clientId}', parameters: { audience: 'lumen' } },
      streams: {
        'lumen-audit': {
          query: { format: 'full', after: '{fillIn}', page_size: '{fillIn}' },
          pagination: { rel: 'following' },
        },
      },
    });
    expect(places(lost(report))).toEqual(['10:37', '11:41', '12:39', '27:24']);
  });
});

function bomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`,
  );
  return `type: DeclarativeSource\nl0: &l0 [x, x, x, x]\n${levels.join('\n')}\n`;
}

function circle(): string {
  return `type: DeclarativeSource\ndefinitions:\n  a: { $ref: "#/definitions/b" }\n  b: { inner: { $ref: "#/definitions/a" } }\nstreams: ["#/definitions/a"]\n`;
}

function referenceBomb(): string {
  const levels = Array.from(
    { length: 8 },
    (_, level) => `  l${level + 1}: [${Array(8).fill(`"#/definitions/l${level}"`).join(', ')}]`,
  );
  return `type: DeclarativeSource\ndefinitions:\n  l0: [x]\n${levels.join('\n')}\nstreams: ["#/definitions/l8"]\n`;
}

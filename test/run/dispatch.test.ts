import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainMappings, previewStream, validateIntegration } from '../../engine/index.ts';
import { classOf } from '../../engine/run/dispatch.ts';
import { runScratch } from '../support/run-scratch.ts';
import { acmeDescriptor, scratchFolder, scratchIntegration } from '../support/scratch-integration.ts';
import { json, type SourceServer, startSourceServer } from '../support/source-server.ts';

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

const log = `  log:
    summary: One record an event.
    path: /log
    primaryKey: [id]
    dispatch: { field: /event }
`;

const unmapped = '"unmapped": $sift($, function($v, $k) { $k != "user" })';
const files = {
  'integration.yaml': acmeDescriptor({ streams: log }),
  'dispatch/log.yaml': 'authentication: [user.login, session.*]\naccount_change: [user.*]\n',
  'mappings/log.authentication.jsonata': `user ? { "activity_id": 1, "severity_id": 1, "user": { "name": user }, "service": { "name": "Acme" }, ${unmapped} }\n`,
  'mappings/log.account_change.jsonata': `{ "activity_id": 1, "severity_id": 1, "user": { "name": user }, ${unmapped} }\n`,
  'mappings/log.base_event.jsonata': `{ "activity_id": 99, "activity_name": "Event", "severity_id": 1, "message": event, ${unmapped} }\n`,
};

const rows = [
  { id: 1, event: 'user.login', user: 'nora' },
  { id: 2, event: 'user.created', user: 'li' },
  { id: 3, event: 'session.ended' },
  { id: 4, event: 'zone.created' },
  { id: 5 },
];

describe('the table of a stream with several classes', () => {
  const table = [
    { class: 'a', words: ['user.login', 'user.*'] },
    { class: 'b', words: ['user.login.failed', 'user.login.*', '*'] },
  ];
  const dispatch = { field: '/event', table, otherwise: 'base_event' };

  it.each([
    ['user.login', 'a'],
    ['user.login.failed', 'b'],
    ['user.login.mfa', 'b'],
    ['user.created', 'a'],
    ['anything', 'b'],
  ])('gives %s to %s: the exact word, then the longest beginning', (event, expected) => {
    expect(classOf(dispatch, { event })).toBe(expected);
  });

  it('leaves what has no word to the other class', () => {
    expect(classOf(dispatch, { event: 7 })).toBe('base_event');
    expect(classOf(dispatch, {})).toBe('base_event');
  });
});

describe('a stream with several classes', () => {
  it('that has no table, or lacks a mapping, does not validate', async () => {
    const without = (gone: string) => Object.fromEntries(Object.entries(files).filter(([path]) => path !== gone));
    const withoutTable = without('dispatch/log.yaml');
    const withoutMapping = without('mappings/log.account_change.jsonata');

    const noTable = await validateIntegration(await scratchIntegration('acme', withoutTable), 'acme');
    const noMapping = await validateIntegration(await scratchIntegration('acme', withoutMapping), 'acme');

    expect(noTable.issues.map(({ message }) => message)).toContain(
      'The dispatch table of "log" is missing: dispatch/log.yaml.',
    );
    expect(noMapping.issues.map(({ message }) => message).join()).toMatch(
      /mapping of "log" is missing: .*account_change/,
    );
  });

  it('whose table names no class of OCSF, or is no table, says where', async () => {
    const places = await scratchIntegration('acme', { ...files, 'dispatch/log.yaml': 'authentication: user.login\n' });
    const unknown = await scratchIntegration('acme', {
      ...files,
      'dispatch/log.yaml': 'authentification: [a]\n',
      'mappings/log.authentification.jsonata': '{}',
    });

    expect((await validateIntegration(places, 'acme')).issues[0]?.at).toMatchObject({ line: 1, column: 17 });
    expect((await validateIntegration(unknown, 'acme')).issues.map(({ code }) => code)).toContain(
      'descriptor/unknown-class',
    );
  });

  it('binds what a shared file sets for each of its mappings, and says at which place of which file', async () => {
    const own = { ...files, 'integration.yaml': acmeDescriptor({ streams: `${log}    shared: log.shared.jsonata\n` }) };
    const using: { [path: string]: string } = {};
    for (const [path, text] of Object.entries(own)) using[path] = text.replace('{ "name": user }', '$toUser(user)');
    const places = await scratchIntegration('acme', {
      ...using,
      'mappings/log.shared.jsonata': '(\n  $toUser := function($name) { {\n    "name": $name\n  } }\n)\n',
    });
    server.on('/log', json(rows));
    const { stream, lines } = await runScratch(places, 'acme', { url: server.origin });
    const sourceFile = join(await scratchFolder(), 'source.json');
    await writeFile(sourceFile, JSON.stringify(rows));
    const [first] = await previewStream({ places, integration: 'acme', stream: 'log', sourceFile, pace: false });
    const engines = await explainMappings(places, 'acme');

    expect((await validateIntegration(places, 'acme')).issues.filter(({ severity }) => severity === 'error')).toEqual(
      [],
    );
    expect(stream('log')).toMatchObject({ accepted: 5, rejected: 0 });
    expect((await lines('log.ndjson')).slice(0, 2)).toMatchObject([
      { user: { name: 'nora' } },
      { user: { name: 'li' } },
    ]);
    const name = first?.attributes.find(({ pointer }) => pointer === '/user/name');
    expect(name).toMatchObject({ at: { line: 3, column: 5 }, sources: [{ path: 'user', value: 'nora' }] });
    expect(name?.at?.file).toMatch(/log\.shared\.jsonata$/);
    expect(engines.map(({ shared = 'none' }) => basename(shared))).toEqual([
      'log.shared.jsonata',
      'log.shared.jsonata',
      'none',
    ]);
  });

  it('validates, and gives each row its class; what is declined or not listed is counted as Base Event', async () => {
    const places = await scratchIntegration('acme', files);
    server.on('/log', json(rows));

    const { stream, lines } = await runScratch(places, 'acme', { url: server.origin });

    expect((await validateIntegration(places, 'acme')).issues.filter(({ severity }) => severity === 'error')).toEqual(
      [],
    );
    expect(stream('log')).toMatchObject({
      ending: 'complete',
      accepted: 5,
      classes: { Authentication: 1, 'Account Change': 1, 'Base Event': 3 },
    });
    expect((await lines('log.ndjson')).map((line) => (line as { class_uid: number }).class_uid)).toEqual([
      3002, 3001, 0, 0, 0,
    ]);
  });

  it('explains the mapping of each class', async () => {
    const explained = await explainMappings(await scratchIntegration('acme', files), 'acme');

    expect(explained.map(({ stream, file }) => [stream, file.replace(/^.*mappings\/log\./, '')])).toEqual([
      ['log', 'authentication.jsonata'],
      ['log', 'account_change.jsonata'],
      ['log', 'base_event.jsonata'],
    ]);
  });

  it('previews each row in its own class', async () => {
    const sourceFile = join(await scratchFolder(), 'answer.json');
    await writeFile(sourceFile, JSON.stringify(rows));

    const previewed = await previewStream({
      places: await scratchIntegration('acme', files),
      integration: 'acme',
      stream: 'log',
      sourceFile,
      pace: false,
    });

    expect(previewed.map(({ ocsf }) => ocsf.class)).toEqual([
      'authentication',
      'account_change',
      'base_event',
      'base_event',
      'base_event',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { validateIntegration } from '../../../engine/index.ts';
import { peopleMapping, scratchIntegration } from '../../support/scratch-integration.ts';

type Parts = { properties?: string; baseUrl?: string; auth?: string; more?: string; people?: string; streams?: string };

/** A sound feed of an invented vendor, of which one part is another. */
function feed({
  properties = '',
  baseUrl = '"{url}/v1"',
  auth = '{ kind: bearer, token: "{token}" }',
  more = '',
  people = '    path: /people\n    pagination: { kind: next-link, pointer: /next }\n    records: { kind: rows, pointer: /items }\n',
  streams = '',
}: Parts = {}): string {
  return `formatVersion: 1
name: acme
title: Acme Directory
summary: People of the invented Acme Directory.
product: { vendorName: Acme, name: Acme Directory }
ocsf: { version: 1.5.0 }
connection:
  properties:
    url: { title: Address, format: base-url, default: "https://api.acme.example" }
    token: { title: Token, secret: true, pattern: "^acme-([a-z0-9]+-)?[a-z0-9]{20,}$" }
${properties}baseUrl: ${baseUrl}
auth: ${auth}
${more}streams:
  people:
    summary: One record a person.
    class: user_inventory
${people}${streams}`;
}

async function issuesOf(descriptor: string, more: { readonly [path: string]: unknown } = {}): Promise<string[]> {
  const files: { [path: string]: string } = {};
  for (const [path, content] of Object.entries(more))
    files[path] = typeof content === 'string' ? content : JSON.stringify(content);
  const places = await scratchIntegration('acme', {
    'integration.yaml': descriptor,
    'mappings/people.jsonata': peopleMapping,
    ...files,
  });
  const { issues } = await validateIntegration(places, 'acme');
  return issues.map(({ code, message }) => `${code} ${message}`);
}

const property = (name: string, text: string) => `    ${name}: { title: Some property, ${text} }\n`;
const rows = 'records: { kind: rows, pointer: /items }';
const answer = 'cases/people/one-page/source.json';

describe('a feed is sound', () => {
  it.each<[string, Parts]>([
    ['with a bearer token and next links', {}],
    [
      'with a host of which the operator names a part',
      { properties: property('region', 'enum: [eu, us]'), baseUrl: '"https://{region}.acme.example/{url}"' },
    ],
    ['with a stand-in on loopback as its address', { baseUrl: '"http://127.0.0.1:8080/{url}"' }],
    [
      'with the key as user name and any word as password',
      { auth: '{ kind: basic, username: "{token}", password: api_token }' },
    ],
    [
      'with the key in the query, where its own kind puts it',
      { auth: '{ kind: api-key, in: query, name: key, value: "{token}" }' },
    ],
    [
      'with the key in a header of its own',
      { more: 'request: { headers: { X-Acme-Key: "{token}", X-Check: "no-check" } }\n' },
    ],
    [
      'with a token address at another host',
      {
        auth: '{ kind: oauth2-client-credentials, tokenUrl: "https://login.acme.example/{url}", clientId: 7d1c6f0a-52b4-4e0b-9a57-2f6e1b3c8d90, clientSecret: "{token}", scope: "https://api.acme.example/.default" }',
      },
    ],
    [
      'with a property that sounds like a secret, and says that it is none',
      { properties: property('pageToken', 'secret: false'), people: `    path: /people/{pageToken}\n    ${rows}\n` },
    ],
    [
      'with OData in its path and query',
      {
        people: `    path: "/people(kind='all',state=1)?$top=999&$select=id,displayName&$filter=mfa eq true"\n    ${rows}\n`,
      },
    ],
    ['with a path that is encoded already', { people: `    path: /people%20list/%7Ball%7D\n    ${rows}\n` }],
    [
      'with a choice that only sets what others use',
      {
        properties: `    cloud: { title: Cloud, default: eu, choices: { eu: { title: Europe, sets: { url: "https://eu.acme.example" } } } }\n`,
      },
    ],
    [
      'with a property that only a condition uses',
      {
        properties: property('plan', 'enum: [basic, gold], default: gold'),
        people: `    path: /people\n    ${rows}\n    availableWhen: { plan: [gold] }\n`,
      },
    ],
    [
      'with a cursor that begins at a word',
      {
        people: `    path: /people?cursor=*\n    ${rows}\n    pagination: { kind: cursor, pointer: /meta/next, parameter: cursor }\n`,
      },
    ],
    [
      'with page sizes said in the query or the paging, or alike in both',
      {
        people: `    path: /people?limit=100&page=1\n    ${rows}\n    pagination: { kind: page-number, parameter: page, pageSize: 100, sizeParameter: limit, lastPagePointer: /meta/pages }\n`,
      },
    ],
    [
      'with a number of all rows on answers of one record',
      {
        people:
          '    path: /people\n    records: { kind: body }\n    pagination: { kind: offset, parameter: offset, pageSize: 1, totalPointer: /total }\n',
      },
    ],
    [
      'with a bare list and links in a header',
      {
        people: '    path: /people\n    records: { kind: rows, pointer: "" }\n    pagination: { kind: link-header }\n',
      },
    ],
    [
      'with a deprecated stream that says it is meant to be on',
      {
        people: `    path: /people\n    ${rows}\n    default: on\n    deprecation: { note: To be replaced some day. }\n`,
      },
    ],
    [
      'with two streams of one address, whose rows lie at two places of its answer',
      {
        streams:
          '  guests: { summary: Guests., class: user_inventory, mapping: people.jsonata, path: /people, records: { kind: rows, pointer: /guests } }\n',
      },
    ],
    [
      'with a stream that falls back on one that is off only when it is denied',
      {
        streams: `  staff: { summary: Staff., class: user_inventory, mapping: people.jsonata, path: /staff, default: off }
  count: { summary: Count., class: user_inventory, mapping: people.jsonata, path: /count, records: { kind: body }, derive: { kind: count, from: staff } }
`,
      },
    ],
  ])('%s', async (_, parts) => {
    expect(await issuesOf(feed(parts))).toEqual([]);
  });
});

describe('cases say nothing against a descriptor', () => {
  it.each([
    ['when the one page saved is the last and has no next link', { items: [{ id: 1 }] }],
    ['when its next link is null', { items: [{ id: 1 }], next: null }],
    ['when the last page has a field that reads like the link', { items: [{ id: 1 }], text: 'two', neat: true }],
    ['when it has no rows', { items: [], total: 0 }],
    [
      'when the page names itself and the one before',
      { items: [], self: 'https://acme.example/2', previous: 'https://acme.example/1' },
    ],
  ])('%s', async (_, source) => {
    expect(await issuesOf(feed(), { [answer]: source })).toEqual([]);
  });

  it('when only some of its rows have the primary key', async () => {
    const people = `    path: /people\n    ${rows}\n    primaryKey: [id]\n`;

    expect(await issuesOf(feed({ people }), { [answer]: { items: [{ name: 'li' }, { id: 1 }] } })).toEqual([]);
  });

  it('when one of several is an answer without rows', async () => {
    const files = { [answer]: { items: [{ id: 1 }] }, 'cases/people/an-error/source.json': { error: 'denied' } };

    expect(await issuesOf(feed(), files)).toEqual([]);
  });

  it('when a row of a single page has a next of its own', async () => {
    const people = '    path: /people\n    records: { kind: body }\n';

    expect(await issuesOf(feed({ people }), { [answer]: { id: 1, next: 'https://acme.example/review/2' } })).toEqual(
      [],
    );
  });
});

describe('a connection property is used', () => {
  const properties = property('region', 'default: eu');

  it('by a mapping', async () => {
    const mapping = peopleMapping.replace('"name": name', '"name": name & "@" & $connection.region');

    expect(await issuesOf(feed({ properties }), { 'mappings/people.jsonata': mapping })).toEqual([]);
  });

  it('by a text for the operator', async () => {
    const errors = 'source: { rules: [{ status: [403], message: Denied in {region}., hint: Ask. }] }\n'.replace(
      'Denied in {region}.',
      '"Denied in {region}."',
    );

    expect(await issuesOf(feed({ properties }), { 'errors.yaml': errors })).toEqual([]);
  });
});

describe('rules of the error catalogue are sound', () => {
  it('when the widest comes last, and the narrower ones read what is told', async () => {
    const errors = `source:
  code: [/error/code]
  message: [/error/message]
  rules:
    - { status: [403], code: [denied], message: Denied., hint: Ask. }
    - { status: [403], messagePattern: ^No licence, message: Unlicensed., hint: Buy. }
    - { status: [403], message: Refused., hint: Ask. }
    - { message: Something went wrong., hint: Wait. }
`;

    expect(await issuesOf(feed(), { 'errors.yaml': errors })).toEqual([]);
  });
});

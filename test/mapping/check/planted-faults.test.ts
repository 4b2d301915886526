import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../engine/records.ts';
import { findings, issuesOf, type Target, unmarked, userRecord, userSource, withUser } from './planted.ts';

type Fault = {
  readonly is: string;
  readonly mapping: string;
  /** One code for each mark, in the order of the text. */
  readonly codes: readonly string[];
  readonly hint?: string;
  readonly target?: Target;
  readonly source?: JsonObject;
};

const device = (line: string) =>
  `{\n  "activity_id": 2, "severity_id": 1,\n  "device": {\n    "uid": "d-1",\n    ${line}\n  }\n}`;
const inventory = { className: 'inventory_info' } as const;

const unknownAttributes: Fault[] = [
  {
    is: 'a mistyped attribute',
    mapping: userRecord('▸"mesage": "hello"'),
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "message"?',
  },
  {
    is: 'a mistyped attribute of an inner object',
    mapping: withUser('▸"dispaly_name": displayName'),
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "display_name"?',
  },
  {
    is: 'a mistyped attribute two objects deep',
    mapping: withUser('"account": { "name": "kim", ▸"lables": ["a", "b"] }'),
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "labels"?',
  },
  {
    is: 'a mistyped attribute in an object kept in a variable',
    mapping: withUser('"org": $org', '\n  $org := { "uid": "o-1", ▸"nme": "Contoso" };'),
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "name"?',
  },
  {
    is: 'a mistyped attribute in one branch',
    mapping: withUser('"org": isGuest ? { "uid": "o-1" } : { "uid": "o-2", ▸"nmae": "Contoso" }'),
    codes: ['mapping/unknown-attribute'],
  },
  {
    is: 'a mistyped attribute merged in',
    mapping: '$merge([{ "activity_id": 2, "severity_id": 1 }, { "user": { "name": "kim" }, ▸"statsu": "ok" }])',
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "status"?',
  },
  {
    is: 'a mistyped attribute merged over something not known',
    mapping: '$merge([base, { ▸"severty_id": 1 }])',
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "severity_id"?',
  },
  {
    is: 'a mistyped attribute in each item of a $map',
    mapping: withUser('"groups": [$map(memberOf, function($group) { { "name": $group.title, ▸"dsc": "x" } })]'),
    codes: ['mapping/unknown-attribute'],
    hint: 'Did you mean "desc"?',
  },
  {
    is: 'a mistyped attribute in each item of a path',
    mapping: withUser('"groups": [memberOf.{ ▸"nmae": title, "uid": id }]'),
    codes: ['mapping/unknown-attribute'],
  },
  {
    is: 'a mistyped attribute in what a function gives',
    mapping: withUser('"org": $org("Contoso")', '\n  $org := function($name) { { ▸"naem": $name, "uid": "o-1" } };'),
    codes: ['mapping/unknown-attribute'],
  },
  {
    is: 'a mistyped attribute in what a chained function gives',
    mapping: withUser('"org": company ~> $org', '\n  $org := function($name) { { "name": $name, ▸"domain": "x" } };'),
    codes: ['mapping/unknown-attribute'],
  },
  {
    is: 'an attribute of a later release',
    mapping: withUser('▸"has_mfa": true'),
    codes: ['mapping/unknown-attribute'],
    target: { version: '1.1.0' },
  },
  {
    is: 'an attribute behind a comment and CRLF line ends',
    mapping: userRecord('/* "mesage": */ ▸"mesage": "hello"').replaceAll('\n', '\r\n'),
    codes: ['mapping/unknown-attribute'],
  },
];

const wrongTypes: Fault[] = [
  { is: 'text where an integer belongs', mapping: userRecord('"count": ▸"three"'), codes: ['mapping/wrong-type'] },
  { is: 'a number where text belongs', mapping: userRecord('"message": ▸42'), codes: ['mapping/wrong-type'] },
  { is: 'a fraction where an integer belongs', mapping: userRecord('"count": ▸1.5'), codes: ['mapping/wrong-type'] },
  { is: 'text where true or false belongs', mapping: withUser('"has_mfa": ▸"yes"'), codes: ['mapping/wrong-type'] },
  { is: 'text where an object belongs', mapping: withUser('"org": ▸"Contoso"'), codes: ['mapping/wrong-type'] },
  {
    is: 'an object where text belongs',
    mapping: userRecord('"message": ▸{ "text": "hello" }'),
    codes: ['mapping/wrong-type'],
  },
  {
    is: 'an object where an array belongs',
    mapping: withUser('"groups": ▸{ "name": "admins" }'),
    codes: ['mapping/wrong-type'],
    hint: 'Put it in brackets: [ … ].',
  },
  { is: 'an array where text belongs', mapping: userRecord('"message": ▸["a", "b"]'), codes: ['mapping/wrong-type'] },
  {
    is: 'one wrong item of an array',
    mapping: withUser('"account": { "name": "kim", "labels": ["a", ▸7] }'),
    codes: ['mapping/wrong-type'],
  },
  { is: 'a wrong branch', mapping: userRecord('"count": isKnown ? 3 : ▸"none"'), codes: ['mapping/wrong-type'] },
  {
    is: 'what a text function gives',
    mapping: userRecord('"count": ▸$uppercase(name)'),
    codes: ['mapping/wrong-type'],
  },
  {
    is: 'what a text function gives, chained',
    mapping: userRecord('"count": ▸name ~> $trim'),
    codes: ['mapping/wrong-type'],
  },
  { is: 'joined text', mapping: userRecord('"count": ▸first & last'), codes: ['mapping/wrong-type'] },
  { is: 'a comparison', mapping: userRecord('"message": ▸logins > 3'), codes: ['mapping/wrong-type'] },
  { is: 'a sum', mapping: userRecord('"message": ▸$sum(logins)'), codes: ['mapping/wrong-type'] },
  {
    is: 'the value of a table',
    mapping: userRecord('"count": $lookup($sizes, size)', '\n  $sizes := { "small": 1, "large": ▸"9" };'),
    codes: ['mapping/wrong-type'],
  },
  {
    is: 'a path that gives a single item bare',
    mapping: withUser('"groups": ▸memberOf.{ "name": title }'),
    codes: ['mapping/wrong-type'],
    hint: 'Put it in brackets: [ … ].',
  },
  {
    is: 'a $map that gives a single item bare',
    mapping: withUser('"groups": ▸$map(memberOf, function($group) { { "name": $group.title } })'),
    codes: ['mapping/wrong-type'],
  },
  {
    is: 'a field of the source of another type',
    mapping: userRecord('"message": ▸logins, "unmapped": $'),
    codes: ['mapping/wrong-type'],
    source: userSource,
  },
  {
    is: 'a filtered path over an array of the source',
    mapping: withUser(
      '"account": { "name": "kim", "labels": ▸tags[$ != "x"] }, "groups": [groups.{ "name": name, "uid": key }]',
    ).replace('})', ', "unmapped": $ })'),
    codes: ['mapping/wrong-type'],
    source: userSource,
  },
];

const enums: Fault[] = [
  { is: 'an id that does not exist', mapping: withUser('"type_id": ▸42'), codes: ['mapping/unknown-enum-value'] },
  {
    is: 'an id that does not exist, in a branch',
    mapping: withUser('"type_id": isAdmin ? 2 : ▸7'),
    codes: ['mapping/unknown-enum-value'],
  },
  {
    is: 'an id that does not exist, in a variable',
    mapping: withUser('"type_id": $type', '\n  $type := ▸77;'),
    codes: ['mapping/unknown-enum-value'],
  },
  {
    is: 'an id that does not exist, in a table',
    mapping: withUser('"type_id": $lookup($types, kind)', '\n  $types := { "a": 1, "b": 2,\n    "c": ▸33 };'),
    codes: ['mapping/unknown-enum-value'],
  },
  {
    is: 'an id that does not exist, in a table with a fallback',
    mapping: withUser('"type_id": $lookup($types, kind) ?: 99', '\n  $types := { "a": 1, "b": ▸22 };'),
    codes: ['mapping/unknown-enum-value'],
  },
  {
    is: 'an id that does not exist, in a table read by a path',
    mapping: withUser(
      '"type_id": $types[word = $kind].id',
      '\n  $types := [{ "word": "a", "id": 1 }, { "word": "b", "id": ▸22 }];\n  $kind := kind;',
    ),
    codes: ['mapping/unknown-enum-value'],
  },
  {
    is: 'the caption in place of the id',
    mapping: '{ "activity_id": 2, "severity_id": ▸"High", "user": { "name": "kim" } }',
    codes: ['mapping/wrong-type'],
    hint: '"High" has the id 4, or give severity instead.',
  },
  {
    is: 'an id of a later release',
    mapping: withUser('"account": { "name": "kim", "type_id": ▸11 }'),
    codes: ['mapping/unknown-enum-value'],
    target: { version: '1.1.0' },
  },
  {
    is: 'a caption that does not say what its id says',
    mapping: '{ "activity_id": 2, "severity_id": 1, "severity": ▸"High", "user": { "name": "kim" } }',
    codes: ['mapping/caption-mismatch'],
  },
  {
    is: 'a caption that none of the ids has',
    mapping: withUser('"type_id": isAdmin ? 2 : 1, "type": ▸"System"'),
    codes: ['mapping/caption-mismatch'],
  },
  {
    is: '"Other" beside 99',
    mapping: withUser('"type_id": 99, "type": ▸"Other"'),
    codes: ['mapping/caption-mismatch'],
  },
  {
    is: 'a mistyped caption',
    mapping: '{ "activity_id": 2, "severity": ▸"Informatonal", "user": { "name": "kim" } }',
    codes: ['mapping/caption-mismatch'],
    hint: 'Did you mean "Informational"?',
  },
  {
    is: 'captions in another order than their ids',
    mapping:
      '{ "activity_id": 1, "severity_id": 1, "dst_endpoint": { "uid": "e-1" }, "answers": [{ "rdata": "x", "flag_ids": [1, 2], "flags": [▸"Truncated Response", ▸"Authoritative Answer"] }] }',
    codes: ['mapping/caption-mismatch', 'mapping/caption-mismatch'],
    target: { className: 'dns_activity' },
  },
];

const owed: Fault[] = [
  {
    is: 'a record without a required attribute',
    mapping: '▸{ "activity_id": 2, "user": { "name": "kim" } }',
    codes: ['mapping/missing-required'],
  },
  {
    is: 'an object without a required attribute',
    mapping: device('"type_id": 1, "os": ▸{ "name": "Linux" }'),
    codes: ['mapping/missing-required'],
    target: inventory,
  },
  {
    is: 'a branch without a required attribute',
    mapping: device('"type_id": 1, "os": isMac ? { "name": "macOS", "type_id": 300 } : ▸{ "type_id": 200 }'),
    codes: ['mapping/missing-required'],
    target: inventory,
  },
  {
    is: 'a required attribute that is always null',
    mapping: '{ "activity_id": 2, "severity_id": 1, ▸"user": null }',
    codes: ['mapping/missing-required'],
  },
  {
    is: 'a merged record without a required attribute',
    mapping: '▸$merge([{ "activity_id": 2 }, { "user": { "name": "kim" } }])',
    codes: ['mapping/missing-required'],
  },
  {
    is: 'a required attribute of a declared profile',
    mapping: '▸{ "activity_id": 2, "severity_id": 1, "user": { "name": "kim" } }',
    codes: ['mapping/missing-required'],
    target: { profiles: ['cloud'] },
  },
  {
    is: 'a constraint that no attribute satisfies',
    mapping: '{ "activity_id": 2, "severity_id": 1, "user": ▸{ "full_name": "Kim Akers" } }',
    codes: ['mapping/constraint'],
  },
  {
    is: 'a constraint of an object in an array',
    mapping: withUser('"groups": [▸{ "desc": "Admins" }, { "name": "ops" }]'),
    codes: ['mapping/constraint'],
  },
  {
    is: 'both of what excludes each other',
    mapping:
      '{ "activity_id": 1, "severity_id": 1, "user": { "name": "kim" }, "service": { "name": "mail" }, "auth_factors": [▸{ "factor_type_id": 1, "email_addr": "kim@contoso.example", "phone_number": "1" }] }',
    codes: ['mapping/constraint'],
    target: { version: '1.3.0', className: 'authentication' },
  },
];

const advice: Fault[] = [
  {
    is: 'an attribute of a profile not declared',
    mapping: userRecord('▸"cloud": { "provider": "Contoso" }'),
    codes: ['mapping/needs-profile'],
    hint: "Add cloud to the stream's ocsf.profiles, or leave cloud out.",
  },
  {
    is: 'an attribute of a profile in an inner object',
    mapping: device('"type_id": 1, ▸"created_time_dt": "2026-01-01T00:00:00Z"'),
    codes: ['mapping/needs-profile'],
    target: inventory,
  },
  {
    is: 'a deprecated attribute',
    mapping: device('"type_id": 1, ▸"imei": "1"'),
    codes: ['mapping/deprecated-attribute'],
    target: inventory,
  },
  {
    is: 'a deprecated id',
    mapping: withUser('"account": { "name": "kim", "type_id": ▸3 }'),
    codes: ['mapping/deprecated-attribute'],
    target: { version: '1.8.0' },
  },
  { is: 'the class id', mapping: userRecord('▸"class_uid": 5003'), codes: ['mapping/redundant-attribute'] },
  { is: 'the type', mapping: userRecord('▸"type_uid": 500302'), codes: ['mapping/redundant-attribute'] },
  {
    is: 'the release',
    mapping: userRecord('"metadata": { ▸"version": "1.5.0" }'),
    codes: ['mapping/redundant-attribute'],
  },
  {
    is: 'a caption that follows from its id',
    mapping: withUser('"type_id": 2, ▸"type": "Admin"'),
    codes: ['mapping/redundant-attribute'],
  },
  {
    is: 'an attribute given twice',
    mapping: userRecord('"message": "a", ▸"message": "b"'),
    codes: ['mapping/redundant-attribute'],
  },
  { is: 'a written time', mapping: userRecord('"time": ▸"2026-01-01T00:00:00Z"'), codes: ['mapping/iso-time'] },
  { is: 'the text of $now', mapping: userRecord('"start_time": ▸$now()'), codes: ['mapping/iso-time'] },
  {
    is: 'a time of the source as it is',
    mapping: userRecord('"time": ▸createdAt, "unmapped": $'),
    codes: ['mapping/iso-time'],
    source: userSource,
    hint: 'Turn it into milliseconds: $toMillis( … ).',
  },
  {
    is: 'a time of the source through a variable',
    mapping: userRecord('"end_time": ▸$made, "unmapped": $', '\n  $made := createdAt;'),
    codes: ['mapping/iso-time'],
    source: userSource,
  },
  {
    is: 'a variable that nothing sets',
    mapping: userRecord('"message": ▸$mesage', '\n  $message := "hello";'),
    codes: ['mapping/unknown-name'],
    hint: 'Did you mean $message?',
  },
  {
    is: 'a function that does not exist',
    mapping: userRecord('"message": ▸$upercase(name)'),
    codes: ['mapping/unknown-name'],
    hint: 'Did you mean $uppercase?',
  },
  {
    is: 'a connection property that does not exist',
    mapping: withUser('"org": { "uid": $connection.▸tenentId }'),
    codes: ['mapping/unknown-name'],
    hint: 'Did you mean "tenantId"?',
  },
];

const sources: Fault[] = [
  {
    is: 'a mistyped source field',
    mapping: withUser('"display_name": ▸nik').replace('})', ', "unmapped": $ })'),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
    hint: 'Did you mean "nick"?',
  },
  {
    is: 'a mistyped field of an inner object',
    mapping: userRecord('"message": office.▸citty, "unmapped": $'),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
    hint: 'Did you mean "city"?',
  },
  {
    is: 'a mistyped field of each item',
    mapping: withUser('"groups": [groups.{ "name": ▸nmae, "uid": key }]').replace('})', ', "unmapped": $ })'),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
  },
  {
    is: 'a mistyped field in a predicate',
    mapping: userRecord('"message": groups[▸nam = "x"][0].name, "unmapped": $'),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
  },
  {
    is: 'a mistyped field behind $$',
    mapping: userRecord('"message": $$.▸nikc, "unmapped": $'),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
  },
  {
    is: 'a mistyped field of a parameter',
    mapping: withUser('"groups": [$map(groups, function($g) { { "name": $g.▸nane } })]').replace(
      /\n\}\)$/,
      ',\n  "unmapped": $ })',
    ),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
  },
  {
    is: 'a mistyped name in the list of what is mapped',
    mapping: userRecord(
      '"message": nick, "unmapped": $sift($, function($v, $k) { $not($k in $mapped) })',
      '\n  $mapped := [▸"nickk"];',
    ),
    codes: ['mapping/unknown-source-field'],
    source: userSource,
  },
  {
    is: 'a field that goes nowhere',
    mapping: '▸{ "activity_id": 2, "severity_id": 1, "user": { "uid": id, "name": name } }',
    codes: ['mapping/unused-source-field'],
    source: {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string' }, name: { type: 'string' }, age: { type: 'integer' } },
    },
  },
  {
    is: 'a field of an inner object that goes nowhere',
    mapping: '▸{ "activity_id": 2, "severity_id": 1, "message": office.city, "user": { "uid": id } }',
    codes: ['mapping/unused-source-field'],
    source: {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'string' },
        office: { type: 'object', properties: { city: { type: 'string' }, floor: { type: 'integer' } } },
      },
    },
  },
  {
    is: 'a field listed as mapped that nothing maps',
    mapping: userRecord(
      '"message": nick, "unmapped": $sift($, function($v, $k) { $not($k in $mapped) })',
      '\n  $mapped := ["nick", ▸"mail"];',
    ),
    codes: ['mapping/unused-source-field'],
    source: userSource,
  },
  {
    is: 'null handed to a text function',
    mapping: withUser('"email_addr": $lowercase(▸mail)').replace(/\n\}\)$/, ',\n  "unmapped": $ })'),
    codes: ['mapping/unguarded-optional'],
    source: userSource,
    hint: 'Guard it: mail != null ? … .',
  },
  {
    is: 'null made into the word "null"',
    mapping: userRecord('"message": "Mail of " & ▸mail, "unmapped": $'),
    codes: ['mapping/unguarded-optional'],
    source: userSource,
  },
  {
    is: 'null in arithmetic',
    mapping: userRecord('"count": ▸office.floor + 1, "unmapped": $'),
    codes: ['mapping/unguarded-optional'],
    source: userSource,
  },
  {
    is: 'null in a comparison',
    mapping: userRecord('"message": ▸office.floor > 3 ? "high up" : "low down", "unmapped": $'),
    codes: ['mapping/unguarded-optional'],
    source: userSource,
  },
  {
    is: 'null guarded by the wrong test',
    mapping: userRecord('"message": $exists(mail) ? $uppercase(▸mail), "unmapped": $'),
    codes: ['mapping/unguarded-optional'],
    source: userSource,
  },
  {
    is: 'an optional field for a required attribute',
    mapping: device('"type_id": 1, "os": { "name": ▸nick, "type_id": 100 }').replace(/\n\}$/, ',\n  "unmapped": $ }'),
    codes: ['mapping/unguarded-optional'],
    target: inventory,
    source: userSource,
  },
];

const tables = { unknownAttributes, wrongTypes, enums, owed, advice, sources };

describe.each(Object.entries(tables))('%s', (_, faults) => {
  it.each(faults)('finds $is', async ({ mapping, codes, hint, target, source }) => {
    const { text, places } = unmarked(mapping);

    const found = await findings(text, target, source);

    expect(found).toEqual(places.map((place, index) => ({ code: codes[index], ...place })));
    if (hint !== undefined) expect((await issuesOf(text, target, source))[0]?.hint).toBe(hint);
  });
});

it('plants faults of every code, and many', () => {
  const all = Object.values(tables).flat();

  expect(all.length).toBeGreaterThanOrEqual(60);
  expect(new Set(all.flatMap(({ codes }) => codes)).size).toBe(14);
});

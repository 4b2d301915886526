import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../engine/records.ts';
import { issuesOf, type Target, userRecord, userSource, withUser } from './planted.ts';

type Correct = { readonly mapping: string; readonly target?: Target; readonly source?: JsonObject };

const whole = (mapping: string) => mapping.replace(/\n\}\)$/, ',\n  "unmapped": $ })');
const inventory = { className: 'inventory_info' } as const;
const device = (line: string) =>
  `{ "activity_id": 2, "severity_id": 1, "device": { "uid": "d-1", "type_id": 1, ${line} } }`;

/** Mappings that look like a fault and are none. */
const correct: { readonly [what: string]: Correct } = {
  'a path that is put in brackets': { mapping: withUser('"groups": [memberOf.{ "name": title }]') },
  'a path that keeps its array': { mapping: withUser('"account": { "name": "kim", "labels": roles.title[] }') },
  'an array of the source as it is': {
    mapping: whole(withUser('"account": { "name": "kim", "labels": tags }')),
    source: userSource,
  },
  'a sequence of two, which is an array': {
    mapping: withUser('"account": { "name": "kim", "labels": $map(["a", "b"], function($x) { $x & "!" }) }'),
  },
  'one item of a sequence for one value': { mapping: userRecord('"message": messages[kind = "long"].text') },
  'null, "" and {} for nothing': { mapping: withUser('"domain": null, "full_name": "", "org": {}') },
  'a number that a condition keeps within the enumeration': {
    mapping: withUser('"type_id": $kind < 4 ? $kind : 99', '\n  $kind := $lookup({ "a": 1, "b": 77 }, kind);'),
  },
  'an id that a condition on another variable keeps out': {
    mapping: withUser(
      '"type_id": $isKnown ? $kind : 99',
      '\n  $kind := $lookup({ "a": 1, "b": 77 }, kind);\n  $isKnown := $kind in [1, 2];',
    ),
  },
  'a caption beside an id that may be 99': {
    mapping: withUser('"type_id": $id, "type": $id = 99 ? kind', '\n  $id := $lookup({ "admin": 2 }, kind) ?: 99;'),
  },
  'captions paired with their ids by the same condition': {
    mapping: withUser('"type_id": isAdmin ? 2 : 99, "type": isAdmin ? "Admin" : kind'),
  },
  'a caption alone, in any case': {
    mapping: '{ "activity_id": 2, "severity": "informational", "user": { "name": "kim" } }',
  },
  "a word of the source's own": { mapping: withUser('"type": "Contractor"') },
  'the activity by its type alone': {
    mapping: '{ "type_uid": 500302, "severity_id": 1, "user": { "name": "kim" } }',
  },
  'a time turned into milliseconds by a function': {
    mapping: whole(
      userRecord('"time": $toTime(createdAt)', '\n  $toTime := function($t) { $t != null ? $toMillis($t) };'),
    ),
    source: userSource,
  },
  'what is no time let pass, to be rejected': {
    mapping: whole(userRecord('"time": $contains(createdAt, "T") ? $toMillis(createdAt) : createdAt')),
    source: userSource,
  },
  'a required attribute given by one of two halves': {
    mapping:
      '$merge([{ "activity_id": 2, "severity_id": 1 }, isGuest ? { "user": { "name": "guest" } }, $not(isGuest) ? { "user": { "uid": id } }])',
  },
  'a required attribute behind a spread of the source': { mapping: '$merge([$, { "activity_id": 2 }])' },
  'an object that goes away as a whole': { mapping: device('"os": {}'), target: inventory },
  'either of what excludes each other': {
    mapping:
      '{ "activity_id": 1, "severity_id": 1, "user": { "name": "kim" }, "service": { "name": "mail" }, "auth_factors": [{ "factor_type_id": 1, "email_addr": mail, "phone_number": phone }] }',
    target: { version: '1.3.0', className: 'authentication' },
  },
  'attributes of declared profiles': {
    mapping: userRecord('"cloud": { "provider": "Contoso" }, "time_dt": "2026-01-01T00:00:00Z"'),
    target: { profiles: ['cloud', 'datetime'] },
  },
  'any keys in an open object': { mapping: userRecord('"unmapped": { "anything": { "goes": [1, "two"] } }') },
  'a variable set in an outer block': { mapping: userRecord('"message": ($a := "b"; ($c := $a & "d"; $c))') },
  'a function that calls itself': {
    mapping: userRecord('"count": $fact(3)', '\n  $fact := function($n) { $n < 2 ? 1 : $n * $fact($n - 1) };'),
  },
  'a partial application and a chain': {
    mapping: userRecord('"message": name ~> $trim ~> $first', '\n  $first := $substring(?, 0, 5);'),
  },
  'a position bound in a path': { mapping: withUser('"groups": [memberOf#$i.{ "name": title, "uid": $string($i) }]') },
  'a parent looked at': { mapping: withUser('"groups": [units.teams.{ "name": name, "domain": %.domain }]') },
  'a transformed object': { mapping: `${userRecord('"count": 1')} ~> |$|{ "message": "x" }|` },
  'fields kept under unmapped by a list': {
    mapping: userRecord(
      '"message": nick, "unmapped": $sift($, function($v, $k) { $not($k in $mapped) })',
      '\n  $mapped := ["nick"];',
    ),
    source: userSource,
  },
  'fields kept under unmapped by comparisons': {
    mapping: userRecord('"message": nick, "unmapped": $sift($, function($v, $k) { $k != "nick" })'),
    source: userSource,
  },
  'fields kept under unmapped by a chain': {
    mapping: userRecord('"message": nick, "unmapped": $ ~> $sift(function($v, $k) { $k != "nick" and $exists($v) })'),
    source: userSource,
  },
  'all fields read by a wildcard': {
    mapping: userRecord('"message": $join($.*[$type($) = "string"])'),
    source: userSource,
  },
  'a field that need not be there, given as it is': {
    mapping: whole(withUser('"display_name": nick, "email_addr": mail')),
    source: userSource,
  },
  'null guarded by !=': {
    mapping: whole(withUser('"email_addr": mail != null ? $lowercase(mail)')),
    source: userSource,
  },
  'null guarded by itself': { mapping: whole(withUser('"email_addr": mail ? $lowercase(mail)')), source: userSource },
  'null guarded by its type': {
    mapping: whole(withUser('"email_addr": $type(mail) = "string" ? $lowercase(mail)')),
    source: userSource,
  },
  'null guarded by and': {
    mapping: whole(withUser('"has_mfa": mail != null and $contains(mail, "@")')),
    source: userSource,
  },
  'null guarded by a variable': {
    mapping: whole(
      withUser('"email_addr": $hasMail ? $lowercase(mail)', '\n  $hasMail := mail != null and mail != "";'),
    ),
    source: userSource,
  },
  'null guarded by the existence of what was made of it': {
    mapping: whole(
      withUser('"email_addr": $exists($low) ? $low & mail', '\n  $low := mail != null ? $lowercase(mail);'),
    ),
    source: userSource,
  },
  'null guarded in a predicate': {
    mapping: whole(withUser('"account": { "name": "kim", "labels": [[mail, nick][$ != null].$lowercase($)] }')),
    source: userSource,
  },
  'a stand-in for an optional field': {
    mapping: whole(
      device('"os": { "name": nick ?: "unknown", "type_id": 0 }').replace(/\}$/, '\n})').replace(/^/, '('),
    ),
    target: inventory,
    source: userSource,
  },
  'a field of a source that is open': {
    mapping: userRecord('"message": anything.at.all, "unmapped": $'),
    source: { ...userSource, additionalProperties: true },
  },
  'a schema the check does not understand': {
    mapping: userRecord('"message": anything, "count": whatever'),
    source: { $ref: '#/$defs/user' },
  },
  'text that is no JSONata, which others report': { mapping: '{ "activity_id": ' },
};

describe('a correct mapping', () => {
  it.each(Object.entries(correct))('leaves the check silent: %s', async (_, { mapping, target, source }) => {
    expect(await issuesOf(mapping, target, source)).toEqual([]);
  });
});

describe('a mapping too big to follow', () => {
  it.each([
    [
      'calls itself without end',
      userRecord('"message": $f(1)', '\n  $f := function($x) { $f($x) & $f($x) & $f($x) };'),
    ],
    ['is nested deeply', userRecord(`"message": ${'('.repeat(200)}name${')'.repeat(200)}`)],
    [
      'asks many things at once',
      userRecord(`"message": ${Array(300).fill('(a = 1 or b != 2) and c').join(' or ')} ? "x"`),
    ],
    ['chooses among many', userRecord(`"message": ${Array(300).fill('kind = "x" ? "y"').join(' : ')}`)],
  ])('is not followed to its end, and no issue made up: it %s', async (_, mapping) => {
    expect(await issuesOf(mapping)).toEqual([]);
  });
});

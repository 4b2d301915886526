import { describe, expect, it } from 'vitest';
import { describePreview } from '../../../bin/print/preview.ts';
import { describeWatch } from '../../../bin/print/redraw.ts';
import { describeWhy } from '../../../bin/print/why.ts';
import type { AttributeOrigin, Issue, PreviewedRecord } from '../../../engine/index.ts';

const at = { file: 'people.jsonata', line: 7, column: 5 };

const attributes: AttributeOrigin[] = [
  { pointer: '/class_uid', value: 5003, from: 'engine', rule: "the stream's class" },
  { pointer: '/activity_id', value: 2, from: 'mapping', at, sources: [], through: [] },
  {
    pointer: '/user/uid',
    value: 'p-1',
    from: 'mapping',
    at: { ...at, line: 12 },
    sources: [{ path: 'id', pointer: '/id', value: 'p-1', role: 'gives' }],
    through: [],
  },
  {
    pointer: '/unmapped/user.has_mfa',
    value: true,
    from: 'retargeting',
    rule: 'no place for it in OCSF 1.1.0',
    movedFrom: '/user/has_mfa',
    at: { ...at, line: 13 },
    sources: [{ path: 'isMfa', pointer: '/isMfa', value: true, role: 'decides' }],
    through: [],
  },
];

const accepted: PreviewedRecord = {
  page: 1,
  row: 3,
  requestId: 'r-7',
  source: { id: 'p-1', isMfa: true },
  record: { class_uid: 5003, activity_id: 2, user: { uid: 'p-1' }, unmapped: { 'user.has_mfa': true } },
  issues: [],
  ocsf: { version: '1.1.0', class: 'user_inventory' },
  attributes,
  leftOut: [{ pointer: '/user/name', why: 'nothing', at, sources: [], through: [] }],
  dropped: { photo: 'too large' },
};

function rejected(...issues: Issue[]): PreviewedRecord {
  const { record: draft = {}, ...rest } = accepted;
  return { ...rest, draft, issues };
}

const wrongType: Issue = {
  code: 'ocsf/wrong-type',
  severity: 'error',
  message: 'A number where a string must be.',
  pointer: '/user/uid',
};

describe('a preview in words', () => {
  it('shows an issue right under its attribute', () => {
    const lines = describePreview([rejected(wrongType)], 80).split('\n');

    const place = lines.findIndex((line) => line.startsWith('  uid'));
    expect(lines[place + 1]).toBe('    ↑ error ocsf/wrong-type: A number where a string must be.');
    expect(lines[0]).toBe('page 1, row 3: rejected');
    expect(lines.at(-1)).toBe('1 record, 1 rejected. Nothing was delivered.');
  });

  it('shows an issue of what is missing under the nearest that is there, or at the end', () => {
    const inUser = describePreview([rejected({ ...wrongType, pointer: '/user/name' })], 80);
    const inRecord = describePreview([rejected({ ...wrongType, pointer: '/time' })], 80);

    expect(inUser).toMatch(/^user\n {2}↑ error/m);
    expect(inRecord).toMatch(/^time \(missing\)\n {2}↑ error/m);
  });

  it('tells why there is no record', () => {
    const { page, row, source, issues, ocsf } = rejected({ ...wrongType, pointer: '' });

    const text = describePreview([{ page, row, source, issues, ocsf, attributes: [], leftOut: [], dropped: {} }], 80);

    expect(text).toContain('(no record)\nerror ocsf/wrong-type A number');
  });

  it('marks a line of the shared file, and is mapped by the other', () => {
    const sharedFile = 'all.shared.jsonata';
    const [first, second, third, ...rest] = attributes;
    const moved = [first, { ...second, at: { ...at, file: sharedFile } }, third, ...rest] as AttributeOrigin[]; // of four
    const lines = describePreview([{ ...accepted, attributes: moved, sharedFile }], 100).split('\n');

    expect(lines).toContainEqual(expect.stringMatching(/^activity_id +2 +7\*/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}uid +"p-1" +12 /));
    expect(lines.join('\n')).toContain('mapped by people.jsonata');
    expect(lines.join('\n')).toContain('* a line of all.shared.jsonata');
  });

  it('gives each attribute its value, its line and where it comes from', () => {
    const lines = describePreview([accepted], 100).split('\n');

    expect(lines.filter((line) => /^(class_uid|activity_id| {2}uid| {2}user.has_mfa)/.test(line))).toEqual([
      "class_uid       5003             + the stream's class",
      'activity_id     2             7  literal',
      '  uid           "p-1"        12  id',
      '  user.has_mfa  true         13  » no place for it in OCSF 1.1.0 (if isMfa)',
    ]);
    expect(lines).toContain('left out, as the mapping gives nothing for it: user.name');
    expect(lines).toContain('dropped by the descriptor: photo (too large)');
    expect(lines).toContain('+ completed by the engine   » changed or moved for this release');
  });

  it.each([80, 120, 160, 200])('keeps within %i columns', (width) => {
    const names = Array.from({ length: 9 }, (_, index) => `/unmapped/aNameThatIsRatherLong${index}`);
    const leftOut = names.map((pointer) => ({ pointer, why: 'null' }));
    const long = { ...accepted, leftOut, source: { note: 'word '.repeat(80), token: 'x'.repeat(300) } };

    const lines = describePreview([long, rejected({ ...wrongType, message: 'very '.repeat(60) })], width).split('\n');

    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  it('stands source and record side by side where there is room, else below each other', () => {
    expect(describePreview([accepted], 160)).toMatch(/^ {2}"id": "p-1", +│ class_uid/m);
    expect(describePreview([accepted], 100)).not.toContain('│');
    expect(describePreview([accepted], Infinity)).not.toContain('│');
  });

  it('lets no escape sequence of a source through', () => {
    const text = describePreview([{ ...accepted, source: { name: '\u001B[2J' }, requestId: '\u001B[31m' }], 80);

    expect(text).not.toContain('\u001B');
  });
});

describe('why an attribute is what it is', () => {
  const described = { path: 'user.uid', caption: 'Unique ID', type: 'string_t', requirement: 'recommended' } as const;

  it('is told in sentences: line, source and value, page, row, request, and what OCSF says', () => {
    const text = describeWhy({ previewed: accepted, pointer: '/user/uid', described });

    expect(text).toBe(
      [
        '/user/uid  "p-1"\n  The mapping gives it in people.jsonata:12:5.\n  It comes from id = "p-1".',
        "  The row is number 3 of page 1; the vendor's id of the request is r-7.",
        '  OCSF 1.1.0 calls user.uid "Unique ID": string_t, recommended.',
      ].join('\n\n'),
    );
  });

  it('names what the engine completed, and what another release moved', () => {
    const completed = describeWhy({ previewed: accepted, pointer: '/class_uid', described: undefined });
    const moved = describeWhy({ previewed: accepted, pointer: '/unmapped/user.has_mfa', described: undefined });

    expect(completed).toContain("The engine completed it: the stream's class.");
    expect(moved).toContain(
      'The change of release made it so: no place for it in OCSF 1.1.0. It was moved from /user/has_mfa.',
    );
  });

  it('tells of what is not there whether the mapping came to nothing or has no place for it', () => {
    const nothing = describeWhy({ previewed: accepted, pointer: '/user/name', described });
    const nowhere = describeWhy({ previewed: accepted, pointer: '/user/nickname', described: undefined });

    expect(nothing).toContain('/user/name  (not in the record)\n  The mapping gives nothing here');
    expect(nothing).toContain('Its place in the mapping is people.jsonata:7:5.');
    expect(nothing).not.toContain('writes the value itself');
    expect(nowhere).toContain('Neither the mapping nor the engine gives it.');
    expect(nowhere).toContain('OCSF 1.1.0 has no such attribute in user_inventory.');
  });

  it('of an object explains each attribute inside', () => {
    expect(describeWhy({ previewed: accepted, pointer: '/user', described: undefined })).toContain('/user/uid  "p-1"');
  });
});

describe('a watch', () => {
  it('tells what a save has changed', () => {
    const now = attributes.map((one) => (one.pointer === '/user/uid' ? { ...one, value: 'p-2' } : one));

    const text = describeWatch([accepted], [{ ...accepted, attributes: now }], ['acme']);

    expect(text).toMatch(/^changed by this save\n\/user\/uid +"p-1" → "p-2"\n\nWatching acme/);
  });
});

import { describe, expect, it } from 'vitest';
import { compilePath, readArguments, readCall } from '../../engine/sandbox/match-path.ts';
import type { RouteDescription } from '../../engine/sandbox/sandbox-description.ts';

describe('a path with placeholders', () => {
  const match = compilePath('/{tenant}/hosts.json/{id}');

  it('reads one segment for each', () => {
    expect(match('/acme/hosts.json/7')).toEqual({ tenant: 'acme', id: '7' });
  });

  it.each(['/acme/hostsxjson/7', '/acme/hosts.json', '/acme/hosts.json/7/more', '/a/b/hosts.json/7'])(
    'does not fit %s',
    (path) => {
      expect(match(path)).toBeUndefined();
    },
  );
});

describe('a call', () => {
  it.each([
    ['/v1/hosts', { version: 'v1', path: '/hosts', argumentText: undefined }],
    ['/v1/hosts/count()', { version: 'v1', path: '/hosts/count', argumentText: '' }],
    ['/v1/count(kind=%27a%27)', { version: 'v1', path: '/count', argumentText: "kind='a'" }],
    ['/v1', undefined],
    ['/v1/count(kind', undefined],
    ['/v1/%E0%A4%A', undefined],
  ])('%s is taken apart', (pathname, call) => {
    expect(readCall(pathname)).toEqual(call);
  });
});

describe('arguments', () => {
  const route: RouteDescription = {
    method: 'GET',
    family: 'all',
    path: '/count',
    versions: ['v1'],
    permissions: ['Read'],
    arguments: { kind: { values: ["it's", 'all'] }, days: { values: ['D1', 'D7'], default: 'D7' } },
    answer: { kind: 'empty' },
  };
  const read = (argumentText: string): unknown => readArguments({ version: 'v1', path: '/count', argumentText }, route);

  it.each([
    ["kind='all',days='D1'", { kind: 'all', days: 'D1' }],
    ["days='d1', kind='ALL'", { kind: 'all', days: 'D1' }],
    ["kind='it''s'", { kind: "it's", days: 'D7' }],
    ['', undefined],
    ['kind=all', undefined],
    ["kind='all',", undefined],
    ["kind='none'", undefined],
    ["kind='all',colour='blue'", undefined],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { pathText } from '../../../engine/mapping/trace/places.ts';
import { provenancesOf } from '../../../engine/mapping/trace/provenance.ts';
import { readTraceable, traceMapping } from '../../../engine/mapping/trace/trace-mapping.ts';

const row = {
  id: 'p-1',
  login: 'nora@acme.example',
  isAdmin: true,
  'sign in': { at: '2026-03-04T05:06:07Z' },
  methods: ['push', 'sms'],
  groups: [
    { name: 'Blue', size: 3 },
    { name: 'Red', size: 5 },
  ],
};

/** By pointer: the line, and the reads as `path`, `path?` if it only decided, `path!` if nothing is there. */
async function told(text: string, bindings = {}): Promise<Record<string, string>> {
  const trace = await traceMapping(readTraceable(text, 'people.jsonata'), row, bindings);
  return Object.fromEntries(
    provenancesOf(trace).map(({ pointer, at, reads }) => {
      const line = text.slice(0, at).split('\n').length;
      const paths = reads.map(({ place, role, value }) => {
        return pathText(place) + (role === 'decides' ? '?' : '') + (value === undefined ? '!' : '');
      });
      return [pointer, [line, ...paths].join(' ')];
    }),
  );
}

describe('provenance', () => {
  it('is the line of the key and the path that was read', async () => {
    expect(await told('{\n  "uid": id,\n  "time": `sign in`.at\n}')).toEqual({
      '/uid': '2 id',
      '/time': '3 `sign in`.at',
    });
  });

  it('of a literal is its line alone', async () => {
    expect(await told('{ "severity_id": 1 }')).toEqual({ '/severity_id': '1' });
  });

  it('follows variables to where they are set', async () => {
    const text = '(\n  $at := $toMillis(`sign in`.at);\n  {\n    "time": $at\n  }\n)';

    const [time] = provenancesOf(await traceMapping(readTraceable(text, 'people.jsonata'), row, {}));

    expect(await told(text)).toEqual({ '/time': '4 `sign in`.at' });
    expect(time?.through).toEqual([{ name: 'at', at: text.indexOf('$at') }]);
  });

  it('tells what gave a value from what decided it', async () => {
    expect(await told('{ "type_id": isAdmin ? 2 : 1, "name": isAdmin ? login : id }')).toEqual({
      '/type_id': '1 isAdmin?',
      '/name': '1 login isAdmin?',
    });
  });

  it('tells a path that led nowhere to its end, after those that gave something', async () => {
    expect(await told('{ "name": nick.name & login }')).toEqual({ '/name': '1 login nick.name!' });
  });

  it('follows functions of the mapping through their parameters, tail calls too', async () => {
    const text = `(
      $pick := function($value, $unused) { $type($value) = "string" ? $uppercase($value) };
      { "uid": $pick(id, login) }
    )`;

    expect(await told(text)).toEqual({ '/uid': '3 id' });
  });

  it('ends for functions that call themselves', async () => {
    const text = '($f := function($n, $x) { $n = 0 ? $x : $f($n - 1, $x) }; { "uid": $f(3, id) })';

    expect(await told(text)).toEqual({ '/uid': '1 id' });
  });

  it('reads a table by its row alone', async () => {
    const text = '($t := { "push": login, "sms": id }; { "a": $lookup($t, methods[0]) })';

    expect(await told(text)).toEqual({ '/a': '1 login methods[0]' });
  });

  it('names the item of a list, in steps, in $map and in a list passed on', async () => {
    expect(await told('{ "a": [methods.{ "m": $ }], "b": $map(methods, function($m) { $m }), "c": methods }')).toEqual({
      '/a/0/m': '1 methods[0]',
      '/a/1/m': '1 methods[1]',
      '/b/0': '1 methods[0]',
      '/b/1': '1 methods[1]',
      '/c/0': '1 methods[0]',
      '/c/1': '1 methods[1]',
    });
  });

  it('names every item that went into one value', async () => {
    expect(await told('{ "a": $join(methods.$uppercase($), ", ") }')).toEqual({ '/a': '1 methods[0] methods[1]' });
  });

  it('enters objects that the row has, and those that $merge and $sift copy', async () => {
    const text = `{
      "first": groups[0],
      "both": $merge([{ "kind": login },
        { "kind": id }, groups[1]]),
      "rest": $sift($, function($v, $k) { $k = "login" })
    }`;

    expect(await told(text)).toEqual({
      '/first/name': '2 groups[0].name',
      '/first/size': '2 groups[0].size',
      '/both/kind': '4 id',
      '/both/name': '3 groups[1].name',
      '/both/size': '3 groups[1].size',
      '/rest/login': '5 login',
    });
  });

  it('counts the items that a list pours out', async () => {
    expect(await told('{ "all": [id, methods, [login], groups.name] }')).toEqual({
      '/all/0': '1 id',
      '/all/1': '1 methods[0]',
      '/all/2': '1 methods[1]',
      '/all/3/0': '1 login',
      '/all/4': '1 groups[0].name',
      '/all/5': '1 groups[1].name',
    });
  });

  it('names what the engine binds', async () => {
    expect(
      await told('{ "t": $connection.tenantId, "at": $ingestedAt }', { connection: { tenantId: 'x' }, ingestedAt: 1 }),
    ).toEqual({ '/t': '1 $connection.tenantId', '/at': '1 $ingestedAt' });
  });

  it('of a filter tells the condition as what decided', async () => {
    expect(await told('{ "size": groups[name = $$.id or size > 4].size }')).toEqual({
      '/size': '1 groups[1].size groups[0].name? id? groups[0].size? groups[1].name? groups[1].size?'.replace(
        ' groups[1].size?',
        '',
      ),
    });
  });

  it('of a mapping that failed is nothing', async () => {
    expect(await told('{ "at": $toMillis(id) }')).toEqual({});
  });
});

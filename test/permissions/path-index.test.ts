import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPaths } from '../../engine/permissions/path-index.ts';
import { type Access, readVendorCatalogue } from '../../engine/permissions/vendor-catalogue.ts';
import { schemasDir } from '../support/scratch-integration.ts';

/** Each path opened by a permission of its own name. */
const acme = indexPaths({
  title: 'Acme',
  versions: ['v1', 'next'],
  entries: [
    '/people',
    '/people/{id}',
    '/people/delta',
    '/people/{id}/keys',
    '/people(mail={value})',
    '/reports/byday(from={value},to={value})',
    '/reports/summary',
    '/drive/root:/{id}:/children',
  ].map((path) => ({ paths: [path], ...opened(path) })),
});

function opened(by: string): Access {
  return { application: { least: [by], any: [by] } };
}

describe('finding a path in a vendor catalogue', () => {
  it.each([
    ['a path as it stands', '/people', '/people'],
    ['another case', '/People', '/people'],
    ['a version before it', '/v1/people', '/people'],
    ['a version that the operator chooses', '/{version}/people', '/people'],
    ['a slash too many', '/people/', '/people'],
    ['a query', '/people?top=1', '/people'],
    ['a value', '/people/{personId}', '/people/{id}'],
    ['a value written out', '/people/42/keys', '/people/{id}/keys'],
    ['a literal where a value could stand', '/people/delta', '/people/delta'],
    ['a key in parentheses', "/people('{personId}')/keys", '/people/{id}/keys'],
    ['another key by name', "/people(mail='{mail}')", '/people(mail={value})'],
    ['a key by a name that is not listed', "/people(badge='{badge}')", '/people/{id}'],
    ['arguments in another order', "/reports/byDay(to={to},from='{from}')", '/reports/byday(from={value},to={value})'],
    ['arguments that the catalogue leaves out', "/reports/summary(kind='{kind}')", '/reports/summary'],
    ['empty parentheses', '/reports/summary()', '/reports/summary'],
    ['a slash in an argument', "/reports/summary(path='/a/b')", '/reports/summary'],
    ['a value inside a part', '/drive/root:/{path}:/children', '/drive/root:/{id}:/children'],
  ])('knows %s', (_, asked, expected) => {
    expect(acme.find(asked)).toEqual(opened(expected));
  });

  it.each([
    '/persons',
    '/people/{id}/badges',
    '/reports/byDay',
    '/people/delta(x=1)/keys',
    '',
    '/v1',
    '/people/{id}/keys/x',
  ])('does not take %s for another path', (asked) => {
    expect(acme.find(asked)).toBeUndefined();
  });

  it('names the path that was meant', () => {
    expect(acme.nearest('/peopel')).toBe('/people');
    expect(acme.nearest('/v1/reports/byDay')).toBe('/reports/byday(from={value},to={value})');
    expect(acme.nearest('/orders/{id}/lines')).toBeUndefined();
  });
});

describe('the catalogue of microsoft-graph', async () => {
  const catalogue = await readVendorCatalogue(schemasDir, 'microsoft-graph');
  const vendor = indexPaths(catalogue);
  const listed = catalogue.entries.flatMap(({ paths, ...access }) => paths.map((path) => ({ path, access })));

  it('gives each path its own entry, however a stream spells it', () => {
    const spelt = fc.constantFrom(...listed).chain(({ path, access }) =>
      fc
        .record({
          value: fc.constantFrom('{userId}', '{x}'),
          version: fc.constantFrom('', '/v1.0', '/beta', '/{v}'),
          shout: fc.boolean(),
          query: fc.constantFrom('', '?$top=999'),
        })
        .map(({ value, version, shout, query }) => ({
          path,
          access,
          stream: version + spell(path, value, shout) + query,
        })),
    );

    fc.assert(
      fc.property(spelt, ({ access, stream }) => {
        expect(vendor.find(stream)).toEqual(access);
      }),
      { numRuns: 1000 },
    );
  });

  it('knows the paths that no app-only token can read', () => {
    expect(
      vendor.find("/v1.0/reports/authenticationMethods/usersRegisteredByFeature(includedUserTypes='all')"),
    ).toEqual({
      delegated: { least: ['AuditLog.Read.All'], any: ['AuditLog.Read.All'] },
    });
  });
});

/** The catalogue's path as an author would type it: values and arguments filled, letters as the vendor's pages have them. */
function spell(path: string, value: string, shout: boolean): string {
  const filled = path.replaceAll('={value}', `='${value}'`).replaceAll('{id}', value);
  return shout ? filled.replace(/[a-z]+(?![^{]*\})/g, (word) => word.charAt(0).toUpperCase() + word.slice(1)) : filled;
}

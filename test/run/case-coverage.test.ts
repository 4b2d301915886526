import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coverCases } from '../../engine/index.ts';
import { acmeDescriptor, peopleMapping, scratchIntegration, shippedPlaces } from '../support/scratch-integration.ts';

const mapping = peopleMapping.replace('"has_mfa": mfa', '"has_mfa": mfa = true ? true : false');
const rows = (...items: object[]) => JSON.stringify({ items });

async function covered(more: string, files: { readonly [path: string]: string }) {
  const places = await scratchIntegration('acme', {
    'integration.yaml': acmeDescriptor({ more }),
    'mappings/people.jsonata': mapping,
    ...files,
  });
  const [acme] = await coverCases({ places });
  if (acme === undefined) throw new Error('nothing was covered');
  return acme;
}

describe('the coverage of an integration', () => {
  it('that is less than its descriptor asks for is an issue at that line', async () => {
    const files = { 'cases/people/one/source.json': rows({ id: '1', name: 'kim', mfa: true }) };
    const { issues, percent } = await covered('cases: { coverage: 90 }', files);

    expect(percent).toBeLessThan(90);
    expect(issues).toMatchObject([{ code: 'case/low-coverage', severity: 'error', at: { line: 15, column: 20 } }]);
  });

  it('is enough once a case comes to every part', async () => {
    const source = rows({ id: '1', name: 'kim', mfa: true }, { id: '2', name: 'lee', mfa: false });
    const { issues, percent, floor } = await covered('cases: { coverage: 100 }', {
      'cases/people/two/source.json': source,
    });

    expect({ issues, percent, floor }).toEqual({ issues: [], percent: 100, floor: 100 });
  });

  it('tells fields at their line of the declared shape', async () => {
    const { mappings } = await covered('', {
      'sources/people.schema.json':
        '{\n  "properties": {\n    "id": { "type": "string" },\n    "team": { "type": "string" }\n  }\n}',
      'cases/people/two/source.json': rows({ id: '1', name: 'kim', mfa: true }),
    });

    expect(mappings[0]?.gaps.at(-1)).toMatchObject({ kind: 'field', what: 'team', at: { line: 4, column: 5 } });
  });

  it('counts a shared file by itself, once for all mappings that use it', async () => {
    const one = (name: string) =>
      `  ${name}:\n    summary: S.\n    path: /${name}\n    class: user_inventory\n    shared: all.shared.jsonata\n`;
    const places = await scratchIntegration('acme', {
      'integration.yaml': acmeDescriptor({ streams: one('people') + one('guests') }),
      'mappings/all.shared.jsonata': '( $hasMfa := mfa ? true : false )',
      'mappings/people.jsonata': peopleMapping.replace('"has_mfa": mfa', '"has_mfa": $hasMfa'),
      'mappings/guests.jsonata': peopleMapping.replace('"has_mfa": mfa', '"has_mfa": $hasMfa'),
      'cases/people/one/source.json': JSON.stringify([{ id: '1', name: 'kim', mfa: true }]),
      'cases/guests/one/source.json': JSON.stringify([{ id: '2', name: 'lee', mfa: false }]),
    });
    const [acme] = await coverCases({ places });

    const branches = acme?.mappings.map(({ streams, file, byKind }) => [basename(file), streams, byKind.branch.total]);
    expect(branches).toEqual([
      ['people.jsonata', ['people'], 0],
      ['guests.jsonata', ['guests'], 0],
      ['all.shared.jsonata', ['people', 'guests'], 2],
    ]);
    expect(acme?.mappings.at(-1)?.percent).toBe(100);
  });

  it('counts a case that cannot be read, or no case, as exercising nothing', async () => {
    const { percent } = await covered('', { 'cases/people/broken/source.json': '{' });

    expect(percent).toBe(0);
  });

  it('holds for the shipped feeds', async () => {
    const shipped = await coverCases({ places: shippedPlaces });

    expect(shipped.flatMap(({ issues }) => issues)).toEqual([]);
    expect(shipped[0]?.percent).toBeGreaterThanOrEqual(shipped[0]?.floor ?? 100);
  });
});

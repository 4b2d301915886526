import { describe, expect, it } from 'vitest';
import { validateIntegration } from '../../engine/run/validate-integration.ts';
import { acmeDescriptor, acmePeople, scratchIntegration, shippedPlaces } from '../support/scratch-integration.ts';

const source = `    source:
      type: object
      required: [id]
      properties:
        id: { type: string }
        name: { type: string }
        secretNote: { type: string }
`;

async function issuesOf(mapping: string, more = ''): Promise<object[]> {
  const descriptor = acmeDescriptor({ streams: acmePeople + more });
  const places = await scratchIntegration('acme', {
    'integration.yaml': descriptor,
    'mappings/people.jsonata': mapping,
  });
  const { issues } = await validateIntegration(places, 'acme');
  return issues
    .filter(({ code }) => code.startsWith('mapping/'))
    .map(({ code, at }) => ({ code, line: at?.line, column: at?.column }));
}

describe('the mappings of an integration', () => {
  it('have nothing wrong in the shipped feed', async () => {
    const { issues } = await validateIntegration(shippedPlaces, 'microsoft-entra-mfa');

    expect(issues).toEqual([]);
  });

  it('are typed against the class of their stream', async () => {
    const mapping = '{\n  "activity_id": 2,\n  "severity_id": 9,\n  "user": { "name": name, "fullname": name }\n}';

    expect(await issuesOf(mapping)).toEqual([
      { code: 'mapping/unknown-enum-value', line: 3, column: 18 },
      { code: 'mapping/unknown-attribute', line: 4, column: 27 },
    ]);
  });

  it('see the connection without its secrets', async () => {
    const mapping =
      '{ "activity_id": 2, "severity_id": 1, "user": { "name": $connection.token, "uid": $connection.url } }';

    expect(await issuesOf(mapping)).toEqual([{ code: 'mapping/unknown-name', line: 1, column: 69 }]);
  });

  it('are typed against the declared shape of a row, less what the stream drops', async () => {
    const mapping = '{ "activity_id": 2, "severity_id": 1, "user": { "uid": id, "name": nmae } }';
    const drop = '    drop: { secretNote: nobody may see it }\n';

    expect(await issuesOf(mapping, source + drop)).toEqual([
      { code: 'mapping/unused-source-field', line: 1, column: 1 },
      { code: 'mapping/unknown-source-field', line: 1, column: 68 },
    ]);
  });

  it('that do not parse have that one mistake', async () => {
    expect(await issuesOf('{ "severity": ')).toEqual([expect.objectContaining({ code: 'mapping/syntax' })]);
  });
});

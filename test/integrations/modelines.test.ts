import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const integrations = join(import.meta.dirname, '../../integrations');
const files = readdirSync(integrations, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .map((path) => path.replaceAll('\\', '/'));

const schemaOf: readonly (readonly [RegExp, string])[] = [
  [/^[^/]+\/integration\.yaml$/, 'descriptor'],
  [/^[^/]+\/(errors|setup)\.yaml$/, '$1'],
  [/^[^/]+\/sandbox\/sandbox\.yaml$/, 'sandbox'],
  [/^[^/]+\/dispatch\/[^/]+\.yaml$/, 'dispatch'],
  [/^[^/]+\/cases\/record\.yaml$/, 'record'],
];

describe('the first line of a YAML file of a shipped feed', () => {
  it.each(files)('leads an editor to the schema of %s', (path) => {
    const [first = ''] = readFileSync(join(integrations, path), 'utf8').split('\n');
    const [pattern, name] = schemaOf.find(([each]) => each.test(path)) ?? [/$^/, 'none'];
    const expected = `/schemas/${path.replace(pattern, name)}.schema.json`;

    const reference = first.replace('# yaml-language-server: $schema=', '');

    expect(`/${reference.replace(/^(\.\.\/)+/, '')}`).toBe(expected);
    expect(existsSync(join(integrations, dirname(path), reference))).toBe(true);
  });
});

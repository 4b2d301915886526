import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The parts of a JSON Schema that the reference page shows. */
type Schema = {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly allOf?: readonly { readonly if: Schema; readonly then: Schema }[];
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
};

/** The page that explains every key of the descriptor language, from the descriptions in its schemas. */
export function referencePage(descriptor: Schema, errors: Schema): string {
  return [
    '# Reference of the descriptor language',
    '',
    'Generated from `schemas/descriptor.schema.json` and `schemas/errors.schema.json` by `npm run generate:reference`.',
    '',
    ...section('integration.yaml', descriptor, 2),
    ...Object.entries(descriptor.$defs ?? {}).flatMap(([name, schema]) => section(name, schema, 2)),
    ...section('errors.yaml', errors, 2),
    ...Object.entries(errors.$defs ?? {}).flatMap(([name, schema]) => section(name, schema, 2)),
  ].join('\n');
}

function section(name: string, schema: Schema, level: number): string[] {
  const kinds = (schema.allOf ?? []).flatMap(({ if: when, then }) => {
    const kind = String(when.properties?.['kind']?.const);
    return section(`${name}: ${kind}`, then, level + 1);
  });
  return [`${'#'.repeat(level)} ${name}`, '', schema.description ?? '', '', ...keyTable(schema), ...kinds];
}

function keyTable(schema: Schema): string[] {
  const keys = keysOf(schema, '');
  if (keys.length === 0) return [];
  return ['| key | value | meaning |', '| --- | --- | --- |', ...keys, ''];
}

/** Keys of inner objects are shown with a dotted path; `<name>` stands for a name that the author chooses. */
function keysOf({ properties = {}, required = [] }: Schema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === 'kind' && schema.const !== undefined) return [];
    const key = `${path}${name}`;
    const must = required.includes(name) ? ', required' : '';
    return [`| \`${key}\` | ${valueOf(schema)}${must} | ${schema.description ?? ''} |`, ...innerKeys(schema, key)];
  });
}

function innerKeys(schema: Schema, key: string): string[] {
  if (schema.properties !== undefined) return keysOf(schema, `${key}.`);
  if (typeof schema.additionalProperties === 'object') return keysOf(schema.additionalProperties, `${key}.<name>.`);
  return schema.items === undefined ? [] : keysOf(schema.items, `${key}[].`);
}

function valueOf(schema: Schema): string {
  const value = plainValueOf(schema);
  return schema.default === undefined ? value : `${value}; default \`${JSON.stringify(schema.default)}\``;
}

function plainValueOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.items !== undefined) return `list of ${plainValueOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map of ${plainValueOf(schema.additionalProperties)}`;
  if (schema.type === undefined) return 'any';
  return typeof schema.type === 'string' ? schema.type : schema.type.join(' or ');
}

/** `node dist/schemas/generate-reference.js`, from the repository's root. */
async function main(): Promise<void> {
  const read = async (name: string) => JSON.parse(await readFile(join('schemas', name), 'utf8')) as Schema; // our own files
  await writeFile(
    join('integrations', 'REFERENCE.md'),
    referencePage(await read('descriptor.schema.json'), await read('errors.schema.json')),
  );
}

if (process.argv[1]?.endsWith('generate-reference.js') === true) await main();

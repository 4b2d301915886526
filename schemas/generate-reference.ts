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
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minProperties?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly propertyNames?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly allOf?: readonly { readonly if: Schema; readonly then: Schema }[];
  readonly then?: Schema;
  readonly else?: Schema;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
};

/** The page that explains every key of the descriptor language, from the descriptions in its schemas. */
export function referencePage(descriptor: Schema, errors: Schema, setup: Schema): string {
  return [
    '# Reference of the descriptor language',
    '',
    'Generated from `descriptor.schema.json`, `errors.schema.json` and `setup.schema.json` in `schemas/` by `npm run generate:reference`.',
    '',
    ...file('integration.yaml', descriptor),
    ...file('errors.yaml', errors),
    ...file('setup.yaml', setup),
  ].join('\n');
}

/** The keys of one file, then each definition they refer to. */
function file(name: string, schema: Schema): string[] {
  const defs = schema.$defs ?? {};
  return [
    ...section(name, schema, defs, 2),
    ...Object.entries(defs).flatMap(([inner, definition]) => section(inner, definition, defs, 2)),
  ];
}

type Defs = { readonly [name: string]: Schema };

function section(name: string, schema: Schema, defs: Defs, level: number): string[] {
  const kinds = (schema.allOf ?? []).flatMap(({ if: when, then }) => {
    const kind = String(when.properties?.['kind']?.const);
    return section(`${name}: ${kind}`, then, defs, level + 1);
  });
  return [`${'#'.repeat(level)} ${name}`, '', schema.description ?? '', '', ...keyTable(schema, defs), ...kinds];
}

function keyTable(schema: Schema, defs: Defs): string[] {
  const keys = keysOf(schema, defs, '');
  if (keys.length > 0) return ['| key | value | meaning |', '| --- | --- | --- |', ...keys, ''];
  return typeof schema.additionalProperties === 'object' ? [`Value: ${valueOf(schema)}.`, ''] : [];
}

/** Keys of inner objects are shown with a dotted path; `<name>` stands for a name that the author chooses. */
function keysOf({ properties = {}, required = [] }: Schema, defs: Defs, path: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    if (name === 'kind' && schema.const !== undefined) return [];
    const key = `${path}${name}`;
    const value = `${valueOf(schema)}${required.includes(name) ? ', required' : ''}`;
    return [`| \`${key}\` | ${inCell(value)} | ${inCell(meaningOf(schema, defs))} |`, ...innerKeys(schema, defs, key)];
  });
}

function innerKeys(schema: Schema, defs: Defs, key: string): string[] {
  if (schema.properties !== undefined) return keysOf(schema, defs, `${key}.`);
  if (typeof schema.additionalProperties === 'object') {
    return keysOf(schema.additionalProperties, defs, `${key}.<name>.`);
  }
  return schema.items === undefined ? [] : keysOf(schema.items, defs, `${key}[].`);
}

function meaningOf({ description, $ref }: Schema, defs: Defs): string {
  return description ?? ($ref === undefined ? '' : (defs[definitionName($ref)]?.description ?? ''));
}

/** A bare `|` would end the cell of a table. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function valueOf(schema: Schema): string {
  const value = [plainValueOf(schema), ...boundsOf(schema)].join(', ');
  return schema.default === undefined ? value : `${value}; default \`${JSON.stringify(schema.default)}\``;
}

function plainValueOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = definitionName(schema.$ref);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.then !== undefined && schema.else !== undefined) {
    return `${plainValueOf(schema.else)} or ${plainValueOf(schema.then)}`;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.items !== undefined) return `list of ${plainValueOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `map of ${plainValueOf(schema.additionalProperties)}`;
  if (schema.type === undefined) return 'any';
  return typeof schema.type === 'string' ? schema.type : schema.type.join(' or ');
}

function boundsOf(schema: Schema): string[] {
  const { minimum, exclusiveMinimum, pattern, format, propertyNames } = schema;
  return [
    ...(minimum === undefined ? [] : [`at least ${String(minimum)}`]),
    ...(exclusiveMinimum === undefined ? [] : [`more than ${String(exclusiveMinimum)}`]),
    ...(schema.minLength === undefined && schema.minProperties === undefined ? [] : ['not empty']),
    ...(format === undefined ? [] : [`a ${format}`]),
    ...(pattern === undefined ? [] : [`matching \`${pattern}\``]),
    ...(propertyNames?.pattern === undefined ? [] : [`names matching \`${propertyNames.pattern}\``]),
  ];
}

function definitionName(ref: string): string {
  return ref.replace('#/$defs/', '');
}

/** `node dist/schemas/generate-reference.js`, from the repository's root. */
async function main(): Promise<void> {
  const read = async (name: string) => JSON.parse(await readFile(join('schemas', name), 'utf8')) as Schema; // our own files
  await writeFile(
    join('integrations', 'REFERENCE.md'),
    referencePage(
      await read('descriptor.schema.json'),
      await read('errors.schema.json'),
      await read('setup.schema.json'),
    ),
  );
}

if (process.argv[1]?.endsWith('generate-reference.js') === true) await main();

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { yamlGapAt, yamlPlaceAt } from '../descriptor/yaml-place.ts';
import type { JsonObject } from '../records.ts';
import type { Places } from '../run/run-request.ts';
import { type Completion, type Completions, type Hover, noCompletions, type Span } from './answers.ts';
import type { FeedFile } from './feed-file.ts';
import { keyKindAt, looseDescriptor, type Name, nameKindAt, namesOf } from './feed-names.ts';
import { placeholderAt } from './placeholder-at.ts';
import { errorPlaceholdersInWords, requestPlaceholdersInWords } from './placeholder-words.ts';
import { branchText, keysOf, type PlainValue, type SchemaKey, schemasAt, valuesOf } from './schema-at.ts';

type YamlKind = 'descriptor' | 'errors' | 'setup' | 'sandbox' | 'dispatch';

export function isYaml(file: FeedFile): file is FeedFile & { kind: YamlKind } {
  return ['descriptor', 'errors', 'setup', 'sandbox', 'dispatch'].includes(file.kind);
}

type YamlFile = FeedFile & { readonly kind: YamlKind };

/** What the key or value at an offset means: by the schema, and what a name refers to. */
export async function hoverYaml(
  text: string,
  offset: number,
  file: YamlFile,
  places: Places,
): Promise<Hover | undefined> {
  const placeholder = placeholderAt(text, offset);
  if (placeholder !== undefined) return hoverPlaceholder(placeholder, file, places);
  const place = yamlPlaceAt(text, offset);
  if (place === undefined) return undefined;
  const { path, on, root, start, end } = place;
  const schema = await schemaOf(file, places);
  const parents = schemasAt(schema, root, path.slice(0, -1));
  const owner = path.slice(0, -1);
  const kind = on === 'key' ? (keyKindAt(owner) ?? declaredKind(owner)) : nameKindAt(path);
  const name = on === 'key' ? (path.at(-1) ?? '') : scalarText(text.slice(start, end));
  const named = kind && (await names(kind, file, places)).find((each) => each.name === name);
  const key = keysOf(parents, schema).find((each) => each.name === path.at(-1));
  const value = on === 'value' && path.at(-1) === 'kind' ? branchText(schema, parents, name) : undefined;
  const parts = [
    ...(named === undefined ? [] : [`**${named.name}**`, named.about]),
    ...(value === undefined ? [] : [`**${name}**`, value]),
    ...(key === undefined ? others(schemasAt(schema, root, path), path, on) : [describeKey(key)]),
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : { start, end, markdown: parts.join('\n\n') };
}

/** Names whose own place explains them as well. */
function declaredKind(owner: readonly string[]) {
  const declared = { permissions: 'permission', streams: 'stream', rateLimits: 'rateLimit' } as const;
  const [first = ''] = owner;
  return owner.length === 1 && Object.hasOwn(declared, first) ? declared[first as keyof typeof declared] : undefined; // just asked
}

/** Of a key that the author named, what the schema says of all such. */
function others(schemas: readonly JsonObject[], path: readonly string[], on: 'key' | 'value'): string[] {
  const [schema] = schemas.filter(({ description }) => description !== undefined);
  const name = path.at(-1) ?? '';
  return schema === undefined || (on === 'value' && /^\d+$/.test(name))
    ? []
    : [describeKey({ name, schema, isRequired: false })];
}

function scalarText(written: string): string {
  return written.replace(/^(["'])(.*)\1$/s, '$2');
}

async function hoverPlaceholder(
  { start, end, name }: Span & { readonly name: string },
  file: YamlFile,
  places: Places,
): Promise<Hover | undefined> {
  if (file.kind === 'sandbox') return undefined;
  const known = await placeholders(file, places);
  const found = known.find((each) => each.name === name);
  return found && { start, end, markdown: `**{${name}}**\n\n${found.about}` };
}

/** What may be written at an offset: keys, values, and names that are declared elsewhere. */
export async function completeYaml(text: string, offset: number, file: YamlFile, places: Places): Promise<Completions> {
  const placeholder = placeholderAt(text, offset);
  if (placeholder !== undefined) return completePlaceholder(placeholder, file, places);
  const gap = yamlGapAt(text, offset);
  if (gap === undefined) return noCompletions;
  const { path, on, root, given, start, end } = gap;
  const schema = await schemaOf(file, places);
  if (on === 'key') {
    const schemas = schemasAt(schema, root, path);
    const kind = keyKindAt(path) ?? (file.kind === 'dispatch' && path.length === 0 ? 'class' : undefined);
    const named = kind === undefined ? [] : await names(kind, file, places);
    const keys = [
      ...keysOf(schemas, schema),
      ...named.map(({ name, about }): SchemaKey => ({ name, schema: { description: about }, isRequired: false })),
    ].filter(({ name }) => !given.includes(name));
    const items = keys.map((key) => keyCompletion(key, gap));
    // A list may hold bare values.
    const values = items.length === 0 ? await valueCompletions(schema, root, path, file, places, gap.isQuoted) : [];
    return { start, end, items: [...items, ...values] };
  }
  return { start, end, items: await valueCompletions(schema, root, path, file, places, gap.isQuoted) };
}

async function completePlaceholder({ start, end }: Span, file: YamlFile, places: Places): Promise<Completions> {
  if (file.kind === 'sandbox' || file.kind === 'dispatch') return noCompletions;
  const known = await placeholders(file, places);
  const items = known.map(
    ({ name, about }): Completion => ({ label: name, kind: 'variable', detail: about, insert: name }),
  );
  return { start, end, items };
}

async function placeholders(file: YamlFile, places: Places): Promise<Name[]> {
  const more = file.kind === 'descriptor' ? requestPlaceholdersInWords : errorPlaceholdersInWords;
  return [...(await names('property', file, places)), ...more];
}

function keyCompletion(
  key: SchemaKey,
  { isFlow, isQuoted, hasColon }: { isFlow: boolean; isQuoted: boolean; hasColon: boolean },
): Completion {
  const { name, schema, isRequired } = key;
  const written = isQuoted || !/^[A-Za-z][\w.-]*$/.test(name) ? JSON.stringify(name) : name;
  const rest = hasColon ? '' : valueSkeleton(schema, isFlow);
  const caret = rest.indexOf('|');
  return {
    label: name,
    kind: 'key',
    detail: `${typeInWords(schema)}${isRequired ? ', required' : ''}`,
    markdown: describeKey(key),
    insert: written + rest.replace('|', ''),
    ...(caret !== -1 && { caret: written.length + caret }),
    rank: isRequired ? 0 : 1,
  };
}

function valueSkeleton(schema: JsonObject, isFlow: boolean): string {
  const isUnion = isKeyed(schema) && 'kind' in (schema['properties'] as JsonObject); // just asked
  if (isUnion) return ': { kind: | }';
  if (schema['type'] === 'array') return ': [|]';
  if (schema['type'] === 'object') return isFlow ? ': { | }' : ':\n  |';
  return ': |';
}

function isKeyed({ properties }: JsonObject): boolean {
  return typeof properties === 'object' && properties !== null;
}

async function valueCompletions(
  schema: JsonObject,
  root: unknown,
  path: readonly string[],
  file: YamlFile,
  places: Places,
  isQuoted: boolean,
): Promise<Completion[]> {
  const kind = nameKindAt(path);
  const named = kind === undefined ? [] : await names(kind, file, places);
  const owners = schemasAt(schema, root, path.slice(0, -1));
  const written = (value: PlainValue) =>
    isQuoted || needsQuotes(value) ? JSON.stringify(String(value)) : String(value);
  return [
    ...named.map(
      ({ name, about }): Completion => ({
        label: name,
        kind: 'name',
        detail: about,
        insert: written(name),
        filter: written(name),
      }),
    ),
    ...valuesOf(schemasAt(schema, root, path)).map((value): Completion => {
      const about = path.at(-1) === 'kind' ? branchText(schema, owners, value) : undefined;
      return {
        label: String(value),
        kind: 'value',
        ...(about !== undefined && { markdown: about }),
        insert: written(value),
        filter: written(value),
      };
    }),
  ];
}

/** A text that YAML would read as something else. */
function needsQuotes(value: PlainValue): boolean {
  return (
    typeof value === 'string' &&
    (/^(true|false|null|[\d.+-]+)$/.test(value) || /[:#[\]{},&*!|>'"%@`]\s|^\W/.test(value))
  );
}

/** A key in Markdown: type, whether it is required, what it means, allowed values, default. */
function describeKey({ name, schema, isRequired }: SchemaKey): string {
  const { description, default: fallback } = schema;
  const values = valuesOf([schema]).filter((value) => typeof value !== 'boolean');
  return [
    `**${name}** · ${typeInWords(schema)}${isRequired ? ' · required' : ''}`,
    typeof description === 'string' ? description : '',
    values.length === 0 ? '' : `Allowed: ${values.map((value) => `\`${String(value)}\``).join(', ')}`,
    fallback === undefined ? '' : `Default: \`${JSON.stringify(fallback)}\``,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function typeInWords({ type, enum: values, const: only, properties }: JsonObject): string {
  if (Array.isArray(type)) return type.filter((name) => typeof name === 'string').join(' or ');
  if (typeof type === 'string') return type;
  if (values !== undefined) return 'one of a few words';
  if (only !== undefined) return JSON.stringify(only);
  return properties === undefined ? 'any value' : 'object';
}

async function names(kind: Parameters<typeof namesOf>[0], { folder }: YamlFile, places: Places): Promise<Name[]> {
  return namesOf(kind, await looseDescriptor(folder, places), folder, places);
}

const read = new Map<string, Promise<JsonObject>>();

/** Read once a process. */
function schemaOf({ kind }: YamlFile, { schemasDir }: Places): Promise<JsonObject> {
  const path = join(schemasDir, `${kind}.schema.json`);
  const known = read.get(path) ?? readFile(path, 'utf8').then((text) => JSON.parse(text) as JsonObject); // our own file
  read.set(path, known);
  return known;
}

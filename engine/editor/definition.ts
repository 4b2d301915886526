import { join } from 'node:path';
import { isThere } from '../descriptor/open-texts.ts';
import { readYamlFile } from '../descriptor/yaml-file.ts';
import { yamlPlaceAt } from '../descriptor/yaml-place.ts';
import type { Position } from '../diagnostics/issue.ts';
import { positionAt } from '../mapping/check/place.ts';
import type { Places } from '../run/run-request.ts';
import { pointerTo } from '../json-pointer.ts';
import type { FeedFile } from './feed-file.ts';
import { type NameKind, nameKindAt } from './feed-names.ts';
import type { MappingContext } from './mapping-context.ts';
import { tokensOf } from './mapping-tokens.ts';
import { placeholderAt } from './placeholder-at.ts';

/** Where the name at an offset of a YAML file is declared: in integration.yaml, or as a file of the feed. */
export async function defineInYaml(
  text: string,
  offset: number,
  { folder }: FeedFile,
  places: Places,
): Promise<Position | undefined> {
  const placeholder = placeholderAt(text, offset);
  if (placeholder !== undefined) return declared('property', placeholder.name, folder, places);
  const place = yamlPlaceAt(text, offset);
  if (place === undefined) return undefined;
  const [first, stream = ''] = place.path;
  if (place.on === 'key' && first === 'streams' && place.path.length === 2) {
    return fileOf(folder, 'mappings', `${stream}.jsonata`, places);
  }
  const kind = nameKindAt(place.path);
  const name = text.slice(place.start, place.end).replace(/^(["'])(.*)\1$/s, '$2');
  return kind && declared(kind, name, folder, places);
}

const blocks: { readonly [Kind in NameKind]?: string } = {
  stream: '/streams',
  permission: '/permissions',
  property: '/connection/properties',
  rateLimit: '/rateLimits',
};

async function declared(kind: NameKind, name: string, folder: string, places: Places): Promise<Position | undefined> {
  if (kind === 'mapping') return fileOf(folder, 'mappings', name, places);
  if (kind === 'shape') return fileOf(folder, 'sources', name, places);
  const block = blocks[kind];
  if (block === undefined) return undefined;
  const path = join(folder, 'integration.yaml');
  const { locate } = await readYamlFile(path, path, { open: places.openTexts });
  const found = locate(block, name);
  const above = locate(block);
  // The block itself stands for a name that it does not have.
  return found.line === above.line && found.column === above.column ? undefined : found;
}

async function fileOf(folder: string, inside: string, name: string, { openTexts }: Places) {
  const file = join(folder, inside, name);
  return (await isThere(file, openTexts)) ? { file, line: 1, column: 1 } : undefined;
}

/** Where the word at an offset of a mapping comes from: a variable, a connection property, a field of the row's shape. */
export async function defineInMapping(
  text: string,
  offset: number,
  { folder, path: file }: FeedFile,
  context: MappingContext,
  places: Places,
): Promise<Position | undefined> {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'comment');
  const token = tokens.find(({ start, end, kind }) => start <= offset && offset <= end && kind !== 'sign');
  if (token?.kind === 'variable') {
    const set = tokens.findLast(
      (each, index) => each.text === token.text && each.start <= token.start && tokens[index + 1]?.text === ':=',
    );
    const shared = context.shared.find(({ name }) => `$${name}` === token.text);
    return set === undefined ? shared?.at : positionAt(text, set.start, file);
  }
  const [parent] = token?.kind === 'name' ? (context.places(text)?.names.get(token.start) ?? []) : [];
  if (token === undefined || parent === undefined) return undefined;
  if (parent.path === '$connection') return declared('property', token.text, folder, places);
  return parent.path.startsWith('$') ? undefined : fieldOf(parent.path, token.text, folder, context, places);
}

async function fieldOf(
  parent: string,
  name: string,
  folder: string,
  { stream }: MappingContext,
  { openTexts: open }: Places,
): Promise<Position | undefined> {
  const own = typeof stream.source === 'string' ? stream.source : `${stream.name}.schema.json`;
  const path = join(folder, 'sources', own);
  if (typeof stream.source === 'object' || !(await isThere(path, open))) return undefined;
  const steps = parent === '' ? [] : parent.split('.');
  const { locate } = await readYamlFile(path, path, { open }); // JSON is YAML
  return locate(pointerTo([...steps.flatMap((step) => ['properties', step]), 'properties']), name);
}

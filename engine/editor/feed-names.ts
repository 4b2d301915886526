import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openText } from '../descriptor/open-texts.ts';
import { readText } from '../descriptor/yaml-file.ts';
import { looseYaml } from '../descriptor/yaml-place.ts';
import { loadRelease, releasesIn } from '../ocsf/release.ts';
import type { Places } from '../run/run-request.ts';

/** What a name may refer to. */
export type NameKind =
  | 'stream'
  | 'permission'
  | 'property'
  | 'rateLimit'
  | 'class'
  | 'profile'
  | 'release'
  | 'mapping'
  | 'shape';

/** A name with what it stands for, in a sentence. */
export type Name = { readonly name: string; readonly about: string };

/** Where names are used, as patterns of paths in integration.yaml: `*` is any step. */
const used: readonly (readonly [kind: NameKind, pattern: string])[] = [
  ['class', 'streams/*/class'],
  ['class', 'defaults/class'],
  ['class', 'streams/*/dispatch/otherwise'],
  ['permission', 'streams/*/permissions/*'],
  ['permission', 'defaults/permissions/*'],
  ['rateLimit', 'streams/*/rateLimit'],
  ['rateLimit', 'defaults/rateLimit'],
  ['stream', 'streams/*/parent/stream'],
  ['stream', 'streams/*/derive/from'],
  ['stream', 'streams/*/deprecation/successor'],
  ['property', 'streams/*/derive/window/property'],
  ['property', 'connection/required/*'],
  ['property', 'connection/anyOf/*/required/*'],
  ['property', 'connection/*/property'], // in errors.yaml
  ['property', 'connection/*/equals'],
  ['release', 'streams/*/ocsfVersion'],
  ['release', 'ocsf/version'],
  ['profile', 'streams/*/profiles/*'],
  ['profile', 'ocsf/profiles/*'],
  ['mapping', 'streams/*/mapping'],
  ['mapping', 'streams/*/shared'],
  ['mapping', 'defaults/shared'],
  ['shape', 'streams/*/source'],
];

/** Where keys are names that are declared elsewhere. */
const usedAsKeys: readonly (readonly [kind: NameKind, pattern: string])[] = [
  ['property', 'streams/*/availableWhen'],
  ['property', 'defaults/availableWhen'],
  ['property', 'streams/*/derive/where'],
];

/** What a name at this path refers to. */
export function nameKindAt(path: readonly string[]): NameKind | undefined {
  return used.find(([, pattern]) => fits(pattern, path))?.[0];
}

/** What the keys of the block at this path refer to. */
export function keyKindAt(path: readonly string[]): NameKind | undefined {
  return usedAsKeys.find(([, pattern]) => fits(pattern, path))?.[0];
}

function fits(pattern: string, path: readonly string[]): boolean {
  const steps = pattern.split('/');
  return steps.length === path.length && steps.every((step, index) => step === '*' || step === path[index]);
}

/** integration.yaml of a feed as far as it can be read, whatever is wrong with it. */
export async function looseDescriptor(folder: string, { openTexts }: Places): Promise<unknown> {
  const path = join(folder, 'integration.yaml');
  const text = openText(path, openTexts) ?? (await readText(path, path));
  return typeof text === 'string' ? looseYaml(text) : undefined;
}

/** All names of a kind. `descriptor` is integration.yaml as it stands. */
export async function namesOf(kind: NameKind, descriptor: unknown, folder: string, places: Places): Promise<Name[]> {
  switch (kind) {
    case 'stream':
      return declared(at(descriptor, 'streams'), 'summary');
    case 'permission':
      return declared(at(descriptor, 'permissions'), 'why');
    case 'property':
      return declared(at(descriptor, 'connection', 'properties'), 'title', 'help');
    case 'rateLimit':
      return declared(at(descriptor, 'rateLimits'), 'source');
    case 'class':
    case 'profile':
      return namesOfRelease(kind, descriptor, places);
    case 'release':
      return (await releasesIn(join(places.schemasDir, 'ocsf'))).map((name) => ({ name, about: 'OCSF release' }));
    case 'mapping':
      return filesIn(join(folder, 'mappings'), '.jsonata');
    case 'shape':
      return filesIn(join(folder, 'sources'), '.json');
    default:
      return kind satisfies never;
  }
}

async function namesOfRelease(kind: 'class' | 'profile', descriptor: unknown, { schemasDir }: Places): Promise<Name[]> {
  const releases = await releasesIn(join(schemasDir, 'ocsf'));
  const asked = at(descriptor, 'ocsf', 'version');
  const version = releases.find((name) => name === asked) ?? releases.at(-1) ?? '';
  const { classes, profiles } = await loadRelease(schemasDir, version);
  const suffix = ({ deprecated }: { deprecated?: string }) =>
    deprecated === undefined ? '' : `, deprecated since ${deprecated}`;
  return kind === 'class'
    ? Object.entries(classes).map(([name, facts]) => ({
        name,
        about: `${facts.caption}, class ${facts.uid} of OCSF ${version}${suffix(facts)}`,
      }))
    : Object.entries(profiles).map(([name, { caption }]) => ({
        name,
        about: `${caption}, profile of OCSF ${version}`,
      }));
}

async function filesIn(folder: string, ending: string): Promise<Name[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(ending)).map((name) => ({ name, about: '' }));
}

function declared(block: unknown, ...keys: readonly string[]): Name[] {
  if (typeof block !== 'object' || block === null) return [];
  return Object.entries(block).map(([name, value]) => {
    const told = keys.map((key) => at(value, key)).filter((text) => typeof text === 'string');
    return { name, about: told.join('. ') };
  });
}

/** What stands in loosely read data, whatever it is. */
export function at(data: unknown, ...steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined,
    data,
  );
}

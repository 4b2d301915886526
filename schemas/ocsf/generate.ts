import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttributeFacts, ClassFacts, Objects, ReleaseFacts } from '../../engine/ocsf/facts.ts';
import { printEntries } from './print-entries.ts';
import { schemaFiles } from './schema-files.ts';

/**
 * Writes `schemas/ocsf/<version>/` from a folder of resolved OCSF facts, one sub-folder a release; from the
 * repository's root: `npm run build && node dist/schemas/ocsf/generate.js <folder>`. The same facts give the same
 * bytes. See `schemas/README.md`.
 */
const releases = ['1.1.0', '1.3.0', '1.5.0', '1.8.0'];
const target = join('schemas', 'ocsf');

const factsDir = process.argv[2];
if (factsDir === undefined) {
  console.error('Usage: node dist/schemas/ocsf/generate.js <folder with one sub-folder of facts a release>');
  process.exitCode = 2;
} else {
  for (const version of releases) await writeRelease(join(factsDir, version), join(target, version));
}

async function writeRelease(from: string, to: string): Promise<void> {
  const source = await readSource(from);
  const release = releaseFacts(source);
  const objects: Objects = mapValues(source.objects, (object) => slim(object));
  const classes = Object.values(source.classes).map((one) => slim(one));

  await rm(to, { recursive: true, force: true });
  await mkdir(join(to, 'classes'), { recursive: true });
  await mkdir(join(to, 'json-schema'));
  await writeFile(join(to, 'release.json'), printEntries(release, 2));
  await writeFile(join(to, 'objects.json'), printEntries(objects, 3));
  for (const one of classes) await writeFile(join(to, 'classes', `${one.name}.json`), printEntries(one, 2));
  for (const [name, text] of schemaFiles(release, objects, classes))
    await writeFile(join(to, 'json-schema', name), text);
  console.error(`${release.version}: ${classes.length} classes, ${Object.keys(objects).length} objects`);
}

type Source = {
  version: Pick<ReleaseFacts, 'version' | 'source' | 'extensions'>;
  categories: ReleaseFacts['categories'];
  types: ReleaseFacts['types'];
  profiles: { [name: string]: { caption: string; attributes: object } };
  observables: ReleaseFacts['observables'];
  classes: { [name: string]: ClassFacts };
  objects: Objects;
};

async function readSource(dir: string): Promise<Source> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(dir, `${name}.json`), 'utf8'));
  const names = ['version', 'categories', 'types', 'profiles', 'observables', 'classes', 'objects'];
  const entries = await Promise.all(names.map(async (name) => [name, await read(name)] as const));
  // The facts folder is ours and documented; a wrong shape shows at once in the diff of what is generated.
  return Object.fromEntries(entries) as Source;
}

function releaseFacts(source: Source): ReleaseFacts {
  return {
    version: source.version.version,
    source: source.version.source,
    extensions: source.version.extensions,
    categories: source.categories,
    types: source.types,
    profiles: mapValues(source.profiles, ({ caption, attributes }) => ({
      caption,
      attributes: Object.keys(attributes),
    })),
    observables: source.observables,
    classes: mapValues(source.classes, ({ uid, caption, deprecated }) => ({
      uid,
      caption,
      ...(deprecated !== undefined && { deprecated }),
    })),
  };
}

/** Leaves out what neither the engine nor a schema uses: parents, associations, groups. */
function slim<Shape extends ClassFacts | Objects[string]>(shape: Shape): Shape {
  const unused = new Set(['extends', 'associations', 'category_name', 'attributes']);
  const own = Object.entries(shape).filter(([key]) => !unused.has(key));
  // Only optional keys are left out, so the shape is still one.
  return { ...Object.fromEntries(own), attributes: mapValues(shape.attributes, withoutGroup) } as Shape;
}

function withoutGroup(attribute: AttributeFacts & { group?: string }): AttributeFacts {
  const copy = { ...attribute };
  delete copy.group;
  return copy;
}

function mapValues<From, To>(values: { readonly [key: string]: From }, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

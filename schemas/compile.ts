import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDescriptor } from '../engine/descriptor/read-descriptor.ts';
import { prepareClass } from '../engine/ocsf/prepare-class.ts';
import { type SchemaSet, writeCompiled } from '../engine/schema/compiled-schemas.ts';

/**
 * The schemas that the build compiles, so that no start has to: those of our own files, and the classes of the
 * integrations in `integrationsDir` at the release and with the profiles their streams name.
 */
export async function shippedSchemas(integrationsDir: string, schemasDir: string): Promise<SchemaSet[]> {
  return [...(await ownSchemas(schemasDir)), ...(await classSchemas(integrationsDir, schemasDir))];
}

async function ownSchemas(schemasDir: string): Promise<SchemaSet[]> {
  const files = (await readdir(schemasDir)).filter((name) => name.endsWith('.schema.json')).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(schemasDir, name), 'utf8')));
  return texts.map((text) => ({ schema: JSON.parse(text) as object, related: [] })); // our own files
}

async function classSchemas(integrationsDir: string, schemasDir: string): Promise<SchemaSet[]> {
  const folders = (await readdir(integrationsDir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const read = await Promise.all(folders.map(({ name }) => readDescriptor(join(integrationsDir, name), schemasDir)));
  // A descriptor with mistakes is told by `sluice validate`, and a stream's unknown class as well; the build goes on.
  const streams = read.flatMap(({ descriptor }) => descriptor?.streams ?? []);
  const prepared = await Promise.all(
    streams.map(({ ocsf }) => prepareClass(schemasDir, ocsf.version, ocsf.class, ocsf.profiles).catch(() => undefined)),
  );
  return prepared.filter((one) => one !== undefined).map(({ schemas }) => schemas);
}

/** `node dist/schemas/compile.js`, from the repository's root; part of `npm run build`. */
if (process.argv[1]?.endsWith(join('schemas', 'compile.js')) === true) {
  await writeCompiled(await shippedSchemas('integrations', 'schemas'));
}

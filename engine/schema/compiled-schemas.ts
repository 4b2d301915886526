import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ValidateFunction } from 'ajv';
import { madeBy, writeWithAjv } from './ajv.ts';

/** Schemas compiled at build, one module each, beside this file once it is compiled itself. */
const folder = fileURLToPath(new URL('compiled/', import.meta.url));

/** A schema and those its `$ref`s may lead to. */
export type SchemaSet = { readonly schema: object; readonly related: readonly object[] };

const require = createRequire(import.meta.url);

/** What the build made of exactly this schema; `undefined` if it was not compiled then. */
export function findCompiled(set: SchemaSet, from = folder): ValidateFunction | undefined {
  const file = join(from, fileName(set));
  // The build has written the file from what ajv gave for this very schema.
  return existsSync(file) ? (require(file) as ValidateFunction) : undefined;
}

/** Compiles the schemas into the folder of those made at build, and takes away all others there. */
export async function writeCompiled(sets: readonly SchemaSet[], into = folder): Promise<void> {
  await mkdir(into, { recursive: true });
  const wanted = new Map(sets.map((set) => [fileName(set), set]));
  for (const name of await readdir(into)) if (!wanted.has(name)) await rm(join(into, name));
  const firstLine = `// ${madeBy()}`;
  for (const [name, { schema, related }] of wanted) {
    const file = join(into, name);
    if (await startsWith(file, firstLine)) continue; // compiling takes a quarter of a second
    await writeFile(file, `${firstLine}\n${writeWithAjv(schema, related)}\n`);
  }
}

/** Named after what is in the schema, so that a module can never stand for another one. */
function fileName({ schema, related }: SchemaSet): string {
  return `${createHash('sha256')
    .update(JSON.stringify([schema, related]))
    .digest('hex')}.cjs`;
}

async function startsWith(file: string, line: string): Promise<boolean> {
  return existsSync(file) && (await readFile(file, 'utf8')).startsWith(line);
}

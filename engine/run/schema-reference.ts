import { access } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

const file = 'descriptor.schema.json';
const installed = join('node_modules', 'sluice', 'schemas', file);

/**
 * The path, relative to an integration's folder, by which an editor finds the descriptor's schema: in the package as the
 * folder's repository has it installed, or in Sluice's own tree where the folder lies in it. Where neither is found, the
 * place where an install would put it, in the nearest folder with a package.json or a .git.
 */
export async function schemaReference(folder: string, schemasDir: string): Promise<string> {
  const above = parentsOf(folder);
  const withPackage = await first(above, (parent) => exists(join(parent, installed)));
  if (withPackage !== undefined) return portable(relative(folder, join(withPackage, installed)));
  if (above.includes(dirname(schemasDir))) return portable(relative(folder, join(schemasDir, file)));
  const root = await first(
    above,
    async (parent) => (await exists(join(parent, 'package.json'))) || exists(join(parent, '.git')),
  );
  return portable(relative(folder, join(root ?? dirname(dirname(folder)), installed)));
}

/** The folders above, the nearest first. */
function parentsOf(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...parentsOf(parent)];
}

async function first(
  folders: readonly string[],
  fits: (folder: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const folder of folders) if (await fits(folder)) return folder;
  return undefined;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Read on every system: a modeline is committed. */
function portable(path: string): string {
  return path.replaceAll('\\', '/');
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Plugin, settings } from '@oclif/core';

/**
 * All commands with their flags and help, as `oclif.manifest.json` keeps them at the root. With it a start loads the
 * one command that was asked for; without it, every command there is.
 */
export async function commandManifest(root: string): Promise<Plugin['manifest']> {
  settings.enableAutoTranspile = false; // the commands are compiled; without this oclif looks for TypeScript first
  const plugin = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true });
  await plugin.load();
  return plugin.manifest;
}

/** `node dist/bin/write-manifest.js`, from the repository's root; part of `npm run build`. */
if (process.argv[1]?.endsWith(join('bin', 'write-manifest.js')) === true) {
  await writeFile('oclif.manifest.json', `${JSON.stringify(await commandManifest(process.cwd()), null, 2)}\n`);
}

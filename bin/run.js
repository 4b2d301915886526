#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { refuseOldNode } from './node-version.js';

refuseOldNode();
const isHere = (path) => existsSync(new URL(`../${path}`, import.meta.url));
if (isHere('tsconfig.json') && !(isHere('node_modules') && isHere('dist/bin/commands'))) {
  console.error('Sluice is not built yet. In its folder, run: node bin/prepare.js');
  process.exit(2);
}

const { handle, run, settings } = await import('@oclif/core');
settings.enableAutoTranspile = false; // the commands are compiled; without this oclif looks for TypeScript first
// Not oclif's `execute`: it gives a slow reader of standard output ten seconds, then fails.
await run(process.argv.slice(2), import.meta.url).catch(handle);

#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { importOclif } from './hardened-node.js';
import { refuseOldNode } from './node-version.js';

refuseOldNode();
// Node keeps what it compiled for the next start, from 22.1 on.
nodeModule.enableCompileCache?.();
if (['run', 'sandbox', 'worker'].includes(process.argv[2])) {
  // Pages come and go by the megabyte; V8 would let their remains pile up to several times what is in use before it looks.
  setFlagsFromString('--heap-growing-percent=80');
} else if (process.versions.node.startsWith('20.')) {
  // A command that is over in half a second does not live to see what V8 optimises for it: a third of its work, saved.
  // Later versions of V8 do not know this flag, and say so on standard error.
  setFlagsFromString('--interrupt-budget=3000000');
}
const isHere = (path) => existsSync(new URL(`../${path}`, import.meta.url));
if (isHere('tsconfig.json') && !(isHere('node_modules') && isHere('dist/bin/commands'))) {
  console.error('Sluice is not built yet. In its folder, run: node bin/prepare.js');
  process.exit(2);
}

// Node's version is checked above; oclif would load some fifty files to check it again.
process.env.OCLIF_DISABLE_ENGINE_WARNING = '1';
const { handle, run, settings } = await importOclif();
settings.enableAutoTranspile = false; // the commands are compiled; without this oclif looks for TypeScript first
// Not oclif's `execute`: it gives a slow reader of standard output ten seconds, then fails.
await run(process.argv.slice(2), import.meta.url).catch(handle);

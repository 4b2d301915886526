/**
 * What `npm run build` does: compiles the sources into `dist`, then writes what a start would otherwise work out each time:
 * the checks of the schemas we ship, and the list of commands. Ends with the exit code of the first step that fails.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
  [join('dist', 'schemas', 'compile.js')],
  [join('dist', 'bin', 'write-manifest.js')],
];

for (const step of steps) {
  // Standard output is for data: what a step prints goes to standard error.
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

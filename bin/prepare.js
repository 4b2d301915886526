/**
 * Installs and builds what is missing, so that `npm start` and `npm test` work on a fresh clone. Says nothing and does
 * nothing when all is up to date. Node's own modules only: this runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from './node-version.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = join(root, 'dist');
const builtFrom = join(built, '.built-from');

refuseOldNode();
if (!isInstalled()) install();
const sources = fingerprintOfSources();
if (!isBuiltFrom(sources)) build(sources);

/** npm keeps its own account of what it installed; it is written last, so an interrupted install has none. */
function isInstalled() {
  const account = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = readPackages(join(root, 'package-lock.json'));
  const present = readPackages(account);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true; // the project itself
    const found = present[path];
    return found === undefined ? entry.optional === true : found.integrity === entry.integrity;
  });
}

function readPackages(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}

function install() {
  say('Installing packages (npm ci) …');
  // Under `npm start` npm tells where it lies; the compiler is a development package, wanted under NODE_ENV=production too.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const ended = npm?.endsWith('.js') ? call(process.execPath, [npm, ...args]) : call('npm', args);
  if (!ended) fail('npm ci did not succeed; its own words stand above. Sluice needs a package registry once.');
}

function fingerprintOfSources() {
  const hash = createHash('sha256');
  for (const file of sourceFiles())
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function sourceFiles() {
  const files = ['bin', 'engine', 'schemas', join('test', 'bench')].flatMap((folder) => filesBelow(join(root, folder)));
  const settings = ['bin/build.js', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  return [
    ...files.filter((file) => file.endsWith('.ts')),
    ...filesBelow(join(root, 'schemas')).filter(
      (file) => file.endsWith('.schema.json') && !file.includes('json-schema'),
    ),
    ...filesBelow(join(root, 'integrations')).filter((file) => file.endsWith('integration.yaml')),
    ...settings.map((name) => join(root, name)),
  ].sort();
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function isBuiltFrom(fingerprint) {
  return existsSync(builtFrom) && readFileSync(builtFrom, 'utf8') === fingerprint;
}

function build(fingerprint) {
  say('Building …');
  rmSync(builtFrom, { force: true }); // a failing build leaves its output: no earlier source stands for it any more
  removeOrphans();
  if (!call(process.execPath, [join(root, 'bin', 'build.js')])) {
    fail('The build did not succeed; its own words stand above.');
  }
  writeFileSync(builtFrom, fingerprint);
}

/** A command whose source was deleted or renamed would otherwise still be offered. */
function removeOrphans() {
  for (const file of filesBelow(built)) {
    const source = join(root, relative(built, file)).replace(/(\.d\.ts|\.js)$/, '.ts');
    if (/\.(d\.ts|js)$/.test(file) && !existsSync(source)) rmSync(file);
  }
}

/** Everything the child prints goes to standard error: the caller's standard output is for data. */
function call(command, args) {
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' && command === 'npm' };
  return spawnSync(command, args, options).status === 0;
}

function say(sentence) {
  console.error(sentence);
}

function fail(sentence) {
  say(sentence);
  process.exit(2);
}

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error plain JavaScript, because it runs before anything is built
import { isRecentEnough } from '../../bin/node-version.js';

const repository = join(import.meta.dirname, '..', '..');

describe('preparing a clone', () => {
  it('installs when nothing is installed, and says so', () => {
    const { folder, prepare, npmCalls } = clone({ installed: false });

    const { stderr } = prepare();

    expect(npmCalls()).toEqual(['ci --include=dev --no-audit --no-fund']);
    expect(stderr).toContain('Installing packages');
    expect(existsSync(join(folder, 'dist', 'engine', 'index.js'))).toBe(true);
  });

  it('installs again when a package of the lockfile is another one than installed', () => {
    const { folder, prepare, npmCalls } = clone({ installed: true });
    writeLockfile(folder, 'package-lock.json', 'sha512-newer');

    prepare();

    expect(npmCalls()).toHaveLength(1);
  });

  it('does nothing and says nothing the second time', () => {
    const { folder, prepare, npmCalls } = clone({ installed: true });
    prepare();
    const output = join(folder, 'dist', 'engine', 'index.js');
    const { mtimeMs } = statSync(output);

    const second = prepare();

    expect(second).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(statSync(output).mtimeMs).toBe(mtimeMs);
    expect(npmCalls()).toEqual([]);
  });

  it('builds again when a source changed', () => {
    const { folder, prepare } = clone({ installed: true });
    prepare();
    writeFileSync(join(folder, 'engine', 'index.ts'), 'export const answer = 43;\n');

    prepare();

    expect(readFileSync(join(folder, 'dist', 'engine', 'index.js'), 'utf8')).toContain('43');
  });

  it('takes away what was built from a source that is gone', () => {
    const { folder, prepare } = clone({ installed: true });
    const command = join(folder, 'bin', 'old.ts');
    writeFileSync(command, 'export const old = true;\n');
    prepare();
    rmSync(command);

    prepare();

    expect(existsSync(join(folder, 'dist', 'bin', 'old.js'))).toBe(false);
  });

  it('ends with exit code 2 and the compiler’s words when a source is wrong, and tries again next time', () => {
    const { folder, prepare } = clone({ installed: true });
    writeFileSync(join(folder, 'engine', 'index.ts'), 'export const answer: string = 42;\n');

    const attempts = [prepare(), prepare()];

    for (const { status, stderr } of attempts) {
      expect(status).toBe(2);
      expect(stderr).toContain('engine/index.ts');
    }
  });
});

describe('after a build that failed', () => {
  it('builds again, also when the source is back to what was built before', () => {
    const { folder, prepare } = clone({ installed: true });
    const source = join(folder, 'engine', 'index.ts');
    prepare();
    writeFileSync(source, 'export const answer: string = 43;\n');
    prepare();
    writeFileSync(source, 'export const answer = 42;\n');

    const { status } = prepare();

    expect(status).toBe(0);
    expect(readFileSync(join(folder, 'dist', 'engine', 'index.js'), 'utf8')).toContain('42');
  });
});

describe('the oldest Node', () => {
  it.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['24.1.0', true],
  ])('%s: %s', (version, enough) => {
    expect((isRecentEnough as (version: string) => boolean)(version)).toBe(enough);
  });
});

/** A small project with our own prepare.js, an npm that only notes how it was called, and the real compiler. */
function clone({ installed }: { installed: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clone-'));
  for (const name of [
    'bin/prepare.js',
    'bin/build.js',
    'bin/node-version.js',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ]) {
    cpSync(join(repository, name), join(folder, name));
  }
  mkdirSync(join(folder, 'engine'));
  writeFileSync(join(folder, 'engine', 'index.ts'), 'export const answer = 42;\n');
  // What the build does after the compiler is tested in build.test.ts.
  mkdirSync(join(folder, 'schemas'));
  for (const step of ['schemas/compile.ts', 'bin/write-manifest.ts']) writeFileSync(join(folder, step), 'export {};\n');
  writeLockfile(folder, 'package-lock.json', 'sha512-same');

  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of ['typescript', '@types', 'undici-types']) {
    symlinkSync(join(repository, 'node_modules', name), join(modules, name));
  }
  if (installed) writeLockfile(folder, 'node_modules/.package-lock.json', 'sha512-same');

  const notes = join(folder, 'npm-calls');
  const npm = join(folder, 'npm.js');
  writeFileSync(
    npm,
    `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(notes)}, process.argv.slice(2).join(' ') + '\\n');\n`,
  );
  return {
    folder,
    prepare: () =>
      spawnSync(process.execPath, [join(folder, 'bin', 'prepare.js')], {
        encoding: 'utf8',
        env: { ...process.env, npm_execpath: npm },
      }),
    npmCalls: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []),
  };
}

function writeLockfile(folder: string, name: string, integrity: string): void {
  const packages = { 'node_modules/some-package': { version: '1.0.0', integrity } };
  writeFileSync(join(folder, name), JSON.stringify({ lockfileVersion: 3, packages }));
}

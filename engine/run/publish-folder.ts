import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CannotRunError } from '../diagnostics/engine-error.ts';
import type { Issue } from '../diagnostics/issue.ts';
import type { FeedFiles } from '../scaffold/write-feed.ts';
import { readGuide } from './read-guide.ts';
import type { CaseResult } from './requests.ts';
import { runCases } from './run-cases.ts';
import { validateIntegration } from './validate-integration.ts';

/** A new folder, and what is to be said of it. */
export type Published = {
  readonly folder: string;
  /** Paths inside the folder. */
  readonly files: readonly string[];
  /** What `validate` says of it. */
  readonly issues: readonly Issue[];
  /** What `test` says of it; nothing while `validate` finds errors. */
  readonly cases: readonly CaseResult[];
};

/**
 * Writes a folder beside its place, so that one under its own name is always whole, and validates and tests it. Throws a
 * `CannotRunError`: `new/exists`, `new/write-failed`.
 */
export async function publishFolder(
  folder: string,
  name: string,
  files: FeedFiles,
  schemasDir: string,
): Promise<Published> {
  const dir = dirname(folder);
  try {
    await mkdir(dir, { recursive: true });
    const aside = await mkdtemp(join(dir, '.sluice-new-'));
    try {
      const draftFolder = join(aside, name);
      await writeFiles(draftFolder, files);
      const places = { integrationsDirs: [aside], schemasDir };
      if (await isValid(places, name)) {
        // The mappings say what the cases expect.
        await runCases({ places, update: true });
        const guide = await readGuide(places, name);
        await writeFile(guide.file, guide.markdown);
      }
      await refuseExisting(folder);
      await rename(draftFolder, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return await described(name, folder, schemasDir);
  } catch (cause) {
    if (cause instanceof CannotRunError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new CannotRunError('new/write-failed', `${folder} could not be written: ${cause.message}.`, {
      hint: 'Check that the folder may be written, or give another with --dir.',
      cause,
    });
  }
}

/** What a draft lacks before its cases ran is no fault. */
async function isValid(places: { integrationsDirs: string[]; schemasDir: string }, name: string): Promise<boolean> {
  const { issues } = await validateIntegration(places, name);
  return !issues.some(({ severity, code }) => severity === 'error' && code.startsWith('descriptor/'));
}

/** Throws `new/bad-name`. */
export function checkName(name: string, what: 'integration' | 'stream'): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return;
  const meant = name
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  throw new CannotRunError('new/bad-name', `"${name}" cannot name ${what === 'stream' ? 'a' : 'an'} ${what}.`, {
    hint: `A name has small letters, digits and single hyphens, and begins with a letter${meant === '' ? '.' : `: "${meant}".`}`,
  });
}

/** Throws `new/exists`. */
export async function refuseExisting(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  throw new CannotRunError('new/exists', `${folder} is there already, and nothing is ever overwritten.`, {
    hint: 'Take another name, give another folder with --dir, or move the old one away.',
  });
}

async function writeFiles(folder: string, files: FeedFiles): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();
}

/** Checks the new folder as `validate` and `test` do. */
async function described(name: string, folder: string, schemasDir: string): Promise<Published> {
  const places = { integrationsDirs: [dirname(folder)], schemasDir };
  const { issues } = await validateIntegration(places, name);
  const isBroken = issues.some(({ severity, code }) => severity === 'error' && code.startsWith('descriptor/'));
  return {
    folder,
    files: await filesIn(folder),
    issues,
    cases: isBroken ? [] : await runCases({ places, integrations: [name] }),
  };
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openText, type OpenTexts, withOpenNames } from '../descriptor/open-texts.ts';

/** The files of a feed beside its two YAML files, as far as checks look at them. */
export type FeedFiles = {
  readonly folder: string;
  /** Names under `mappings/` and `derivations/`. */
  readonly mappings: readonly string[];
  readonly derivations: readonly string[];
  /** The texts of both. */
  readonly expressions: readonly string[];
  /** Folders under `cases/`, one a stream. */
  readonly caseFolders: readonly string[];
};

export async function readFeedFiles(folder: string, open?: OpenTexts): Promise<FeedFiles> {
  const [mappings, derivations, caseFolders] = await Promise.all([
    jsonataIn(join(folder, 'mappings'), open),
    jsonataIn(join(folder, 'derivations'), open),
    foldersIn(join(folder, 'cases')),
  ]);
  const paths = [
    ...mappings.map((name) => join(folder, 'mappings', name)),
    ...derivations.map((name) => join(folder, 'derivations', name)),
  ];
  const expressions = await Promise.all(
    paths.map(async (path) => openText(path, open) ?? (await readFile(path, 'utf8'))),
  );
  return { folder, mappings, derivations, expressions, caseFolders };
}

async function jsonataIn(folder: string, open: OpenTexts | undefined): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const saved = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  return withOpenNames(saved, folder, open).filter((name) => name.endsWith('.jsonata'));
}

/** Names of the folders in a folder, in order; none where there is no such folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}

import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** What an editor holds open and may not have saved: absolute path → text, which stands in place of the file's own. */
export type OpenTexts = ReadonlyMap<string, string>;

export function openText(path: string, open: OpenTexts | undefined): string | undefined {
  return open?.get(resolve(path));
}

/** Whether there is such a file, be it only in an editor. */
export async function isThere(path: string, open?: OpenTexts): Promise<boolean> {
  if (openText(path, open) !== undefined) return true;
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The names of the files in a folder: the saved ones, given, and those that are only in an editor. */
export function withOpenNames(saved: readonly string[], folder: string, open: OpenTexts | undefined): string[] {
  const unsaved = [...(open?.keys() ?? [])].filter((path) => dirname(path) === resolve(folder));
  return [...new Set([...saved, ...unsaved.map((path) => basename(path))])].sort();
}

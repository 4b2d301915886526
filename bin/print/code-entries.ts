import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shortPath } from '../../engine/index.ts';

/** What the page of codes says of one. */
export type CodeEntry = {
  readonly means: string;
  readonly act: string;
  /** To the row of the page: an address where the package names its repository, else a path. */
  readonly link: string;
};

const page = 'engine/diagnostics/README.md';
const row = /^\| <a id="([^"]+)"><\/a>`([^`]+)` \| (.+?) \| (.+) \|$/gm;

/** The page of codes, by code. `root` is where the package lies; `repository` its address on the web, if it has one. */
export function readCodeEntries(root: string, repository: string | undefined): ReadonlyMap<string, CodeEntry> {
  const file = join(root, page);
  const base = repository === undefined ? shortPath(file) : `${repository}/blob/HEAD/${page}`;
  const entries = [...readFileSync(file, 'utf8').matchAll(row)].map(
    ([, anchor = '', code = '', means = '', act = '']): [string, CodeEntry] => [
      code,
      { means, act, link: `${base}#${anchor}` },
    ],
  );
  return new Map(entries);
}

/** The web address in the `repository` of a package.json, which may be a text or a block, with `git+` and `.git` around. */
export function repositoryUrl(repository: unknown): string | undefined {
  const url =
    typeof repository === 'object' && repository !== null && 'url' in repository ? repository.url : repository;
  const address = typeof url === 'string' ? url.replace(/^git\+/, '').replace(/\.git$/, '') : '';
  return address.startsWith('https://') ? address : undefined;
}

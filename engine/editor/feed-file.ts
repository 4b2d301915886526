import { dirname, join, relative, resolve } from 'node:path';
import { isThere, type OpenTexts } from '../descriptor/open-texts.ts';

/** A file of a feed, by what it is. */
export type FeedFile = {
  /** The feed's folder, absolute. */
  readonly folder: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: 'descriptor' | 'errors' | 'setup' | 'sandbox' | 'dispatch' | 'mapping' | 'derivation' | 'other';
};

/** Cases lie deepest: cases/<stream>/<case>/source.json. */
const mostLevels = 4;

/** The feed a file belongs to, found by the nearest `integration.yaml` above it; `undefined` if it belongs to none. */
export async function findFeedFile(file: string, open?: OpenTexts): Promise<FeedFile | undefined> {
  const path = resolve(file);
  let folder = dirname(path);
  for (let level = 0; level < mostLevels; level++) {
    if (await isThere(join(folder, 'integration.yaml'), open)) return { folder, path, kind: kindOf(folder, path) };
    folder = dirname(folder);
  }
  return undefined;
}

const kinds: { readonly [path: string]: FeedFile['kind'] } = {
  'integration.yaml': 'descriptor',
  'errors.yaml': 'errors',
  'setup.yaml': 'setup',
  'sandbox/sandbox.yaml': 'sandbox',
};

function kindOf(folder: string, path: string): FeedFile['kind'] {
  const inside = relative(folder, path).replaceAll('\\', '/');
  if (/^mappings\/[^/]+\.jsonata$/.test(inside)) return 'mapping';
  if (/^derivations\/[^/]+\.jsonata$/.test(inside)) return 'derivation';
  if (/^dispatch\/[^/]+\.yaml$/.test(inside)) return 'dispatch';
  return kinds[inside] ?? 'other';
}

import { isAbsolute, relative } from 'node:path';

/** A path as people are told it: relative to where they stand, if it lies below. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

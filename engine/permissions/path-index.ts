import { didYouMean } from '../diagnostics/did-you-mean.ts';
import { type PathPart, pathParts } from './path-parts.ts';
import type { Access, VendorCatalogue } from './vendor-catalogue.ts';

/** A vendor catalogue, ready to be asked. */
export type PathIndex = {
  readonly title: string;
  /**
   * The entry for a path, with or without its version. A literal part is preferred to a value, and a function with the
   * same arguments to one whose arguments the catalogue leaves out.
   */
  find(path: string): Access | undefined;
  /** A path that differs in one part only, by a slip of the keyboard or by its arguments. */
  nearest(path: string): string | undefined;
};

type Known = { readonly path: string; readonly parts: readonly string[]; readonly access: Access };

export function indexPaths({ title, versions, entries }: VendorCatalogue): PathIndex {
  // A catalogue has thousands of paths and a descriptor asks for ten: only what begins alike is cut into parts.
  const byHead = new Map<string, { path: string; access: Access }[]>();
  for (const { paths, ...access } of entries) {
    for (const path of paths) {
      const sameHead = byHead.get(headOf(path));
      if (sameHead === undefined) byHead.set(headOf(path), [{ path, access }]);
      else sameHead.push({ path, access });
    }
  }
  const cut = new Map<string, Known[]>();
  const known = (head: string): Known[] => {
    const found = cut.get(head) ?? (byHead.get(head) ?? []).map((one) => ({ ...one, parts: textsOf(one.path) }));
    cut.set(head, found);
    return found;
  };
  const asked = (path: string) => withoutVersion(pathParts(path), versions);
  return {
    title,
    find(path) {
      const parts = asked(path);
      const candidates = known(withoutArguments(parts[0]?.text ?? ''));
      for (const wanted of spellings(parts)) {
        const found = bestOf(candidates, wanted);
        if (found !== undefined) return found.access;
      }
      return undefined;
    },
    nearest(path) {
      const wanted = asked(path).map(({ text }) => text);
      return [...byHead.keys()].flatMap(known).find(({ parts }) => isSlip(parts, wanted))?.path;
    },
  };
}

function headOf(path: string): string {
  return withoutArguments(path.split('/', 2)[1] ?? '');
}

function withoutArguments(part: string): string {
  return part.replace(/\(.*$/, '');
}

function textsOf(path: string): string[] {
  return pathParts(path).map(({ text }) => text);
}

/** No path begins with a value, so a value at the beginning stands for the version. */
function withoutVersion(parts: readonly PathPart[], versions: readonly string[]): readonly PathPart[] {
  const [first] = parts;
  return first !== undefined && ['{}', ...versions].includes(first.text) ? parts.slice(1) : parts;
}

/** The path with each function as it is called; as a list and its key, which look like one; and without arguments. */
function spellings(parts: readonly PathPart[]): string[][] {
  return parts.reduce<string[][]>(
    (begun, { text, bare }) =>
      (bare === undefined ? [[text]] : [[text], [`${bare}()`, '{}'], [`${bare}()`]]).flatMap((end) =>
        begun.map((start) => [...start, ...end]),
      ),
    [[]],
  );
}

function bestOf(candidates: readonly Known[], wanted: readonly string[]): Known | undefined {
  const [best] = candidates
    .filter(({ parts }) => fits(parts, wanted))
    .sort((one, other) => valuesEarly(one) - valuesEarly(other));
  return best;
}

function fits(pattern: readonly string[], wanted: readonly string[]): boolean {
  return pattern.length === wanted.length && pattern.every((part, index) => fitsPart(part, wanted[index] ?? ''));
}

/** A value may be written out in the descriptor; a call of a function is no value. */
function fitsPart(pattern: string, wanted: string): boolean {
  if (pattern === wanted || `${pattern}()` === wanted) return true;
  const [before = '', after, ...more] = pattern.split('{}');
  if (after === undefined || more.length > 0 || pattern.includes('(') || wanted.includes('(')) return false;
  return wanted.length > before.length + after.length && wanted.startsWith(before) && wanted.endsWith(after);
}

function isSlip(pattern: readonly string[], wanted: readonly string[]): boolean {
  if (pattern.length !== wanted.length) return false;
  const [index, ...more] = pattern.flatMap((part, at) => (fitsPart(part, wanted[at] ?? '') ? [] : [at]));
  if (index === undefined || more.length > 0) return false;
  const [known = '', given = ''] = [pattern[index], wanted[index]];
  return withoutArguments(known) === withoutArguments(given) || didYouMean(given, [known]) !== undefined;
}

/** The more, the earlier a value stands where a literal could. */
function valuesEarly({ parts }: Known): number {
  return parts.reduce((sum, part, index) => (part.includes('{}') ? sum + 2 ** (parts.length - index) : sum), 0);
}

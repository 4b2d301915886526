import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalPath } from '../../engine/permissions/path-parts.ts';
import type { Access, CatalogueEntry, Openers, VendorCatalogue } from '../../engine/permissions/vendor-catalogue.ts';

/**
 * Writes `schemas/vendors/microsoft-graph/catalogue.json` from a file of facts, path → access; from the repository's
 * root: `npm run build && node dist/schemas/vendors/generate-microsoft-graph.js <file>`. The same facts give the same
 * bytes. See `README.md` beside the catalogue.
 */
const target = join('schemas', 'vendors', 'microsoft-graph');

const facts = process.argv[2];
if (facts === undefined) {
  console.error('Usage: node dist/schemas/vendors/generate-microsoft-graph.js <file of paths and permissions>');
  process.exitCode = 2;
} else {
  // The file is documented, and a wrong shape shows at once in the diff of what is generated.
  const paths = JSON.parse(await readFile(facts, 'utf8')) as { [path: string]: Access };
  const catalogue = toCatalogue(paths);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, 'catalogue.json'), print(catalogue));
  console.error(`${Object.keys(paths).length} paths read, ${catalogue.entries.length} entries written`);
}

function toCatalogue(paths: { readonly [path: string]: Access }): VendorCatalogue {
  const entries = new Map<string, { access: Access; paths: string[] }>();
  for (const [path, access] of bySpelling(paths)) {
    const key = JSON.stringify(access);
    const entry = entries.get(key);
    if (entry === undefined) entries.set(key, { access, paths: [path] });
    else entry.paths.push(path);
  }
  return {
    title: "Microsoft Graph's permission map",
    versions: ['v1.0', 'beta'],
    entries: [...entries.values()].map((entry) => ({ ...entry.access, paths: entry.paths })),
  };
}

/** In the order of the alphabet; paths that differ only in how a value is called become one. */
function bySpelling(paths: { readonly [path: string]: Access }): [path: string, access: Access][] {
  const merged = new Map<string, Access>();
  for (const [path, access] of Object.entries(paths)) {
    // What holds for one filter of a list says nothing of the list.
    if (path.includes('?')) continue;
    const spelt = readable(canonicalPath(path));
    merged.set(spelt, merge(merged.get(spelt), access));
  }
  return [...merged].sort(([one], [other]) => (one < other ? -1 : 1));
}

function readable(path: string): string {
  return path.replaceAll('={}', '={value}').replaceAll('{}', '{id}');
}

function merge(one: Access | undefined, other: Access): Access {
  const application = mergeOpeners(one?.application, other.application);
  const delegated = mergeOpeners(one?.delegated, other.delegated);
  return { ...(application !== undefined && { application }), ...(delegated !== undefined && { delegated }) };
}

/** The vendor calls each of them least for some case that the path does not tell. */
function mergeOpeners(one: Openers | undefined, other: Openers | undefined): Openers | undefined {
  if (one === undefined && other === undefined) return undefined;
  return { least: union(one?.least, other?.least), any: union(one?.any, other?.any) };
}

function union(one: readonly string[] = [], other: readonly string[] = []): string[] {
  return [...new Set([...one, ...other])].sort();
}

/** One kind of token a line and one path a line, so that a diff shows what the vendor changed. */
function print({ title, versions, entries }: VendorCatalogue): string {
  const head = `"title": ${JSON.stringify(title)},\n"versions": ${JSON.stringify(versions)},\n`;
  return `{\n${head}"entries": [\n${entries.map(printEntry).join(',\n')}\n]\n}\n`;
}

function printEntry({ paths, ...access }: CatalogueEntry): string {
  const openers = Object.entries(access).map(
    ([kind, value]) => ` ${JSON.stringify(kind)}: ${JSON.stringify(value)},\n`,
  );
  return `{\n${openers.join('')} "paths": [\n${paths.map((path) => `  ${JSON.stringify(path)}`).join(',\n')}\n ]\n}`;
}

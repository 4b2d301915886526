import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { pathTo, rootPath } from './source-field.ts';
import type { SourceSchema } from './source-schema.ts';
import { report, type Walk } from './walk.ts';

/** Reports names that neither the source record nor the bindings have, and source fields that go nowhere. */
export function checkSource(walk: Walk, source: SourceSchema | undefined, recordAt: number): void {
  checkUnknown(walk);
  if (source === undefined) return;
  checkListed(walk, source);
  for (const path of walk.reads.unused(source, rootPath, pathTo)) {
    const listedAt = walk.reads.listed.get(path);
    report(walk, {
      code: 'mapping/unused-source-field',
      severity: 'warning',
      at: listedAt ?? recordAt,
      message:
        listedAt === undefined
          ? `The source field ${path} is neither mapped nor kept under unmapped.`
          : `The source field ${path} is kept out of unmapped here, but nothing maps it.`,
      hint: 'Map it, or keep it under unmapped.',
    });
  }
}

/** Reports names that neither the source record nor the bindings have. */
export function checkUnknown(walk: Walk): void {
  for (const { at, name, parents } of walk.reads.unknown()) {
    const known = parents.flatMap(({ schema }) => [...(schema.fields?.keys() ?? [])]);
    const near = didYouMean(name, known);
    const [parent] = parents;
    const isBinding = parent?.path.startsWith('$') === true;
    const owner = parent === undefined || parent.path === rootPath ? 'The source record' : parent.path;
    report(walk, {
      code: isBinding ? 'mapping/unknown-name' : 'mapping/unknown-source-field',
      at,
      message: `${owner} has no field "${name}".`,
      hint: near === undefined ? fewNames(known) : `Did you mean "${near}"?`,
    });
  }
}

const mostListed = 12;

/** What there is, unless that is too much to read. */
function fewNames(known: readonly string[]): string {
  const names = [...new Set(known)].sort();
  const isMany = names.length === 0 || names.length > mostListed;
  return isMany ? 'Declare it, if the vendor sends it.' : `There is: ${names.join(', ')}.`;
}

/** Names in the list of what a `$sift` keeps out of unmapped. */
function checkListed(walk: Walk, { fields }: SourceSchema): void {
  const known = [...(fields?.keys() ?? [])];
  for (const [name, at] of walk.reads.listed) {
    const near = didYouMean(name, known);
    if (known.includes(name) || near === undefined) continue;
    report(walk, {
      code: 'mapping/unknown-source-field',
      at,
      message: `The source record has no field "${name}".`,
      hint: `Did you mean "${near}"?`,
    });
  }
}

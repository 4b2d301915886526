import { prepareClass } from '../ocsf/prepare-class.ts';
import { loadRelease } from '../ocsf/release.ts';
import { targetClass } from '../ocsf/target-class.ts';
import type { LaidOutClass } from '../scaffold/laid-out-class.ts';

/** A class of a release for the scaffold to lay out. Throws a `CannotRunError` `descriptor/unknown-class`. */
export async function laidOutClass(schemasDir: string, version: string, name: string): Promise<LaidOutClass> {
  const release = await loadRelease(schemasDir, version);
  const [shape, { plan }] = await Promise.all([release.classFacts(name), prepareClass(schemasDir, version, name, [])]);
  return {
    version,
    shape,
    objects: release.objects,
    types: release.types,
    filledIn: without(targetClass(plan).filledIn),
  };
}

/** The engine takes the hour of collection where a mapping gives no time; a mapping should give the source's own. */
function without(filledIn: ReadonlyMap<string, unknown>): { has(path: string): boolean } {
  return { has: (path) => path !== 'time' && filledIn.has(path) };
}
